import { expect } from 'chai';
import { keysWhoseLastUseMatters } from '../../../src/domain/rotation/decide.ts';
import { days } from '../../../src/domain/time.ts';
import { key, OTHER, policy, T0, THIS, user, type Situation } from '../../support/builders.ts';

const matters = (situation: Situation) => {
  const keys = [key({ ...situation.key, id: THIS })];
  if (situation.other !== undefined) keys.push(key({ ...situation.other, id: OTHER }));
  return [...keysWhoseLastUseMatters(user(keys), policy(situation.policy), T0)];
};

const off = { status: 'inactive', lastUsed: 'unknown' } as const;
const replacement = { replacementOf: THIS, deliveredAgo: days(20) };

type Line = readonly [string, Situation, readonly string[]];
const LINES: readonly Line[] = [
  ['a key 1 ms before rotateAfter', { key: { age: days(60) - 1 } }, []],
  ['a key at rotateAfter', { key: { age: days(60) } }, [THIS]],
  ['a key at a rotateAfter of 1 day', { key: { age: days(1) }, policy: { rotateAfter: 1 } }, [THIS]],
  ['a key 1 ms before 45 days as unused', { key: { age: days(45) - 1 }, policy: { unusedAfter: 45 } }, []],
  ['a key at 45 days as unused', { key: { age: days(45) }, policy: { unusedAfter: 45 } }, [THIS]],
  ['a young key with unusedAfter off', { key: { age: days(59) }, policy: { unusedAfter: 'off' } }, []],
  ['an old key with unusedAfter off', { key: { age: days(60) }, policy: { unusedAfter: 'off' } }, [THIS]],
  ['two young keys', { key: { age: days(59) }, other: { age: days(50) } }, []],
  ['an old and a young key', { key: { age: days(60) }, other: { age: days(5) } }, [THIS, OTHER]],
  [
    'an old key and our young replacement',
    { key: { age: days(70) }, other: { age: days(20), ...replacement } },
    [THIS],
  ],
  [
    'a key 1 ms before the grace of its notice is over, and our young replacement',
    { key: { age: days(70), noticedAgo: days(10) - 1 }, other: { age: days(20), ...replacement } },
    [THIS],
  ],
  [
    'a key whose grace is over, and our young replacement: does its owner use it?',
    { key: { age: days(70), noticedAgo: days(10) }, other: { age: days(20), ...replacement } },
    [THIS, OTHER],
  ],
  [
    'an inactive key that may be deleted, and our young replacement: does its owner use it?',
    { key: { ...off, age: days(95), inactiveFor: days(10) }, other: { age: days(20), ...replacement } },
    [THIS, OTHER],
  ],
  [
    'an old key and our old replacement',
    { key: { age: days(130) }, other: { age: days(60), ...replacement } },
    [THIS, OTHER],
  ],
  [
    'an old key and our replacement that was not delivered',
    { key: { age: days(70) }, other: { age: days(20), replacementOf: THIS } },
    [THIS, OTHER],
  ],
  ['a key first seen inactive', { key: { ...off, age: days(400) } }, []],
  [
    'a key 1 ms before the end of its grace',
    { key: { ...off, age: days(400), inactiveFor: days(10) - 1 } },
    [],
  ],
  ['a key at the end of its grace', { key: { ...off, age: days(400), inactiveFor: days(10) } }, [THIS]],
  ['a key 1 ms before deleteAfter', { key: { ...off, age: days(90) - 1, inactiveFor: days(20) } }, []],
  ['a key at deleteAfter', { key: { ...off, age: days(90), inactiveFor: days(20) } }, [THIS]],
  [
    'a young inactive key whose place may be needed',
    { key: { ...off, age: days(40), inactiveFor: days(20) }, other: { age: days(60) } },
    [THIS, OTHER],
  ],
  [
    'a young inactive key whose place is not needed yet',
    { key: { ...off, age: days(40), inactiveFor: days(20) }, other: { age: days(60) - 1 } },
    [],
  ],
];

describe('keysWhoseLastUseMatters', () => {
  for (const [title, situation, expected] of LINES) {
    it(`asks for ${expected.length} last uses for ${title}`, () => {
      expect(matters(situation)).to.deep.equal(expected);
    });
  }

  it('asks for none for a user without keys', () => {
    expect(keysWhoseLastUseMatters(user([]), policy(), T0).size).to.equal(0);
  });
});
