import { expect } from 'chai';
import { HOUR, SECOND } from '../../../src/domain/time.ts';
import { T0 } from '../builders.ts';
import { virtualClock } from './clock.ts';

describe('the virtual clock', () => {
  it('stands still until somebody sleeps or advances it', async () => {
    const clock = virtualClock(T0);
    expect(clock.now()).to.equal(T0);
    await clock.sleep(3 * SECOND);
    expect(clock.now()).to.equal(T0 + 3 * SECOND);
    clock.pass(HOUR);
    expect(clock.now()).to.equal(T0 + 3 * SECOND + HOUR);
  });

  it('records how long the sleeps were', async () => {
    const clock = virtualClock(T0);
    await clock.sleep(2);
    await clock.sleep(1);
    clock.pass(9);
    expect(clock.slept).to.deep.equal([2, 1]);
  });
});
