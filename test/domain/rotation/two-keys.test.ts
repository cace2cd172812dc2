import { expect } from 'chai';
import { days } from '../../../src/domain/time.ts';
import { around, decisionOn, THIS, verdictOn, type KeyFacts, type Line } from '../../support/builders.ts';

/** Both in use; the older key was used last, so neither replaces the other. */
const FIRST: KeyFacts = { age: days(100), lastUsed: days(1) };
const SECOND: KeyFacts = { age: days(95), lastUsed: days(2) };
const YOUNGER: KeyFacts = { age: days(30), lastUsed: days(2) };

const chosen = { whenTwoKeysInUse: 'deactivate-least-recently-used' } as const;

const ESCALATE: readonly Line[] = [
  ...around({
    name: 'deactivateAfter',
    at: days(80),
    when: (age) => ({ key: { age }, other: YOUNGER }),
    before: 'wait: two-keys-in-use',
    from: 'blocked: two-keys-in-use',
  }),
  {
    it: 'says until when one workload has to be moved',
    when: { key: { age: days(65) }, other: YOUNGER },
    says: 'wait: two-keys-in-use',
    dueIn: days(15),
  },
  {
    it: 'plans nothing for a key that is blocked',
    when: { key: FIRST, other: SECOND },
    says: 'blocked: two-keys-in-use',
    dueIn: undefined,
  },
  {
    it: 'blocks the other one as well',
    when: { key: SECOND, other: FIRST },
    says: 'blocked: two-keys-in-use',
  },
  {
    it: 'gives no notice: nothing will be done',
    when: { key: FIRST, other: SECOND },
    says: 'blocked: two-keys-in-use',
    notice: false,
  },
  {
    it: 'stays blocked at any age, even announced long ago',
    when: { key: { ...SECOND, age: days(500), noticedAgo: days(300) }, other: { ...FIRST, age: days(600) } },
    says: 'blocked: two-keys-in-use',
  },
  {
    it: 'blocks a key in use that was replaced by hand, though announced long ago',
    when: { key: { age: days(200), noticedAgo: days(100) }, other: { age: days(120), lastUsed: 0 } },
    says: 'blocked: two-keys-in-use',
  },
];

const UNUSED_OFF: readonly Line[] = [
  {
    it: 'counts a spare key that was never used as used',
    when: { key: FIRST, other: { age: days(95), lastUsed: 'never' }, policy: { unusedAfter: 'off' } },
    says: 'blocked: two-keys-in-use',
  },
  {
    it: 'chooses the one that was never used',
    when: {
      key: { age: days(95), lastUsed: 'never', noticedAgo: days(20) },
      other: FIRST,
      policy: { ...chosen, unusedAfter: 'off' },
    },
    says: 'deactivate: replaced',
  },
];

const loser = (facts: KeyFacts = {}): KeyFacts => ({ ...SECOND, noticedAgo: days(20), ...facts });

const CHOSEN: readonly Line[] = [
  {
    it: 'announces the deactivation of the less recently used key',
    when: { key: SECOND, other: FIRST, policy: chosen },
    says: 'wait: replaced-notice',
    dueIn: days(10),
    notice: true,
  },
  {
    it: 'lets the more recently used key wait for that',
    when: { key: FIRST, other: SECOND, policy: chosen },
    says: 'wait: slot-being-freed',
    dueIn: days(10),
    notice: false,
  },
  {
    it: 'lets the more recently used key wait for what has been announced',
    when: { key: FIRST, other: loser({ noticedAgo: days(4) }), policy: chosen },
    says: 'wait: slot-being-freed',
    dueIn: days(6),
  },
  {
    it: 'names no date where the less recently used key may go at any time',
    when: { key: FIRST, other: loser({ noticedAgo: days(10) }), policy: chosen },
    says: 'wait: slot-being-freed',
    dueIn: undefined,
  },
  ...around({
    name: 'adoptionGrace after the notice, no longer in use',
    at: days(10),
    when: (noticedAgo) => ({ key: loser({ lastUsed: days(8), noticedAgo }), other: FIRST, policy: chosen }),
    before: 'wait: replaced-grace',
    from: 'deactivate: replaced',
  }),
  ...around({
    name: 'deactivateAfter, no longer in use',
    at: days(80),
    when: (age) => ({ key: loser({ age, lastUsed: days(8) }), other: FIRST, policy: chosen }),
    before: 'wait: replaced-grace',
    from: 'deactivate: replaced',
  }),
  ...around({
    name: 'enforceAt, two graces after the notice, still in use',
    at: days(20),
    when: (noticedAgo) => ({ key: loser({ noticedAgo }), other: FIRST, policy: chosen }),
    before: 'wait: replaced-still-in-use',
    from: 'deactivate: replaced-deadline',
  }),
  ...around({
    name: 'enforceAt, deleteAfter, still in use',
    at: days(90),
    when: (age) => ({ key: loser({ age }), other: FIRST, policy: { ...chosen, adoptionGrace: 3 } }),
    before: 'wait: replaced-still-in-use',
    from: 'deactivate: replaced-deadline',
  }),
  {
    it: 'leaves the deadline to whenStillInUse',
    when: { key: loser(), other: FIRST, policy: { ...chosen, whenStillInUse: 'wait' } },
    says: 'wait: replaced-still-in-use',
    dueIn: undefined,
  },
  {
    it: 'chooses the older key where both were used at the same moment',
    when: {
      key: { age: days(100), lastUsed: days(1), noticedAgo: days(20) },
      other: { age: days(99), lastUsed: days(1) },
      policy: chosen,
    },
    says: 'deactivate: replaced-deadline',
  },
  {
    it: 'chooses one of them, by its id, where they were created at the same moment too',
    when: {
      key: { age: days(100), lastUsed: days(1), noticedAgo: days(20) },
      other: { age: days(100), lastUsed: days(1) },
      policy: chosen,
    },
    says: 'wait: slot-being-freed',
  },
  {
    it: 'spares the younger key where both were used at the same moment',
    when: {
      key: { age: days(99), lastUsed: days(1), noticedAgo: days(20) },
      other: { age: days(100), lastUsed: days(1) },
      policy: chosen,
    },
    says: 'wait: slot-being-freed',
  },
  {
    it: 'deactivates a key that was replaced by hand and is still in use, at the deadline',
    when: {
      key: { age: days(100), lastUsed: days(1), noticedAgo: days(20) },
      other: { age: days(50), lastUsed: 0 },
      policy: chosen,
    },
    says: 'deactivate: replaced-deadline',
  },
  {
    it: 'does not choose while the last use of the other key is unknown',
    when: { key: loser(), other: { ...FIRST, lastUsed: 'unknown' }, policy: chosen },
    says: 'wait: last-use-unknown',
  },
  {
    it: 'does not choose a key whose last use is unknown',
    when: { key: loser({ lastUsed: 'unknown' }), other: FIRST, policy: chosen },
    says: 'wait: last-use-unknown',
  },
];

describe('A6: two keys in use', () => {
  for (const [part, lines] of [
    ['escalate', ESCALATE],
    ['deactivate-least-recently-used', CHOSEN],
    ['unusedAfter off', UNUSED_OFF],
  ] as const) {
    describe(part, () => {
      for (const { it: title, when, ...expected } of lines) {
        it(title, () => expect(verdictOn(when)).to.include(expected));
      }
    });
  }

  it('says what a person has to do, and by when', () => {
    expect(decisionOn({ key: { id: THIS, age: days(65) }, other: YOUNGER }).message).to.equal(
      'Both keys of this user are in use, so there is no room for a replacement; move one workload to the other key by 2026-03-16.',
    );
    expect(decisionOn({ key: FIRST, other: SECOND }).message).to.equal(
      'Both keys of this user are in use (this one last used yesterday, AKIAOTHER last used 2 days ago) and only a person can choose: move one workload to the other key, then deactivate the key that is left over.',
    );
  });
});
