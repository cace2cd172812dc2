import { expect } from 'chai';
import { liveAll } from './life.ts';

describe('the lives of the model', () => {
  it('are the same again for the same seed, and others for another', () => {
    const outline = (seed: number) =>
      liveAll(seed, 50, { rough: true }).map(({ done, cutOffs, keys }) => ({
        done,
        cutOffs,
        keys: keys.map(({ id, createdAt, usedAt }) => ({ id, createdAt, usedAt })),
      }));
    const lives = outline(1);
    expect(outline(1)).to.deep.equal(lives);
    expect(outline(2)).to.not.deep.equal(lives);
  });
});
