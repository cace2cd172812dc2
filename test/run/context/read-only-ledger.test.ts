import { expect } from 'chai';
import * as sinon from 'sinon';
import { emptyLedger, readOnlyLedger } from '../../../src/run/context/read-only-ledger.ts';
import type { Ledger } from '../../../src/run/ports/ledger.ts';
import { memoryLedger } from '../../support/memory/ledger.ts';

const WRITES: readonly Exclude<keyof Ledger, 'read'>[] = [
  'acquireLease',
  'releaseLease',
  'openIntent',
  'closeIntent',
  'recordDelivery',
  'record',
  'claimDeadlines',
  'markChangePending',
  'recordChange',
  'dropPendingChange',
  'markDigestPending',
  'markDigestSent',
  'accept',
  'useAcceptance',
  'endAcceptance',
];

describe("audit's ledger", () => {
  it('covers every call that the ledger has', () => {
    expect(Object.keys(memoryLedger().port)).to.have.members(['read', ...WRITES]);
  });

  it('reads', async () => {
    const { port, of } = memoryLedger();
    await port.record('111111111111', [{ kind: 'inactive', userName: 'ann', accessKeyId: 'KEY', at: 1 }]);
    expect(await readOnlyLedger(port).read('111111111111')).to.deep.equal(of('111111111111'));
  });

  for (const write of WRITES) {
    it(`treats ${write} as a defect, and does not pass it on`, () => {
      const { port } = memoryLedger();
      const passedOn = sinon.spy(port, write);
      const refused = readOnlyLedger(port)[write] as () => unknown;
      expect(refused).to.throw('audit mode writes nothing');
      sinon.assert.notCalled(passedOn);
    });
  }

  it('without a table knows nothing', async () => {
    expect(await emptyLedger.read('111111111111')).to.deep.equal({
      keys: new Map(),
      offSince: new Map(),
      gone: new Set(),
      users: new Map(),
      intents: [],
      pendingChanges: [],
      badRows: [],
      acceptances: [],
    });
  });
});
