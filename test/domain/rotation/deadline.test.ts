import { expect } from 'chai';
import { days, type Duration } from '../../../src/domain/time.ts';
import {
  around,
  decisionOn,
  THIS,
  verdictOn,
  type KeyFacts,
  type Line,
  type NoticeFacts,
  type PolicyFacts,
} from '../../support/builders.ts';

/** Our replacement, delivered so long ago, of a key that its owner has not left. */
const replacement = (deliveredAgo: Duration, facts: KeyFacts = {}): KeyFacts => ({
  age: deliveredAgo,
  deliveredAgo,
  replacementOf: THIS,
  lastUsed: 'never',
  ...facts,
});
const REPLACEMENT = replacement(days(40));
/** Its owner was told of the replacement, and it was used since. */
const used = ({ notices, ...facts }: KeyFacts = {}): KeyFacts => ({
  age: days(100),
  notices: { replaced: { givenAgo: days(5), dateIn: 0 }, ...notices },
  ...facts,
});
/** Its deadline was announced. */
const told = (notice: NoticeFacts = { givenAgo: days(10) }, facts: KeyFacts = {}): KeyFacts =>
  used({ notices: { deadline: notice }, ...facts });

/** When the `deadline` notice is given: adoptionGrace before the deadline. */
const ANNOUNCED: readonly Line[] = [
  ...around({
    name: 'adoptionGrace before deleteAfter',
    at: days(80),
    when: (age) => ({ key: used({ age }), other: replacement(days(35)) }),
    before: 'wait: still-needed',
    from: 'wait: deadline-notice',
  }),
  ...around({
    name: 'adoptionGrace before the end of deadlineGrace',
    at: days(20),
    when: (time) => ({ key: used({ age: days(300) }), other: replacement(time) }),
    before: 'wait: still-needed',
    from: 'wait: deadline-notice',
  }),
  ...around({
    name: 'adoptionGrace before the end of a deadlineGrace of 50 days',
    at: days(40),
    when: (time) => ({
      key: used({ age: days(300) }),
      other: replacement(time),
      policy: { deadlineGrace: 50 },
    }),
    before: 'wait: still-needed',
    from: 'wait: deadline-notice',
  }),
  ...around({
    name: 'adoptionGrace before the end of deadlineGrace since the replacement was switched on again',
    at: days(20),
    when: (reactivatedAgo) => ({ key: used(), other: { ...REPLACEMENT, reactivatedAgo } }),
    before: 'wait: still-needed',
    from: 'wait: deadline-notice',
  }),
  {
    it: 'gives a key that was just switched on again a whole grace',
    when: { key: used({ reactivatedAgo: 0, lastUsed: 0 }), other: REPLACEMENT },
    says: 'wait: deadline-notice',
    noticeFor: days(10),
  },
  {
    it: 'names the deadline',
    when: { key: used({ age: days(84) }), other: REPLACEMENT },
    says: 'wait: deadline-notice',
    dueIn: days(10),
    notice: 'deadline',
    noticeFor: days(10),
    isNewNotice: true,
    restsOnNotice: false,
  },
  {
    it: 'gives a whole grace where the deadline is long past',
    when: { key: used({ age: days(500) }), other: replacement(days(300), { lastUsed: 'never' }) },
    says: 'wait: deadline-notice',
    noticeFor: days(10),
  },
  {
    it: 'repeats before that what was told with the replacement',
    when: {
      key: used({ age: days(75), notices: { replaced: { givenAgo: days(15), dateIn: days(5) } } }),
      other: replacement(days(15)),
    },
    says: 'wait: still-needed',
    dueIn: days(15),
    notice: 'replaced',
    noticeFor: days(5),
    inAnyCase: days(15),
    isNewNotice: false,
  },
];

/** When a key that is still needed goes. */
const REACHED: readonly Line[] = [
  ...around({
    name: 'the announced date',
    at: days(10),
    when: (givenAgo) => ({ key: told({ givenAgo }), other: REPLACEMENT }),
    before: 'wait: deadline-grace',
    from: 'deactivate: deadline',
  }),
  {
    it: 'is acted on by the notice',
    when: { key: told(), other: REPLACEMENT },
    says: 'deactivate: deadline',
    dueIn: 0,
    notice: 'deadline',
    noticeFor: 0,
    isNewNotice: false,
    restsOnNotice: true,
  },
  ...around({
    name: 'deleteAfter, announced long before',
    at: days(90),
    when: (age) => ({ key: told({ givenAgo: days(20) }, { age }), other: REPLACEMENT }),
    before: 'wait: deadline-grace',
    from: 'deactivate: deadline',
  }),
  ...around({
    name: 'the end of deadlineGrace, announced long before',
    at: days(30),
    when: (time) => ({
      key: told({ givenAgo: days(20) }, { age: days(300) }),
      other: replacement(time),
    }),
    before: 'wait: deadline-grace',
    from: 'deactivate: deadline',
  }),
  ...around({
    name: 'the end of a deadlineGrace of 12 days, announced long before',
    at: days(12),
    when: (time) => ({
      key: told({ givenAgo: days(11) }, { age: days(300) }),
      other: replacement(time),
      policy: { deadlineGrace: 12 },
    }),
    before: 'wait: deadline-grace',
    from: 'deactivate: deadline',
  }),
  ...around({
    name: 'adoptionGrace after the key was switched on again, announced before',
    at: days(10),
    when: (reactivatedAgo) => ({ key: told({ givenAgo: days(20) }, { reactivatedAgo }), other: REPLACEMENT }),
    before: 'wait: deadline-grace',
    from: 'deactivate: deadline',
  }),
  ...around({
    name: '45 days after the notice was repeated last, which makes it void',
    at: days(45) + 1,
    when: (repeatedAgo) => ({
      key: told({ givenAgo: days(60), repeatedAgo }, { age: days(300) }),
      other: replacement(days(100)),
    }),
    before: 'deactivate: deadline',
    from: 'wait: deadline-notice',
  }),
  {
    it: 'announced at the very moment the replacement was there',
    when: { key: told({ givenAgo: days(40) }), other: REPLACEMENT },
    says: 'deactivate: deadline',
  },
  {
    it: 'void, where it was announced before this replacement was there',
    when: { key: told({ givenAgo: days(40) + 1 }), other: REPLACEMENT },
    says: 'wait: deadline-notice',
    noticeFor: days(10),
    isNewNotice: true,
  },
  {
    it: 'void, where the replacement was switched off and on again since',
    when: { key: told({ givenAgo: days(35) }), other: { ...REPLACEMENT, reactivatedAgo: days(34) } },
    says: 'wait: deadline-notice',
  },
  {
    it: 'not before the date that was announced, though shorter settings would allow it',
    when: {
      key: told({ givenAgo: days(3), dateIn: days(7) }, { age: days(300) }),
      other: replacement(days(30)),
      policy: { adoptionGrace: 1, deadlineGrace: 2 },
    },
    says: 'wait: deadline-grace',
    noticeFor: days(7),
  },
  {
    it: 'later than announced where longer settings ask for it',
    when: { key: told({ givenAgo: days(12) }), other: REPLACEMENT, policy: { deadlineGrace: 45 } },
    says: 'wait: deadline-grace',
    noticeFor: days(5),
    isNewNotice: false,
  },
  {
    it: 'not before the date in any case that was told with the replacement',
    when: {
      key: used({
        age: days(300),
        notices: { replaced: { givenAgo: days(12), dateIn: -days(2), inAnyCaseIn: days(18) } },
      }),
      other: replacement(days(12)),
      policy: { adoptionGrace: 1, deadlineGrace: 2 },
    },
    says: 'wait: still-needed',
    dueIn: days(18),
    inAnyCase: days(18),
  },
  {
    it: 'whether or not it was used in the last days',
    when: {
      key: used({
        lastUsed: days(30),
        notices: { replaced: { givenAgo: days(40), dateIn: 0 }, deadline: { givenAgo: days(10) } },
      }),
      other: REPLACEMENT,
    },
    says: 'deactivate: deadline',
  },
  ...around({
    name: 'the moment the replacement was there, at which the key was used last, going back in time',
    at: days(40),
    when: (lastUsed) => ({ key: told(undefined, { lastUsed }), other: REPLACEMENT }),
    before: 'wait: still-needed',
    from: 'wait: not-adopted',
  }),
  {
    it: 'not for a key in use that was not used since the delivery: what uses it has not run yet',
    when: {
      key: told({ givenAgo: days(10) }, { lastUsed: days(41) }),
      other: { ...REPLACEMENT, lastUsed: days(2) },
      policy: { inUseWindow: 50 },
    },
    says: 'wait: still-needed',
    notice: 'replaced',
  },
  {
    it: 'not by a use before its owner was told, while the secret was away perhaps',
    when: { key: used({ lastUsed: days(6) }), other: REPLACEMENT },
    says: 'wait: still-needed',
    notice: 'replaced',
  },
  {
    it: 'not before its owner was told that it is replaced',
    when: { key: { age: days(100) }, other: REPLACEMENT },
    says: 'wait: still-needed',
    notice: 'replaced',
    isNewNotice: true,
  },
  {
    it: 'never on a last use that is unknown',
    when: { key: told({ givenAgo: days(30) }, { lastUsed: 'unknown' }), other: REPLACEMENT },
    says: 'wait: last-use-unknown',
  },
  {
    it: 'never while the last use of the replacement is unknown',
    when: { key: told({ givenAgo: days(30) }), other: { ...REPLACEMENT, lastUsed: 'unknown' } },
    says: 'wait: last-use-unknown',
  },
  {
    it: 'not by the date of the deadline for a key whose owner has moved: it goes as moved',
    when: {
      key: told({ givenAgo: days(30) }, { lastUsed: days(39) }),
      other: { ...REPLACEMENT, lastUsed: 0 },
    },
    says: 'deactivate: moved',
  },
];

describe('the deadline of a key that we have replaced and that is still needed', () => {
  for (const [part, lines] of [
    ['is announced', ANNOUNCED],
    ['is reached', REACHED],
  ] as const) {
    describe(part, () => {
      for (const { it: title, when, ...expected } of lines) {
        it(title, () => expect(verdictOn(when)).to.include(expected));
      }
    });
  }

  it('is said loudly, with what used the key last', () => {
    const usedBy = { service: 's3', region: 'eu-central-1' };
    const key = used({ age: days(84), lastUsed: days(2), usedBy });
    expect(decisionOn({ key, other: REPLACEMENT }).message).to.equal(
      'STILL IN USE (last used 2 days ago by s3 in eu-central-1) although AKIAOTHER replaces it; it is deactivated on 2026-03-11 in any case.',
    );
    expect(decisionOn({ key, other: REPLACEMENT, policy: { whenStillInUse: 'wait' } }).message).to.equal(
      'STILL IN USE (last used 2 days ago by s3 in eu-central-1) although AKIAOTHER replaces it; it stays active until nobody uses it.',
    );
  });
});

/** What the two owners of a replaced key have done since the delivery, 40 days ago. */
const SINCE = {
  'uses the old key': { key: { lastUsed: days(1) }, other: { lastUsed: 'never' } },
  'uses both': { key: { lastUsed: days(1) }, other: { lastUsed: 0 } },
  'uses neither': { key: { lastUsed: days(60) }, other: { lastUsed: 'never' } },
  'has moved': { key: { lastUsed: days(39) }, other: { lastUsed: 0 } },
} as const;

type Row = readonly [
  keyof typeof SINCE,
  NonNullable<PolicyFacts['whenStillInUse']>,
  NonNullable<PolicyFacts['whenNotAdopted']>,
  /** Not announced yet. */
  Line['says'],
  /** With the announced date reached. */
  Line['says'],
];
const CHOICES: readonly Row[] = [
  ['uses the old key', 'deactivate', 'wait', 'wait: deadline-notice', 'deactivate: deadline'],
  ['uses the old key', 'deactivate', 'deactivate', 'wait: deadline-notice', 'deactivate: deadline'],
  ['uses the old key', 'wait', 'wait', 'wait: still-needed', 'wait: still-needed'],
  ['uses the old key', 'wait', 'deactivate', 'wait: still-needed', 'wait: still-needed'],
  ['uses both', 'deactivate', 'wait', 'wait: deadline-notice', 'deactivate: deadline'],
  ['uses both', 'deactivate', 'deactivate', 'wait: deadline-notice', 'deactivate: deadline'],
  ['uses both', 'wait', 'wait', 'wait: still-needed', 'wait: still-needed'],
  ['uses both', 'wait', 'deactivate', 'wait: still-needed', 'wait: still-needed'],
  ['uses neither', 'deactivate', 'wait', 'wait: not-adopted', 'wait: not-adopted'],
  ['uses neither', 'deactivate', 'deactivate', 'wait: deadline-notice', 'deactivate: deadline'],
  ['uses neither', 'wait', 'wait', 'wait: not-adopted', 'wait: not-adopted'],
  ['uses neither', 'wait', 'deactivate', 'wait: not-adopted', 'wait: not-adopted'],
  ['has moved', 'deactivate', 'wait', 'deactivate: moved', 'deactivate: moved'],
  ['has moved', 'deactivate', 'deactivate', 'deactivate: moved', 'deactivate: moved'],
  ['has moved', 'wait', 'wait', 'deactivate: moved', 'deactivate: moved'],
  ['has moved', 'wait', 'deactivate', 'deactivate: moved', 'deactivate: moved'],
];

describe('at the deadline, where the owner', () => {
  for (const whenTwoKeysInUse of ['escalate', 'deactivate-least-recently-used'] as const) {
    for (const [owner, whenStillInUse, whenNotAdopted, first, then] of CHOICES) {
      const choices = { whenStillInUse, whenNotAdopted, whenTwoKeysInUse };
      it(`${owner}: ${first}, then ${then} (${Object.values(choices).join(', ')})`, () => {
        const { key, other } = SINCE[owner];
        const situation = { other: { ...REPLACEMENT, ...other }, policy: choices };
        expect(verdictOn({ key: used(key), ...situation }).says).to.equal(first);
        expect(verdictOn({ key: told(undefined, key), ...situation }).says).to.equal(then);
      });
    }
  }

  it('uses the old key, no deadline is announced under whenStillInUse: wait', () => {
    const situation = { key: used(), other: REPLACEMENT, policy: { whenStillInUse: 'wait' } } as const;
    expect(verdictOn(situation)).to.include({ notice: 'replaced', inAnyCase: undefined });
  });
});
