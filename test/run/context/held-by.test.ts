import { expect } from 'chai';
import { heldBy } from '../../../src/run/context/held-by.ts';
import { MINUTE } from '../../../src/domain/time.ts';
import { memoryLedger } from '../../support/memory/ledger.ts';

const ACCOUNT = '111111111101';
const NOW = Date.UTC(2026, 0, 5);

describe('an account that two processes of one run are started for', () => {
  it('is held by the first, and by the other once that has given it back', async () => {
    const ledger = memoryLedger().port;
    const [first, second] = ['run-1:a', 'run-1:b'].map((holder) => heldBy(ledger, holder));
    const take = (of: typeof first) => of?.acquireLease(ACCOUNT, 'run-1', NOW + 10 * MINUTE, NOW);
    expect(await take(first)).to.include({ kind: 'granted' });
    expect(await take(second)).to.include({ kind: 'held', holder: 'run-1:a' });
    await second?.releaseLease(ACCOUNT, 'run-1'); // not its own
    expect(await take(second)).to.include({ kind: 'held' });
    expect(await take(first)).to.include({ kind: 'granted' }); // prolongs it
    await first?.releaseLease(ACCOUNT, 'run-1');
    expect(await take(second)).to.include({ kind: 'granted' });
  });
});
