import { expect } from 'chai';
import { emulatorForThisFile } from '../support/world.ts';
import { liveAYear, type Year } from './year.ts';

/* The whole size, and other seeds: npm run test:year. */

describe('Half a year in the life of three accounts, with faults by chance', function () {
  const emulator = emulatorForThisFile();
  let year: Year;

  before(async function () {
    this.timeout(180_000);
    year = await liveAYear(emulator(), 42, { weeks: 26, accounts: 3, users: 7 });
  });

  it('breaks no promise', () => {
    expect(year.broken.join('\n')).to.equal('');
  });

  it('has enough happening in it to say so', () => {
    expect(year.figures['runs']).to.be.at.least(20);
    expect(year.figures['replaced']).to.be.at.least(30);
    expect(year.figures['deactivated']).to.be.at.least(30);
    expect(year.figures['deleted']).to.be.at.least(30);
    expect(year.figures['faults']).to.be.at.least(30);
  });
});
