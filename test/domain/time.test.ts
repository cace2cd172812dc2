import { expect } from 'chai';
import { DAY, dateOf, days, latest, wholeDays } from '../../src/domain/time.ts';

describe('time', () => {
  it('takes days in fractions, to the millisecond', () => {
    expect(days(1)).to.equal(86_400_000);
    expect(days(0.5)).to.equal(43_200_000);
    expect(days(1 / 3)).to.equal(28_800_000);
    expect(days(1e-8)).to.equal(1);
  });

  for (const [passed, count] of [
    [DAY - 1, 0],
    [DAY, 1],
    [2 * DAY - 1, 1],
    [-DAY, 0],
  ] as const) {
    it(`counts ${passed} ms as ${count} whole days`, () => {
      expect(wholeDays(1_000, 1_000 + passed)).to.equal(count);
    });
  }

  it('finds the latest of the moments that are known', () => {
    expect(latest(3, undefined, 7, 5)).to.equal(7);
    expect(latest(undefined, -1)).to.equal(-1);
  });

  it('has no latest moment where none is known', () => {
    expect(latest(undefined)).to.equal(-Infinity);
    expect(latest()).to.equal(-Infinity);
  });

  it('writes the calendar day in UTC', () => {
    expect(dateOf(Date.UTC(2026, 1, 28, 23, 59, 59, 999))).to.equal('2026-02-28');
    expect(dateOf(Date.UTC(2026, 2, 1))).to.equal('2026-03-01');
  });
});
