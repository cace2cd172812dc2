import { expect } from 'chai';
import { liveAll } from './people.ts';

describe('the people of the model', () => {
  it('live the same lives again for the same seed, and others for another', () => {
    const lives = liveAll(1, 50);
    expect(liveAll(1, 50)).to.deep.equal(lives);
    expect(liveAll(2, 50)).to.not.deep.equal(lives);
  });
});
