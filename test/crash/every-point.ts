/** `npm run test:crash`: a run is killed in each state that it can leave. */
import { expect } from 'chai';
import { startEmulator, type Emulator } from '../support/emulator/emulator.ts';
import { historyIn } from './found.ts';
import { dieAtEach, undisturbed, type Undisturbed } from './matrix.ts';
import { inTable } from './table.ts';

/** One for each processor of the machines that this runs on. */
const AT_ONCE = 2;

describe('A run killed at any of its AWS calls', () => {
  let emulators: readonly Emulator[] = [];
  let whole: Undisturbed;
  before(async () => {
    const first = await startEmulator(); // it may have to be installed
    const others = Array.from({ length: AT_ONCE - 1 }, () => startEmulator());
    emulators = [first, ...(await Promise.all(others))];
    whole = await undisturbed(first);
  });
  after(() => Promise.all(emulators.map((emulator) => emulator.stop())));

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
    const verdicts = await dieAtEach(whole.points, whole, emulators);
    process.stdout.write(`\n${inTable(verdicts)}\n`);
    expect(verdicts).to.have.length(whole.points.length);
    expect(verdicts.filter(({ broken }) => broken.length > 0)).to.deep.equal([]);
    expect(verdicts.filter(({ unreported }) => unreported.length > 0)).to.deep.equal([]);
  });
});
