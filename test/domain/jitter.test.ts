import { expect } from 'chai';
import { jitter } from '../../src/domain/jitter.ts';

describe('a wait that is spread', () => {
  const waits = Array.from({ length: 1000 }, (_, nth) => jitter(8000, `user-${nth}/1`));

  it('lasts between half of it and all of it, and the same for the same name', () => {
    for (const wait of waits) expect(wait).to.be.within(4000, 8000);
    expect(jitter(8000, 'ann/1')).to.equal(jitter(8000, 'ann/1'));
  });

  it('ends at all times alike', () => {
    const eighths = Array.from({ length: 8 }, () => 0);
    for (const wait of waits) eighths[Math.min(7, Math.floor((wait - 4000) / 500))]! += 1;
    for (const count of eighths) expect(count).to.be.within(80, 170);
  });

  it('differs from one try to the next', () => {
    const tries = [1, 2, 3, 4].map((attempt) => jitter(8000, `ann/${attempt}`));
    expect(new Set(tries.map((wait) => Math.floor(wait / 100))).size).to.be.at.least(3);
  });
});
