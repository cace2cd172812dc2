import { expect } from 'chai';
import { days, MINUTE } from '../../../src/domain/time.ts';
import { around, decisionOn, THIS, verdictOn, type KeyFacts, type Line } from '../../support/builders.ts';

/** Both in use, neither our replacement of the other. */
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
    it: 'plans and announces nothing for a key that is blocked',
    when: { key: FIRST, other: SECOND },
    says: 'blocked: two-keys-in-use',
    dueIn: undefined,
    notice: undefined,
  },
  {
    it: 'blocks the other one as well',
    when: { key: SECOND, other: FIRST },
    says: 'blocked: two-keys-in-use',
  },
  {
    it: 'stays blocked at any age, whatever was announced long ago',
    when: {
      key: { ...SECOND, age: days(500), notices: { 'least-recently-used': { givenAgo: days(30) } } },
      other: { ...FIRST, age: days(600) },
    },
    says: 'blocked: two-keys-in-use',
  },
  {
    it: 'blocks a key that was not used for weeks beside a younger one that is used daily',
    when: { key: { age: days(200), lastUsed: days(89) }, other: { age: days(120), lastUsed: 0 } },
    says: 'blocked: two-keys-in-use',
  },
  ...around({
    name: 'unusedAfter, which ends it',
    at: days(90),
    when: (lastUsed) => ({ key: { age: days(200), lastUsed }, other: { age: days(120), lastUsed: 0 } }),
    before: 'blocked: two-keys-in-use',
    from: 'wait: unused-notice',
  }),
];

/** Announced as the one used longer ago. */
const loser = (facts: KeyFacts = {}): KeyFacts => ({
  ...SECOND,
  lastUsed: days(20),
  notices: { 'least-recently-used': { givenAgo: days(20) } },
  ...facts,
});

const CHOSEN: readonly Line[] = [
  {
    it: 'announces the deactivation of the less recently used key',
    when: { key: SECOND, other: FIRST, policy: chosen },
    says: 'wait: least-recently-used-notice',
    dueIn: days(10),
    notice: 'least-recently-used',
    noticeFor: days(10),
    isNewNotice: true,
  },
  {
    it: 'announces it for deactivateAfter where that is later',
    when: { key: { age: days(62), lastUsed: days(2) }, other: FIRST, policy: chosen },
    says: 'wait: least-recently-used-notice',
    noticeFor: days(18),
  },
  {
    it: 'lets the more recently used key wait for that',
    when: { key: FIRST, other: SECOND, policy: chosen },
    says: 'wait: slot-being-freed',
    notice: undefined,
  },
  ...around({
    name: 'adoptionGrace after the notice',
    at: days(10),
    when: (givenAgo) => ({
      key: loser({ notices: { 'least-recently-used': { givenAgo } } }),
      other: FIRST,
      policy: chosen,
    }),
    before: 'wait: least-recently-used-grace',
    from: 'deactivate: least-recently-used',
  }),
  ...around({
    name: 'deactivateAfter',
    at: days(80),
    when: (age) => ({ key: loser({ age }), other: FIRST, policy: chosen }),
    before: 'wait: least-recently-used-grace',
    from: 'deactivate: least-recently-used',
  }),
  ...around({
    name: '45 days after the notice was repeated last',
    at: days(45) + 1,
    when: (repeatedAgo) => ({
      key: loser({
        age: days(200),
        lastUsed: days(60),
        notices: { 'least-recently-used': { givenAgo: days(60), repeatedAgo } },
      }),
      other: FIRST,
      policy: chosen,
    }),
    before: 'deactivate: least-recently-used',
    from: 'wait: least-recently-used-notice',
  }),
  ...around({
    name: 'a quarter of an hour between the last uses, going back in time',
    at: days(1) + 15 * MINUTE + 1,
    when: (lastUsed) => ({ key: { ...SECOND, lastUsed }, other: FIRST, policy: chosen }),
    before: 'blocked: two-keys-in-use',
    from: 'wait: least-recently-used-notice',
  }),
  {
    it: 'leaves to a person as well the one used later within that quarter of an hour',
    when: { key: FIRST, other: { ...SECOND, lastUsed: days(1) + 15 * MINUTE }, policy: chosen },
    says: 'blocked: two-keys-in-use',
  },
  {
    it: 'is acted on by the notice, where somebody receives it',
    when: { key: loser(), other: FIRST, policy: chosen },
    says: 'deactivate: least-recently-used',
    notice: 'least-recently-used',
    restsOnNotice: true,
  },
  ...around({
    name: 'the notice, at which the key was used last, going back in time',
    at: days(20),
    when: (lastUsed) => ({ key: loser({ lastUsed }), other: FIRST, policy: chosen }),
    before: 'blocked: two-keys-in-use',
    from: 'deactivate: least-recently-used',
  }),
  {
    it: 'is left to a person once the notice was answered, however long ago that was',
    when: {
      key: loser({
        age: days(300),
        lastUsed: days(60),
        notices: { 'least-recently-used': { givenAgo: days(70), repeatedAgo: days(63) } },
      }),
      other: FIRST,
      policy: chosen,
    },
    says: 'blocked: two-keys-in-use',
  },
  {
    it: 'does not wait for whenStillInUse: it is a choice of its own',
    when: { key: loser(), other: FIRST, policy: { ...chosen, whenStillInUse: 'wait' } },
    says: 'deactivate: least-recently-used',
  },
  {
    it: 'does not choose a spare key that was never used',
    when: {
      key: { age: days(95) },
      other: { age: days(95), lastUsed: 'never' },
      policy: { ...chosen, unusedAfter: 'off' },
    },
    says: 'blocked: slot-held',
  },
  {
    it: 'does not choose between our replacement and the key it replaces',
    when: {
      key: { age: days(85), replacementOf: 'AKIAOTHER', deliveredAgo: days(85), lastUsed: days(3) },
      other: FIRST,
      policy: chosen,
    },
    says: 'blocked: two-keys-in-use',
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
  ] as const) {
    describe(part, () => {
      for (const { it: title, when, ...expected } of lines) {
        it(title, () => expect(verdictOn(when)).to.include(expected));
      }
    });
  }

  it('says what a person has to do, and by when', () => {
    expect(decisionOn({ key: { id: THIS, age: days(65) }, other: YOUNGER }).message).to.equal(
      'Due for replacement, but AKIAOTHER is in use too (this one last used yesterday, AKIAOTHER last used 2 days ago): there is room for two keys. Move to one of them and delete the other by 2026-03-16.',
    );
    expect(decisionOn({ key: FIRST, other: SECOND }).message).to.equal(
      'Two keys, and only a person can say which may go: it is due for replacement, but AKIAOTHER is in use too (this one last used yesterday, AKIAOTHER last used 2 days ago). Move one workload to the other key, then deactivate the key that is left over.',
    );
  });
});
