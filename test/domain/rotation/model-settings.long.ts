import { expect } from 'chai';
import fc from 'fast-check';
import { HABIT_NAMES } from '../../support/habits.ts';
import { brokenIn, cutOffsIn, groundsIn } from './model/figures.ts';
import { liveAll, type Circumstances } from './model/life.ts';

describe('lives of 900 days by other settings', function () {
  const BY: Readonly<Record<string, Circumstances>> = {
    'whenStillInUse: wait': { settings: { whenStillInUse: 'wait' } },
    'unusedAfter: off': { settings: { unusedAfter: 'off' } },
    'longer graces': { settings: { adoptionGrace: 20, recoveryGrace: 30, deadlineGrace: 60 } },
    'a shorter deadline': { settings: { deadlineGrace: 10 } },
    'settings that become stricter': {
      later: { deactivateAfter: 61, deleteAfter: 62, adoptionGrace: 3, deadlineGrace: 10 },
    },
    'settings that let go less': { later: { whenStillInUse: 'wait', adoptionGrace: 20 } },
  };
  for (const [title, circumstances] of Object.entries(BY)) {
    for (const rough of [false, true]) {
      it(`keep every promise with ${title}, ${rough ? 'in rough times' : 'in ordinary times'}`, () =>
        expect(brokenIn(liveAll(3, 10 * HABIT_NAMES.length, { ...circumstances, rough }))).to.deep.equal([]));
    }
  }

  it('cut off nobody with whenStillInUse: wait but by what no rule can see', () => {
    const lives = liveAll(4, 10 * HABIT_NAMES.length, { settings: { whenStillInUse: 'wait' } });
    expect(groundsIn(lives)).to.not.have.property('deadline');
    expect(new Set(cutOffsIn(lives).map(({ habit }) => habit))).to.have.all.keys(
      'moves one of two jobs on one key',
      'two jobs on one key read, one seldom',
    );
  });

  it('are blocked by two keys no more with deactivate-least-recently-used, after a notice', () => {
    const settings = { whenTwoKeysInUse: 'deactivate-least-recently-used' } as const;
    const lives = liveAll(5, 10 * HABIT_NAMES.length, { settings });
    expect(brokenIn(lives).filter((what) => !/works on two keys|rotates by hand/.test(what))).to.deep.equal(
      [],
    );
  });

  it('would be cut off as unused by 45 days if they work once a quarter: the model sees it', () => {
    const habits = ['reads every quarter'] as const;
    const weekly = liveAll(6, 8, { settings: { unusedAfter: 45 }, habits }).filter(
      ({ times }) => times.longestGap <= 14,
    );
    for (const { broken } of weekly) {
      expect(broken[0]).to.match(/: who moves in time was cut off by unused$/);
    }
  });

  it('keep every promise whatever the seed and the graces, in rough times', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 10, max: 30 }), (seed, grace) => {
        const settings = { adoptionGrace: grace, recoveryGrace: grace, deadlineGrace: 2 * grace };
        expect(brokenIn(liveAll(seed, HABIT_NAMES.length, { settings, rough: true }))).to.deep.equal([]);
      }),
      { numRuns: 20 },
    );
  });
});
