import { expect } from 'chai';
import { days } from '../../../src/domain/time.ts';
import {
  around,
  decisionOn,
  OTHER,
  T0,
  THIS,
  verdictOn,
  type KeyFacts,
  type Line,
  type PolicyFacts,
} from '../../support/builders.ts';

/** Older than rotateAfter and in use. */
const DUE: KeyFacts = { age: days(70) };

/** Switched off, with its deletion announced in the same message. */
const off = (facts: KeyFacts): KeyFacts => ({
  status: 'inactive',
  lastUsed: days(30),
  ...(facts.inactiveFor === undefined ? {} : { notices: { delete: { givenAgo: facts.inactiveFor } } }),
  ...facts,
});

const ALONE: readonly Line[] = [
  {
    it: 'is replaced at once',
    when: { key: DUE },
    says: 'replace: due',
    dueIn: 0,
  },
  {
    it: 'is replaced at any later age, as nothing ends at day 70',
    when: { key: { age: days(79) } },
    says: 'replace: due',
  },
  {
    it: 'is replaced on the first deployment, 300 days old',
    when: { key: { age: days(300) } },
    says: 'replace: due',
  },
  {
    it: 'is replaced although it is used but once in a quarter',
    when: { key: { age: days(300), lastUsed: days(89) } },
    says: 'replace: due',
  },
  ...around({
    name: 'four weeks after the test call of a new key was denied',
    at: days(28),
    when: (testDeniedAgo) => ({ key: { ...DUE, testDeniedAgo } }),
    before: 'blocked: test-denied',
    from: 'replace: due',
  }),
  {
    it: 'is not replaced while its last use is unknown',
    when: { key: { age: days(300), lastUsed: 'unknown' } },
    says: 'wait: last-use-unknown',
    dueIn: undefined,
  },
  {
    it: 'is not replaced while its last use is unknown, even with unusedAfter off',
    when: { key: { age: days(300), lastUsed: 'unknown' }, policy: { unusedAfter: 'off' } },
    says: 'wait: last-use-unknown',
  },
];

const BEHIND_INACTIVE: readonly Line[] = [
  ...around({
    name: 'the end of the other key’s recoveryGrace',
    at: days(10),
    when: (inactiveFor) => ({ key: DUE, other: off({ age: days(50), inactiveFor }) }),
    before: 'wait: slot-in-recovery',
    from: 'replace: due',
  }),
  {
    it: 'waits until that grace is over',
    when: { key: DUE, other: off({ age: days(50), inactiveFor: days(4) }) },
    says: 'wait: slot-in-recovery',
    dueIn: days(6),
  },
  {
    it: 'waits where the other key would be deleted, but signs the run',
    when: { key: DUE, other: off({ age: days(50), inactiveFor: days(20), signsThisRun: true }) },
    says: 'wait: slot-in-recovery',
  },
  {
    it: 'waits a whole grace where the other key was just found inactive',
    when: { key: DUE, other: off({ age: days(400) }) },
    says: 'wait: slot-in-recovery',
    dueIn: days(10),
  },
  {
    it: 'waits a whole grace where the other key was used after its deactivation',
    when: { key: DUE, other: off({ age: days(400), inactiveFor: days(20), lastUsed: days(2) }) },
    says: 'wait: slot-in-recovery',
    dueIn: days(10),
  },
  {
    it: 'waits, nobody can say how long, where the last use of the other key is unknown',
    when: { key: DUE, other: off({ age: days(400), inactiveFor: days(20), lastUsed: 'unknown' }) },
    says: 'wait: slot-in-recovery',
    dueIn: undefined,
  },
];

const BEHIND_ACTIVE: readonly Line[] = [
  {
    it: 'waits for an unused key to be announced, switched off and deleted',
    when: { key: DUE, other: { age: days(200), lastUsed: 'never' } },
    says: 'wait: slot-being-freed',
  },
  {
    it: 'waits for an unused key although it is past its own deadline',
    when: {
      key: { age: days(300) },
      other: { age: days(200), lastUsed: 'never', notices: { unused: { givenAgo: days(3) } } },
    },
    says: 'wait: slot-being-freed',
  },
  ...around({
    name: 'half of unusedAfter, at which the other key, never used, begins to be retired',
    at: days(45),
    when: (age) => ({ key: DUE, other: { age, lastUsed: 'never' } }),
    before: 'wait: slot-held',
    from: 'wait: slot-being-freed',
  }),
  {
    it: 'waits for a key that nobody has used since it was switched on again: a person wants it',
    when: { key: DUE, other: { age: days(200), lastUsed: 'never', reactivatedAgo: days(2) } },
    says: 'wait: slot-held',
  },
  {
    it: 'waits for a young key that nobody has used yet, and names the day from which a person is asked',
    when: { key: DUE, other: { age: days(20), lastUsed: 'never' } },
    says: 'wait: slot-held',
    dueIn: days(10),
  },
  ...around({
    name: 'deactivateAfter, beside a key that nobody has used',
    at: days(80),
    when: (age) => ({ key: { age }, other: { age: days(20), lastUsed: 'never' } }),
    before: 'wait: slot-held',
    from: 'blocked: slot-held',
  }),
  {
    it: 'is left to a person where unusedAfter is so long that a spare key would take the place for ever',
    when: {
      key: { age: days(80) },
      other: { age: days(199), lastUsed: 'never' },
      policy: { unusedAfter: 400 },
    },
    says: 'blocked: slot-held',
    dueIn: undefined,
  },
  {
    it: 'is left to a person beside a spare key with unusedAfter off',
    when: {
      key: { age: days(80) },
      other: { age: days(900), lastUsed: 'never' },
      policy: { unusedAfter: 'off' },
    },
    says: 'blocked: slot-held',
  },
  {
    it: 'waits where the last use of the other key is unknown',
    when: { key: { age: days(300) }, other: { age: days(200), lastUsed: 'unknown' } },
    says: 'wait: last-use-unknown',
    dueIn: undefined,
  },
  {
    it: 'waits, as our replacement that is due itself, for the key it replaces to go',
    when: {
      key: { age: days(61), replacementOf: OTHER, deliveredAgo: days(61) },
      other: { age: days(125) },
    },
    says: 'wait: slot-being-freed',
    dueIn: days(19),
  },
  ...around({
    name: 'deactivateAfter of our replacement, while the key it replaces is still there',
    at: days(80),
    when: (age) => ({
      key: { age, replacementOf: OTHER, deliveredAgo: age },
      other: { age: days(145) },
    }),
    before: 'wait: slot-being-freed',
    from: 'blocked: two-keys-in-use',
  }),
  {
    it: 'does not take a younger key that a person made for its replacement',
    when: { key: { age: days(125), lastUsed: days(80) }, other: { age: days(61), lastUsed: 0 } },
    says: 'blocked: two-keys-in-use',
  },
];

/** What the digest announces that tells of the replacement. */
const TOLD: readonly (readonly [string, KeyFacts, PolicyFacts, number, number | undefined])[] = [
  ['at day 60', { age: days(60) }, {}, days(20), days(30)],
  ['at day 75', { age: days(75) }, {}, days(10), days(30)],
  ['on a first deployment', { age: days(300) }, {}, days(10), days(30)],
  ['with a deadlineGrace of its own', { age: days(300) }, { deadlineGrace: 5 }, days(10), days(5)],
  ['where nothing goes that is in use', { age: days(60) }, { whenStillInUse: 'wait' }, days(20), undefined],
];

describe('A5: a key that is due', () => {
  for (const [part, lines] of [
    ['alone', ALONE],
    ['beside an inactive key', BEHIND_INACTIVE],
    ['beside an active key', BEHIND_ACTIVE],
  ] as const) {
    describe(part, () => {
      for (const { it: title, when, ...expected } of lines) {
        it(title, () => expect(verdictOn(when)).to.include(expected));
      }
    });
  }

  it('says why it is replaced', () => {
    expect(decisionOn({ key: { id: THIS, ...DUE } }).message).to.equal('Older than 60 days and in use.');
  });

  for (const [when, facts, policy, onceMoved, inAnyCase] of TOLD) {
    it(`is told with the replacement when the old one goes: ${when}`, () => {
      const { noticeWhenDone: told, notice } = decisionOn({ key: facts, policy });
      expect(notice).to.equal(undefined);
      expect(told).to.deep.equal({
        about: 'replaced',
        date: T0 + onceMoved,
        ...(inAnyCase === undefined ? {} : { inAnyCase: T0 + inAnyCase }),
      });
    });
  }

  it('is told of both keys what used them last, where a person must choose', () => {
    const usedBy = { service: 'ses', region: 'eu-west-1' };
    const { message } = decisionOn({
      key: { age: days(100), lastUsed: days(3), usedBy },
      other: { age: days(50), lastUsed: 'never' },
      policy: { unusedAfter: 400 },
    });
    expect(message).to.include('this one last used 3 days ago by ses in eu-west-1, AKIAOTHER never used');
    expect(message).to.include('only a person can say which may go');
  });
});
