import { expect } from 'chai';
import { interruptible } from '../../../src/run/context/interruptible-ledger.ts';
import type { Ledger } from '../../../src/run/ports/ledger.ts';
import { memoryLedger } from '../../support/memory/ledger.ts';
import { caught } from '../../support/memory/caught.ts';
import type { OperationError } from '../../../src/domain/errors.ts';

const APP = '111111111101';
const DATA = '111111111102';
const RUN = 'run-1';
const SOON = 600_000;
const intent = {
  userName: 'ann',
  userArn: 'arn:aws:iam::111111111101:user/ann',
  replaces: 'AKIAOLD',
  knownKeyIds: ['AKIAOLD'],
  startedAt: 0,
  leaseEndsAt: SOON,
  runId: RUN,
};
const clock = { sleep: () => new Promise<void>((resolve) => setTimeout(resolve, 20)) };
const acquire = (ledger: Ledger, accountId: string, runId = RUN) =>
  ledger.acquireLease(accountId, runId, SOON, 0);

describe('a ledger of a run that is interrupted', () => {
  it('gives back all accounts that it holds, and no other', async () => {
    const stored = memoryLedger().port;
    const { ledger, interrupt } = interruptible(stored, clock);
    await acquire(ledger, APP);
    await acquire(stored, DATA, 'another');
    expect(await acquire(ledger, DATA)).to.include({ kind: 'held' });
    expect(await interrupt()).to.equal(1);
    expect(await acquire(stored, APP, 'next')).to.deep.equal({ kind: 'granted' });
    expect(await acquire(stored, DATA, 'next')).to.include({ kind: 'held', holder: 'another' });
  });

  it('begins nothing any more', async () => {
    const { ledger, interrupt } = interruptible(memoryLedger().port, clock);
    await interrupt();
    for (const begun of [acquire(ledger, APP), ledger.openIntent(APP, intent)]) {
      expect(((await caught(begun)) as OperationError).failure).to.include({
        message: 'the run was interrupted',
      });
    }
  });

  it('waits for a replacement that is being recorded, before the account is given back', async () => {
    const stored = memoryLedger().port;
    const { ledger, interrupt } = interruptible(stored, {
      sleep: () => new Promise(() => undefined), // for ever
    });
    await acquire(ledger, APP);
    await ledger.openIntent(APP, intent);
    const interrupted = interrupt();
    expect(await acquire(stored, APP, 'next')).to.include({ kind: 'held' });
    await ledger.closeIntent(APP, intent);
    await interrupted;
    expect(await acquire(stored, APP, 'next')).to.deep.equal({ kind: 'granted' });
  });

  it("waits no longer than a moment, and leaves the rest to the next run's recovery", async () => {
    const stored = memoryLedger().port;
    const { ledger, interrupt } = interruptible(stored, clock);
    await acquire(ledger, APP);
    await ledger.openIntent(APP, intent);
    expect(await interrupt()).to.equal(1);
    expect((await stored.read(APP)).intents).to.have.length(1);
  });

  it('gives back an account that is granted to it only after it was interrupted', async () => {
    const stored = memoryLedger().port;
    let grant = (): void => undefined;
    const slow: Ledger = {
      ...stored,
      acquireLease: async (...args) => {
        await new Promise<void>((resolve) => (grant = resolve));
        return stored.acquireLease(...args);
      },
    };
    const { ledger, interrupt } = interruptible(slow, clock);
    const asked = acquire(ledger, APP);
    const interrupted = interrupt();
    grant();
    await asked;
    await interrupted;
    expect(await acquire(stored, APP, 'next')).to.deep.equal({ kind: 'granted' });
  });
});
