import { expect } from 'chai';
import { emulatorForThisFile } from '../support/world.ts';
import { onEmulator } from './emulated.ts';
import { inMemory } from './in-memory.ts';
import { liveAYear, WHOLE, type Year } from './year.ts';

/* The whole size on the emulator, and other seeds: npm run test:year. */

function expectEnoughHappened({ figures }: Year, least: number, leastRuns: number): void {
  expect(figures['runs']).to.be.at.least(leastRuns);
  for (const name of ['replaced', 'deactivated', 'deleted', 'faults'])
    expect(figures[name], name).to.be.at.least(least);
}

describe('Half a year of three accounts, with random faults', function () {
  const emulator = emulatorForThisFile();
  let year: Year;

  before(async function () {
    year = await liveAYear(onEmulator(emulator()), 42, { weeks: 26, accounts: 3, users: 7 });
  });

  it('breaks no promise', () => {
    expect(year.broken.join('\n')).to.equal('');
  });

  it('has enough changes and faults in it to be a test', () => {
    expectEnoughHappened(year, 30, 20);
  });
});

describe('A year of twenty accounts in memory, with random faults', () => {
  for (const seed of [1, 2, 3, 4]) {
    it(`breaks no promise, with enough changes and faults in it: seed ${seed}`, async () => {
      const year = await liveAYear(inMemory, seed, WHOLE);
      expect(year.broken.join('\n')).to.equal('');
      expectEnoughHappened(year, 300, 40);
    });
  }

  it('is the same for the same seed', async () => {
    const size = { weeks: 12, accounts: 3, users: 10 };
    const [one, two] = [await liveAYear(inMemory, 5, size), await liveAYear(inMemory, 5, size)];
    expect({ ...one.figures, seconds: 0 }).to.deep.equal({ ...two.figures, seconds: 0 });
  });
});
