/** `npm run test:crash`: a run is killed at each of its AWS calls, before and after its effect. */
import { expect } from 'chai';
import { startEmulator, type Emulator } from '../support/emulator/emulator.ts';
import { dieAtEach, undisturbed } from './matrix.ts';
import { inTable } from './table.ts';

/** One for each processor of the machines that this runs on. */
const AT_ONCE = 2;

describe('A run killed at any of its AWS calls', () => {
  let emulators: readonly Emulator[] = [];
  before(async () => {
    const first = await startEmulator(); // it may have to be installed
    const others = Array.from({ length: AT_ONCE - 1 }, () => startEmulator());
    emulators = [first, ...(await Promise.all(others))];
  });
  after(() => Promise.all(emulators.map((emulator) => emulator.stop())));

  it('breaks no promise, and the following runs finish its work', async () => {
    const [emulator] = emulators;
    if (emulator === undefined) throw new Error('no emulator');
    const whole = await undisturbed(emulator);
    expect(whole.broken).to.deep.equal([]);
    const verdicts = await dieAtEach(whole.points, whole, emulators);
    process.stdout.write(`\n${inTable(verdicts)}\n`);
    expect(verdicts).to.have.length(whole.points.length);
    expect(verdicts.filter(({ broken }) => broken.length > 0)).to.deep.equal([]);
    expect(verdicts.filter(({ unreported }) => unreported.length > 0)).to.deep.equal([]);
  });
});
