import { expect } from 'chai';
import { emulatorForThisFile } from '../support/world.ts';
import { historyIn } from './found.ts';
import { dieAtEach, undisturbed, type Undisturbed } from './matrix.ts';

/** All of them take minutes: `npm run test:crash`. An odd number, so that both sides have their turn. */
const ONE_IN = 25;

describe('A killed run', function () {
  this.timeout(300_000);
  const emulator = emulatorForThisFile();
  let whole: Undisturbed;
  before(async () => {
    whole = await undisturbed(emulator());
  });

  it('would otherwise have done everything that was due, and left nothing to the next one', () => {
    expect(whole.broken).to.deep.equal([]);
    expect(historyIn(whole.end)).to.have.members([
      'at-deadline, old key: deactivated',
      'deleted, old key: deleted',
      'interrupted, old key: replaced',
      'new-secret, old key: replaced',
      'next-secret, old key: replaced',
      'replaced, old key: deactivated',
      'slot-needed, old key: replaced',
      'slot-needed, other key: deleted',
      'unused-notified, old key: deactivated',
      'data: limit-passed',
      'first, old key: replaced',
      'idle-1, old key: deactivated',
      'idle-2, old key: deactivated',
      'lost, other key: lost-key-deleted',
      'lost, old key: replaced',
      'next, old key: replaced',
    ]);
  });

  it('breaks no promise, and the following runs finish its work', async () => {
    const some = whole.points.filter((_, index) => index % ONE_IN === 0);
    const verdicts = await dieAtEach(some, whole, [emulator()]);
    expect(verdicts.map(({ point, broken, unreported }) => ({ ...point, broken, unreported }))).to.deep.equal(
      some.map((point) => ({ ...point, broken: [], unreported: [] })),
    );
  });
});
