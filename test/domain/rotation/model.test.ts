import { expect } from 'chai';
import fc from 'fast-check';
import { liveAll, NAMES, type HabitName, type Life } from './people.ts';

const having = (lives: readonly Life[], ...names: readonly HabitName[]) =>
  lives.filter(({ habit }) => names.includes(habit));
const except = (lives: readonly Life[], name: HabitName) => lives.filter(({ habit }) => habit !== name);
const broken = (lives: readonly Life[]) => lives.flatMap((life) => life.broken);
const blocked = (lives: readonly Life[]) =>
  new Set(lives.filter((one) => one.blocked).map(({ habit }) => habit));

describe('1,200 people in 800 days of weekly runs, some missed', function () {
  this.timeout(120_000);
  let lives: readonly Life[];
  before(() => (lives = liveAll(1, 1_200)));

  it('who adopt are never cut off, nothing is done without its grace, keys in use are replaced by day 115', () =>
    expect(broken(lives)).to.deep.equal([]));

  it('stay blocked only with two keys in use', () =>
    expect(blocked(lives)).to.deep.equal(new Set(['works on two keys'])));

  it('get a new key every 60 to 75 days if they use it', () => {
    for (const { done } of having(lives, 'adopts at once', 'adopts late', 'never adopts')) {
      expect(done.replace).to.be.within(11, 13);
      expect(done.deactivate).to.be.within(11, 13);
      expect(done.delete).to.be.within(10, 13);
    }
  });

  it('lose the keys they do not use', () => {
    for (const { done } of having(lives, 'has a key nobody uses')) {
      expect(done).to.include({ deactivate: 1, delete: 1 }).and.not.have.property('replace');
    }
  });

  it('lose the key they use only by never adopting', () => {
    for (const { habit, cutOff } of lives) expect(cutOff > 0).to.equal(habit === 'never adopts');
  });

  it('are not cut off with whenStillInUse: wait, even if they never adopt', () => {
    const waiting = liveAll(2, 1_200, { whenStillInUse: 'wait' });
    expect(broken(waiting)).to.deep.equal([]);
    expect(waiting.filter(({ cutOff }) => cutOff > 0)).to.deep.equal([]);
  });

  it('are not blocked with deactivate-least-recently-used, and cut off only where they chose that', () => {
    const chosen = liveAll(3, 1_200, { whenTwoKeysInUse: 'deactivate-least-recently-used' });
    expect(broken(except(chosen, 'works on two keys'))).to.deep.equal([]);
    expect(blocked(chosen)).to.deep.equal(new Set());
  });

  it('are not cut off with unusedAfter off, though a spare key then blocks them', () => {
    const off = liveAll(4, 1_200, { unusedAfter: 'off' });
    expect(broken(except(off, 'has a spare key'))).to.deep.equal([]);
    expect(blocked(off)).to.deep.equal(new Set(['works on two keys', 'has a spare key']));
  });

  it('are never cut off in rough times either', () =>
    expect(broken(liveAll(6, 1_200, {}, true))).to.deep.equal([]));

  it('would be cut off by 45 days as unused if they work once a quarter: the model sees it', () => {
    for (const life of having(liveAll(5, 300, { unusedAfter: 45 }), 'works once a quarter')) {
      expect(life.cutOff).to.be.above(0);
      expect(life.broken[0]).to.match(/^works once a quarter: cut off, key \d+, day \d+$/);
    }
  });

  it('are fine whatever the seed', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        expect(broken(liveAll(seed, NAMES.length))).to.deep.equal([]);
      }),
      { numRuns: 30 },
    );
  });

  it('are never cut off whatever the seed and the graces, in rough times', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 10, max: 30 }), (seed, grace) => {
        const graces = { adoptionGrace: grace, recoveryGrace: grace };
        expect(broken(liveAll(seed, NAMES.length, graces, true))).to.deep.equal([]);
      }),
      { numRuns: 30 },
    );
  });
});
