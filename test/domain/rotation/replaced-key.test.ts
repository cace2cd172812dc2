import { expect } from 'chai';
import { days, type Duration } from '../../../src/domain/time.ts';
import { around, decisionOn, THIS, verdictOn, type KeyFacts, type Line } from '../../support/builders.ts';

/** Used until its owner moved, 20 days ago. */
const left = (facts: KeyFacts = {}): KeyFacts => ({ age: days(85), lastUsed: days(20), ...facts });

/** Our replacement of it, delivered so long ago, adopted. */
const ours = (facts: KeyFacts = {}): KeyFacts => ({
  age: days(20),
  replacementOf: THIS,
  deliveredAgo: days(20),
  lastUsed: 0,
  ...facts,
});

const MOVED: readonly Line[] = [
  {
    it: 'is deactivated without any notice: its owner has shown that he knows',
    when: { key: left(), other: ours() },
    says: 'deactivate: moved',
    dueIn: 0,
    notice: undefined,
    restsOnNotice: false,
    owner: 'moved',
  },
  ...around({
    name: 'deactivateAfter',
    at: days(80),
    when: (age) => ({ key: left({ age }), other: ours() }),
    before: 'wait: moved-grace',
    from: 'deactivate: moved',
  }),
  ...around({
    name: 'adoptionGrace after the delivery',
    at: days(10),
    when: (time) => ({ key: left(), other: ours({ age: days(12), deliveredAgo: time }) }),
    before: 'wait: moved-grace',
    from: 'deactivate: moved',
  }),
  ...around({
    name: 'adoptionGrace after the replacement was switched on again',
    at: days(10),
    when: (reactivatedAgo) => ({ key: left(), other: ours({ reactivatedAgo }) }),
    before: 'wait: moved-grace',
    from: 'deactivate: moved',
  }),
  ...around({
    name: 'adoptionGrace after the key was switched on again',
    at: days(10),
    when: (reactivatedAgo) => ({ key: left({ reactivatedAgo }), other: ours() }),
    before: 'wait: moved-grace',
    from: 'deactivate: moved',
  }),
  ...around({
    name: 'the end of inUseWindow',
    at: days(7) + 1,
    when: (lastUsed) => ({
      key: left({ age: days(85), lastUsed }),
      other: ours({ age: days(10), deliveredAgo: days(10) }),
    }),
    before: 'wait: still-needed',
    from: 'deactivate: moved',
  }),
  ...around({
    name: 'the use of the replacement, going back in time',
    at: days(20),
    when: (lastUsed) => ({
      key: left({ lastUsed, notices: { replaced: { givenAgo: days(25), dateIn: 0 } } }),
      other: ours({ age: days(25), deliveredAgo: days(25), lastUsed: days(20) - 1 }),
    }),
    before: 'wait: deadline-notice',
    from: 'deactivate: moved',
  }),
  {
    it: 'waits for deactivateAfter where that is later',
    when: { key: left({ age: days(75) }), other: ours() },
    says: 'wait: moved-grace',
    dueIn: days(5),
  },
  {
    it: 'goes not before the date that people were told, whatever the settings are now',
    when: {
      key: left({ notices: { replaced: { givenAgo: days(20), dateIn: 1 } } }),
      other: ours(),
      policy: { adoptionGrace: 1 },
    },
    says: 'wait: moved-grace',
    dueIn: 1,
  },
  {
    it: 'goes at the date that people were told',
    when: { key: left({ notices: { replaced: { givenAgo: days(20), dateIn: 0 } } }), other: ours() },
    says: 'deactivate: moved',
  },
  {
    it: 'is not kept by a date that was told before this replacement was there',
    when: {
      key: left({ notices: { replaced: { givenAgo: days(20) + 1, dateIn: days(9) } } }),
      other: ours(),
    },
    says: 'deactivate: moved',
  },
  {
    it: 'is not kept by a date that nobody was reminded of for more than 45 days',
    when: {
      key: left({
        age: days(120),
        lastUsed: days(60),
        notices: { replaced: { givenAgo: days(60), repeatedAgo: days(45) + 1, dateIn: days(9) } },
      }),
      other: ours({ age: days(60), deliveredAgo: days(60) }),
    },
    says: 'deactivate: moved',
  },
  {
    it: 'goes with whenStillInUse: wait as well',
    when: { key: left(), other: ours(), policy: { whenStillInUse: 'wait' } },
    says: 'deactivate: moved',
  },
  {
    it: 'goes, never used, with unusedAfter off, once its replacement is used',
    when: { key: left({ lastUsed: 'never' }), other: ours(), policy: { unusedAfter: 'off' } },
    says: 'deactivate: moved',
  },
  {
    it: 'goes whatever the secret holds by now: its owner has the replacement',
    when: { key: left(), other: ours({ delivery: 'gone' }) },
    says: 'deactivate: moved',
  },
];

/** Its owner was told of the replacement at once. */
const TOLD: NonNullable<KeyFacts['notices']> = { replaced: { givenAgo: days(100), dateIn: -days(90) } };

/** Something else used it last, so long ago, when the others had moved. */
const shared = (lastUsed: Duration): KeyFacts => ({ age: days(170), lastUsed, notices: TOLD });
const adopted = (facts: KeyFacts = {}) => ours({ age: days(100), deliveredAgo: days(100), ...facts });

const SHARED: readonly Line[] = [
  ...around({
    name: 'adoptionGrace after the delivery, at which it was used last, going back in time',
    at: days(30) - days(10),
    when: (lastUsed) => ({
      key: left({ lastUsed, notices: { replaced: { givenAgo: days(30), dateIn: 0 } } }),
      other: ours({ age: days(30), deliveredAgo: days(30) }),
    }),
    before: 'wait: deadline-notice',
    from: 'deactivate: moved',
  }),
  ...around({
    name: 'half of unusedAfter since something else used it',
    at: days(45),
    when: (lastUsed) => ({ key: shared(lastUsed), other: adopted() }),
    before: 'wait: deadline-notice',
    from: 'deactivate: moved',
  }),
  ...around({
    name: 'half of an unusedAfter of 60 days since something else used it',
    at: days(30),
    when: (lastUsed) => ({ key: shared(lastUsed), other: adopted(), policy: { unusedAfter: 60 } }),
    before: 'wait: deadline-notice',
    from: 'deactivate: moved',
  }),
  {
    it: 'never counts as moved with unusedAfter off, where something else has used it since',
    when: { key: shared(days(88)), other: adopted(), policy: { unusedAfter: 'off' } },
    says: 'wait: deadline-notice',
    owner: 'adopted',
  },
];

/** Nobody has used either since the delivery. */
const idle = (facts: KeyFacts = {}): KeyFacts => left({ lastUsed: days(30), ...facts });
const untaken = (facts: KeyFacts = {}): KeyFacts => ours({ lastUsed: 'never', ...facts });

const NOT_ADOPTED: readonly Line[] = [
  {
    it: 'waits, and people are told again',
    when: { key: idle(), other: untaken() },
    says: 'wait: not-adopted',
    dueIn: undefined,
    notice: 'replaced',
    owner: 'not-adopted',
  },
  {
    it: 'waits until it is unused, however long the deadline is past',
    when: {
      key: idle({ age: days(200), lastUsed: days(89) }),
      other: untaken({ age: days(85), deliveredAgo: days(85) }),
    },
    says: 'wait: not-adopted',
  },
  ...around({
    name: 'unusedAfter, which ends the waiting',
    at: days(90),
    when: (lastUsed) => ({
      key: idle({ age: days(200), lastUsed }),
      other: untaken({ age: days(80), deliveredAgo: days(80) }),
    }),
    before: 'wait: not-adopted',
    from: 'wait: unused-notice',
  }),
  {
    it: 'waits although the replacement was used before it, in the time when only we had it',
    when: { key: idle(), other: untaken({ lastUsed: days(20) }) },
    says: 'wait: not-adopted',
  },
  {
    it: 'repeats what was told, with its dates',
    when: {
      key: idle({ notices: { replaced: { givenAgo: days(20), dateIn: days(3), inAnyCaseIn: days(40) } } }),
      other: untaken(),
    },
    says: 'wait: not-adopted',
    noticeFor: days(3),
    inAnyCase: days(40),
    isNewNotice: false,
  },
];

/** That its replacement is where it was delivered to is looked at as long as nobody has used that. */
const NOT_AS_DELIVERED: readonly Line[] = [
  ...(['superseded', 'deleting', 'gone'] as const).map((delivery): Line => ({
    it: `is left to a person when nobody has moved and the secret is ${delivery}`,
    when: { key: left({ age: days(400), lastUsed: 0 }), other: untaken({ lastUsed: days(21), delivery }) },
    says: 'blocked: delivery-void',
    dueIn: undefined,
    notice: undefined,
    owner: 'not-adopted',
  })),
  ...(['unknown', 'not-looked-at'] as const).map((delivery): Line => ({
    it: `waits when nobody has moved and the secret is ${delivery}`,
    when: { key: left({ age: days(400), lastUsed: 0 }), other: untaken({ delivery }) },
    says: 'wait: delivery-unknown',
    notice: undefined,
  })),
  ...(['superseded', 'deleting', 'gone', 'unknown', 'not-looked-at'] as const).map((delivery): Line => ({
    it: `is not deactivated at an announced deadline when the secret is ${delivery}`,
    when: {
      key: left({ age: days(400), lastUsed: 0, notices: { deadline: { givenAgo: days(20) } } }),
      other: ours({ age: days(100), deliveredAgo: days(100), lastUsed: days(2), delivery }),
    },
    says:
      delivery === 'unknown' || delivery === 'not-looked-at'
        ? 'wait: delivery-unknown'
        : 'blocked: delivery-void',
  })),
  {
    it: 'may go at its deadline when its owner has used both, whatever the secret holds',
    when: {
      key: left({ age: days(400), lastUsed: days(2), notices: { deadline: { givenAgo: days(20) } } }),
      other: ours({ age: days(100), deliveredAgo: days(100), lastUsed: 0, delivery: 'gone' }),
    },
    says: 'deactivate: deadline',
  },
];

const NOT_REPLACED: readonly Line[] = [
  {
    it: 'by a young second key that nobody has used',
    when: { key: left(), other: { age: days(20), lastUsed: 'never' } },
    says: 'blocked: slot-held',
  },
  {
    it: 'by a younger key that a person made, however recently that was used',
    when: { key: left({ lastUsed: days(80) }), other: { age: days(50), lastUsed: 0 } },
    says: 'blocked: two-keys-in-use',
  },
  {
    it: 'by our key before it is delivered',
    when: { key: left(), other: { age: days(20), replacementOf: THIS, lastUsed: 'never' } },
    says: 'blocked: slot-held',
  },
  {
    it: 'by our replacement of another key',
    when: { key: left(), other: ours({ replacementOf: 'AKIAGONE' }) },
    says: 'blocked: two-keys-in-use',
  },
  {
    it: 'by our replacement once that is inactive',
    when: { key: left(), other: ours({ status: 'inactive', inactiveFor: days(4) }) },
    says: 'wait: slot-in-recovery',
  },
];

describe('A3: a replaced key', () => {
  for (const [part, lines] of [
    ['whose owner has moved', MOVED],
    ['that something else uses, too', SHARED],
    ['of which neither side was used', NOT_ADOPTED],
    ['whose replacement is not where it was delivered to', NOT_AS_DELIVERED],
    ['that is not replaced', NOT_REPLACED],
  ] as const) {
    describe(part, () => {
      for (const { it: title, when, ...expected } of lines) {
        it(title, () => expect(verdictOn(when)).to.include(expected));
      }
    });
  }

  it('is told which key its owner has moved to', () => {
    expect(decisionOn({ key: left({ age: days(75) }), other: ours() }).message).to.equal(
      'Its owner has moved to AKIAOTHER; it is deactivated from 2026-03-06 on.',
    );
    expect(decisionOn({ key: left(), other: ours() }).message).to.equal(
      'Its owner has moved to AKIAOTHER (this one last used 20 days ago, the new one last used today).',
    );
  });
});
