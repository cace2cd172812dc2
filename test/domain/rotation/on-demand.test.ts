import { expect } from 'chai';
import {
  isAsShown,
  replaceOnDemand,
  restoreOnDemand,
  shownSteps,
  type OnDemandReplacement,
} from '../../../src/domain/rotation/on-demand.ts';
import { days } from '../../../src/domain/time.ts';
import { decision, key, OTHER, policy, T0, THIS, user, type KeyFacts } from '../../support/builders.ts';

const asked = (more: Partial<OnDemandReplacement> = {}): OnDemandReplacement => ({
  reason: 'it leaked',
  leaveActive: false,
  ...more,
});

/** `replace AKIATHIS, deactivate AKIATHIS`, or the problem. */
function says(keys: readonly KeyFacts[], more: Partial<OnDemandReplacement> = {}): string {
  const found = replaceOnDemand(user(keys.map(key)), asked(more), policy(), T0);
  return 'problem' in found
    ? found.problem
    : found.decisions.map(({ action, key: { id } }) => `${action} ${id}`).join(', ');
}

const other = (facts: KeyFacts): KeyFacts => ({ id: OTHER, ...facts });
const OFF = { status: 'inactive', age: days(100), lastUsed: days(50) } as const;

describe('a replacement on demand', () => {
  const rows: readonly (readonly [string, readonly KeyFacts[], Partial<OnDemandReplacement>, string])[] = [
    [
      'replaces a key of any age and switches it off',
      [{ age: 0 }],
      {},
      `replace ${THIS}, deactivate ${THIS}`,
    ],
    ['leaves it on where that is asked for', [{}], { leaveActive: true }, `replace ${THIS}`],
    [
      'replaces a key that nobody has used',
      [{ lastUsed: 'never' }],
      {},
      `replace ${THIS}, deactivate ${THIS}`,
    ],
    [
      'makes room by deleting a key whose grace is over',
      [{}, other({ ...OFF, inactiveFor: days(10), notices: { delete: { givenAgo: days(10) } } })],
      {},
      `delete ${OTHER}, replace ${THIS}, deactivate ${THIS}`,
    ],
    [
      'takes the replacement that is there already',
      [{ age: days(70) }, other({ age: days(5), replacementOf: THIS, deliveredAgo: days(5) })],
      { accessKeyId: THIS },
      `deactivate ${THIS}`,
    ],
    [
      'replaces the replacement when that is the one which leaked: not while both places are taken',
      [{ age: days(70) }, other({ age: days(5), replacementOf: THIS, deliveredAgo: days(5) })],
      { accessKeyId: OTHER },
      `both places are taken: ${THIS} (last used yesterday) is active too, and IAM allows two keys`,
    ],
    ['is refused for a user without keys', [], {}, 'ann has no active key; it has no access key'],
    ['is refused for an inactive key', [OFF], { accessKeyId: THIS }, `${THIS} is inactive already`],
    [
      'is refused where only an inactive key is there',
      [OFF],
      {},
      `ann has no active key; it has ${THIS} (inactive, last used 50 days ago)`,
    ],
    [
      'is refused for a key that is not there',
      [{}],
      { accessKeyId: 'AKIANOBODY' },
      `ann has no key AKIANOBODY; it has ${THIS} (active, last used yesterday)`,
    ],
    [
      'asks which of two active keys is meant',
      [{}, other({})],
      {},
      `ann has two active keys; it has ${THIS} (active, last used yesterday) and ${OTHER} (active, last used yesterday)`,
    ],
    [
      'is refused while a switched-off key can still be restored',
      [{}, other({ ...OFF, inactiveFor: days(10) - 1 })],
      {},
      `${OTHER}, which is inactive, takes the second place and can still be switched on again until 2026-03-01`,
    ],
    [
      'is refused where nobody knows how long that key has been off',
      [{}, other({ ...OFF, lastUsed: 'never' })],
      {},
      `${OTHER}, which is inactive, takes the second place and can still be switched on again`,
    ],
    [
      'is refused where that key was used after it was seen inactive',
      [{}, other({ ...OFF, lastUsed: days(9), inactiveFor: days(10) })],
      {},
      `${OTHER}, which is inactive, takes the second place and can still be switched on again`,
    ],
    [
      'is refused where its last use is not known',
      [{}, other({ ...OFF, lastUsed: 'unknown', inactiveFor: days(20) })],
      {},
      `${OTHER}, which is inactive, takes the second place and can still be switched on again`,
    ],
    [
      'has nothing to plan for a key that has its replacement',
      [{ age: days(70) }, other({ age: days(5), replacementOf: THIS, deliveredAgo: days(5) })],
      { accessKeyId: THIS, leaveActive: true },
      `${THIS} has a replacement already: ${OTHER}`,
    ],
  ];
  for (const [title, keys, more, said] of rows) {
    it(title, () => expect(says(keys, more)).to.equal(said));
  }

  it('carries the reason into each of its decisions', () => {
    const found = replaceOnDemand(user([key()]), asked(), policy(), T0);
    if ('problem' in found) throw new Error(found.problem);
    expect(found.decisions.map(({ reason, message }) => `${reason}: ${message}`)).to.deep.equal([
      'emergency: Asked for: it leaked',
      'emergency: Asked for, and its replacement is there: it leaked',
    ]);
  });
});

describe('a restoration on demand', () => {
  for (const [title, keys, id, said] of [
    ['switches a key on again', [OFF], THIS, `restore ${THIS}`],
    ['is refused for an active key', [{}], THIS, `${THIS} is active already`],
    ['is refused for a key that is gone', [OFF], OTHER, `ann has no key ${OTHER}`],
  ] as const) {
    it(title, () => {
      const found = restoreOnDemand(user(keys.map(key)), id, 'still needed', policy(), T0);
      const text =
        'problem' in found
          ? found.problem
          : found.decisions.map(({ action, key: { id: which } }) => `${action} ${which}`).join();
      expect(text).to.equal(said);
    });
  }
});

describe('what was shown, and what would be done now', () => {
  const one = decision('replace');
  for (const [title, other_, same] of [
    ['are the same when they do the same to the same keys', [decision('replace', { message: 'else' })], true],
    ['differ in what they do', [decision('deactivate')], false],
    ['differ in the key', [decision('replace', { key: key({ id: OTHER }) })], false],
    ['differ when one does more', [one, one], false],
    ['differ when one does nothing', [], false],
  ] as const) {
    it(title, () => expect(isAsShown([one], shownSteps(other_))).to.equal(same));
  }
});
