import { expect } from 'chai';
import { keysWhoseLastUseMatters, replacementsToLookFor } from '../../../src/domain/rotation/decide.ts';
import type { AccessKey } from '../../../src/domain/rotation/key.ts';
import { days } from '../../../src/domain/time.ts';
import { key, OTHER, policy, T0, THIS, user, type KeyFacts, type Situation } from '../../support/builders.ts';

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
    'a key in its grace that was switched off as unused: IAM may tell late that it was used before',
    { key: { ...off, age: days(400), inactiveFor: days(1), deactivatedAs: 'unused' } },
    [THIS],
  ],
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

describe('replacementsToLookFor', () => {
  const old = (facts: KeyFacts = {}) => key({ id: THIS, age: days(70), lastUsed: days(5), ...facts });
  const ours = (facts: KeyFacts = {}) => key({ id: OTHER, age: days(20), ...replacement, ...facts });
  const ROWS: readonly (readonly [string, readonly AccessKey[], boolean])[] = [
    ['was used before the key it replaces', [old(), ours({ lastUsed: days(6) })], true],
    ['nobody has used', [old(), ours({ lastUsed: 'never' })], true],
    ['only we have used', [old(), ours({ lastUsed: days(20) })], true],
    ['has an unknown last use', [old(), ours({ lastUsed: 'unknown' })], true],
    ['replaces a key of unknown last use', [old({ lastUsed: 'unknown' }), ours()], true],
    ['replaces a key that is inactive', [old({ status: 'inactive' }), ours({ lastUsed: 'never' })], true],
    ['its owner has used since', [old(), ours({ lastUsed: days(1) })], false],
    ['was not delivered', [old(), key({ id: OTHER, replacementOf: THIS, lastUsed: 'never' })], false],
    ['is inactive', [old(), ours({ lastUsed: 'never', status: 'inactive' })], false],
    ['replaced a key that is gone', [ours({ lastUsed: 'never' })], false],
    ['a person made', [old(), key({ id: OTHER, lastUsed: 'never' })], false],
  ];
  for (const [which, keys, looks] of ROWS) {
    it(`${looks ? 'looks' : 'does not look'} for the secret of a replacement that ${which}`, () => {
      expect(replacementsToLookFor(user(keys)).map(({ id }) => id)).to.deep.equal(looks ? [OTHER] : []);
    });
  }
});
