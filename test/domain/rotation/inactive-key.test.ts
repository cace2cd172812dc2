import { expect } from 'chai';
import { days } from '../../../src/domain/time.ts';
import { around, decisionOn, T0, THIS, verdictOn, type KeyFacts, type Line } from '../../support/builders.ts';

/** Switched off, its deletion announced in the same message, and last used before that. */
const off = (facts: KeyFacts): KeyFacts => ({
  status: 'inactive',
  lastUsed: days(95),
  ...(facts.inactiveFor === undefined ? {} : { notices: { delete: { givenAgo: facts.inactiveFor } } }),
  ...facts,
});

/** Switched off because nobody seemed to use it, or used it less. */
const retired = (deactivatedAs: 'unused' | 'least-recently-used', facts: KeyFacts = {}): KeyFacts =>
  off({
    age: days(300),
    inactiveFor: days(20),
    deactivatedAs,
    notices: { [deactivatedAs]: { givenAgo: days(30) }, delete: { givenAgo: days(20) } },
    ...facts,
  });

/** An active key that is due for replacement, so that it needs the place of the inactive one. */
const DUE: KeyFacts = { age: days(60) };

const I1: readonly Line[] = [
  {
    it: 'starts the grace of a key that is first seen inactive, whatever its age',
    when: { key: off({ age: days(400) }) },
    says: 'wait: newly-inactive',
    dueIn: days(10),
    notice: 'delete',
    noticeFor: days(10),
    isNewNotice: true,
  },
  {
    it: 'starts it although the place is needed',
    when: { key: off({ age: days(400) }), other: DUE },
    says: 'wait: newly-inactive',
    dueIn: days(10),
  },
  {
    it: 'starts it without knowing the last use',
    when: { key: off({ age: days(400), lastUsed: 'unknown' }) },
    says: 'wait: newly-inactive',
  },
  {
    it: 'starts it as long as the policy says',
    when: { key: off({ age: days(400) }), policy: { recoveryGrace: 30 } },
    says: 'wait: newly-inactive',
    dueIn: days(30),
  },
  {
    it: 'starts it anew for a key that was used after it was seen inactive',
    when: { key: off({ age: days(400), inactiveFor: days(20), lastUsed: days(20) - 1 }) },
    says: 'wait: used-after-deactivation',
    dueIn: days(10),
    notice: 'delete',
    isNewNotice: true,
  },
  {
    it: 'does not for a key that was last used at the moment it was deactivated',
    when: { key: off({ age: days(400), inactiveFor: days(20), lastUsed: days(20) }) },
    says: 'delete: recovery-grace-over',
  },
];

const I2: readonly Line[] = (['unused', 'least-recently-used'] as const).flatMap((as) => [
  {
    it: `leaves a key to a person that was switched off as ${as} and used 1 ms after the notice`,
    when: { key: retired(as, { lastUsed: days(30) - 1 }) },
    says: 'blocked: used-after-notice',
    dueIn: undefined,
    notice: undefined,
  },
  {
    it: `deletes a key that was switched off as ${as} and used at the moment of the notice`,
    when: { key: retired(as, { lastUsed: days(30) }) },
    says: 'delete: recovery-grace-over',
  },
  {
    it: `leaves it to a person also after its deactivation, and with its place needed (${as})`,
    when: { key: retired(as, { lastUsed: days(2) }), other: DUE },
    says: 'blocked: used-after-notice',
  },
  {
    it: `leaves it to a person however old the notice is (${as})`,
    when: {
      key: retired(as, {
        age: days(400),
        inactiveFor: days(300),
        lastUsed: days(305),
        notices: { [as]: { givenAgo: days(310), repeatedAgo: days(301) } },
      }),
    },
    says: 'blocked: used-after-notice',
  },
  {
    it: `waits for its last use before it deletes a key that was switched off as ${as}`,
    when: { key: retired(as, { lastUsed: 'unknown' }) },
    says: 'wait: last-use-unknown',
  },
]);

const OTHER_CAUSES: readonly Line[] = (['moved', 'deadline', 'emergency'] as const).map((as) => ({
  it: `deletes a key that was used until it was switched off as ${as}`,
  when: {
    key: off({
      age: days(300),
      inactiveFor: days(20),
      deactivatedAs: as,
      lastUsed: days(20),
      notices: { unused: { givenAgo: days(200) }, delete: { givenAgo: days(20) } },
    }),
  },
  says: 'delete: recovery-grace-over',
}));

const I3: readonly Line[] = [
  ...around({
    name: 'the end of recoveryGrace, for a key older than deleteAfter',
    at: days(10),
    when: (time) => ({ key: off({ age: days(100), inactiveFor: time }) }),
    before: 'wait: recovery-grace',
    from: 'delete: recovery-grace-over',
  }),
  ...around({
    name: 'deleteAfter, for a key whose grace is over',
    at: days(90),
    when: (age) => ({ key: off({ age, inactiveFor: days(10), lastUsed: days(30) }) }),
    before: 'wait: not-old-enough-to-delete',
    from: 'delete: recovery-grace-over',
  }),
  ...around({
    name: 'the end of recoveryGrace, for a young key whose place is needed',
    at: days(10),
    when: (time) => ({ key: off({ age: days(25), inactiveFor: time, lastUsed: 'never' }), other: DUE }),
    before: 'wait: recovery-grace',
    from: 'delete: recovery-grace-over',
  }),
  ...around({
    name: 'the moment the other key is due, so that the place is needed',
    at: days(60),
    when: (age) => ({
      key: off({ age: days(25), inactiveFor: days(10), lastUsed: 'never' }),
      other: { age },
    }),
    before: 'wait: not-old-enough-to-delete',
    from: 'delete: recovery-grace-over',
  }),
  {
    it: 'deletes a key that was never used like any other',
    when: { key: off({ age: days(90), inactiveFor: days(10), lastUsed: 'never' }) },
    says: 'delete: recovery-grace-over',
    dueIn: 0,
  },
  {
    it: 'deletes at once with a recoveryGrace of 0',
    when: {
      key: off({ age: days(90), inactiveFor: 0, notices: { delete: { givenAgo: 0, dateIn: 0 } } }),
      policy: { recoveryGrace: 0 },
    },
    says: 'delete: recovery-grace-over',
  },
  {
    it: 'deletes by the notice, and only where somebody receives it',
    when: { key: off({ age: days(100), inactiveFor: days(10) }) },
    says: 'delete: recovery-grace-over',
    notice: 'delete',
    isNewNotice: false,
    restsOnNotice: true,
  },
  {
    it: 'deletes nothing that was not announced, and announces it for a whole grace later',
    when: { key: off({ age: days(400), inactiveFor: days(300), lastUsed: days(310), notices: {} }) },
    says: 'wait: deletion-notice',
    dueIn: days(10),
    notice: 'delete',
    noticeFor: days(10),
    isNewNotice: true,
  },
  {
    it: 'deletes nothing that was not announced, also where its place is needed',
    when: {
      key: off({ age: days(400), inactiveFor: days(300), lastUsed: days(310), notices: {} }),
      other: DUE,
    },
    says: 'wait: deletion-notice',
    noticeFor: days(10),
  },
  ...around({
    name: 'recoveryGrace after a deletion was announced that nobody had heard of',
    at: days(10),
    when: (givenAgo) => ({
      key: off({
        age: days(400),
        inactiveFor: days(300),
        lastUsed: days(310),
        notices: { delete: { givenAgo } },
      }),
    }),
    before: 'wait: recovery-grace',
    from: 'delete: recovery-grace-over',
  }),
  ...around({
    name: '45 days after its announcement was repeated last',
    at: days(45) + 1,
    when: (repeatedAgo) => ({
      key: off({
        age: days(400),
        inactiveFor: days(80),
        notices: { delete: { givenAgo: days(80), repeatedAgo } },
      }),
    }),
    before: 'delete: recovery-grace-over',
    from: 'wait: deletion-notice',
  }),
  ...around({
    name: 'the moment it was seen inactive, before which another deletion was announced',
    at: days(30) + 1,
    when: (givenAgo) => ({
      key: off({ age: days(400), inactiveFor: days(30), notices: { delete: { givenAgo } } }),
    }),
    before: 'delete: recovery-grace-over',
    from: 'wait: deletion-notice',
  }),
  {
    it: 'deletes not before the date that people were told, though the grace is shorter now',
    when: {
      key: off({
        age: days(400),
        inactiveFor: days(9),
        notices: { delete: { givenAgo: days(9), dateIn: 1 } },
      }),
      policy: { recoveryGrace: 1 },
    },
    says: 'wait: recovery-grace',
    dueIn: 1,
  },
  ...around({
    name: 'the end of a recoveryGrace of 30 days, though an earlier date was told',
    at: days(30),
    when: (time) => ({
      key: off({
        age: days(400),
        inactiveFor: time,
        notices: { delete: { givenAgo: time, dateIn: -days(1) } },
      }),
      policy: { recoveryGrace: 30 },
    }),
    before: 'wait: recovery-grace',
    from: 'delete: recovery-grace-over',
  }),
];

const I4: readonly Line[] = [
  {
    it: 'waits until deleteAfter where that is later than the grace',
    when: { key: off({ age: days(50), inactiveFor: days(5), lastUsed: days(20) }) },
    says: 'wait: recovery-grace',
    dueIn: days(40),
  },
  {
    it: 'waits until deleteAfter where the grace is over',
    when: { key: off({ age: days(50), inactiveFor: days(30), lastUsed: days(40) }) },
    says: 'wait: not-old-enough-to-delete',
    dueIn: days(40),
  },
  {
    it: 'waits until the grace is over where that is later',
    when: { key: off({ age: days(88), inactiveFor: days(5) }) },
    says: 'wait: recovery-grace',
    dueIn: days(5),
  },
  {
    it: 'waits for the grace alone where the place is needed',
    when: { key: off({ age: days(50), inactiveFor: days(5), lastUsed: days(20) }), other: DUE },
    says: 'wait: recovery-grace',
    dueIn: days(5),
  },
  {
    it: 'does not take the place for needed by a key nobody has used',
    when: { key: off({ age: days(50), inactiveFor: days(30) }), other: { age: days(85), lastUsed: 'never' } },
    says: 'wait: not-old-enough-to-delete',
  },
  {
    it: 'does not take the place for needed by an unused key',
    when: {
      key: off({ age: days(50), inactiveFor: days(30) }),
      other: { age: days(99), lastUsed: days(90) },
    },
    says: 'wait: not-old-enough-to-delete',
  },
  {
    it: 'does not take the place for needed by a key whose last use is unknown',
    when: {
      key: off({ age: days(50), inactiveFor: days(30) }),
      other: { age: days(99), lastUsed: 'unknown' },
    },
    says: 'wait: not-old-enough-to-delete',
  },
  {
    it: 'does not take the place for needed by another inactive key',
    when: {
      key: off({ age: days(50), inactiveFor: days(30), lastUsed: days(40) }),
      other: { status: 'inactive', age: days(99) },
    },
    says: 'wait: not-old-enough-to-delete',
  },
];

/** A key that was switched off because of our replacement, which nobody has used. */
const BEHIND: KeyFacts = off({ age: days(100), inactiveFor: days(12), deactivatedAs: 'deadline' });
const untaken = (delivery: KeyFacts['delivery'], lastUsed: KeyFacts['lastUsed'] = 'never') =>
  ({
    age: days(40),
    replacementOf: THIS,
    deliveredAgo: days(40),
    delivery: delivery ?? 'current',
    lastUsed,
  }) as const;

const WITH_REPLACEMENT: readonly Line[] = [
  {
    it: 'is deleted while the secret holds its replacement',
    when: { key: BEHIND, other: untaken('current') },
    says: 'delete: recovery-grace-over',
  },
  ...(['superseded', 'deleting', 'gone'] as const).map((delivery): Line => ({
    it: `is not deleted while nobody has used its replacement and the secret is ${delivery}`,
    when: { key: BEHIND, other: untaken(delivery) },
    says: 'blocked: delivery-void',
  })),
  ...(['unknown', 'not-looked-at'] as const).map((delivery): Line => ({
    it: `is not deleted while nobody has used its replacement and the secret is ${delivery}`,
    when: { key: BEHIND, other: untaken(delivery) },
    says: 'wait: delivery-unknown',
  })),
  {
    it: 'is not deleted while the last use of its replacement is unknown and the secret is gone',
    when: { key: BEHIND, other: untaken('gone', 'unknown') },
    says: 'wait: delivery-unknown',
  },
  {
    it: 'is deleted whatever the secret holds when its owner works with the replacement',
    when: { key: BEHIND, other: untaken('gone', days(1)) },
    says: 'delete: recovery-grace-over',
  },
  {
    it: 'is deleted when its replacement is inactive, too',
    when: { key: BEHIND, other: { ...untaken('gone'), status: 'inactive', inactiveFor: days(1) } },
    says: 'delete: recovery-grace-over',
  },
];

describe('inactive keys', () => {
  for (const [rule, lines] of [
    ['I1: first seen inactive', I1],
    ['I2: used after it was announced as unused', [...I2, ...OTHER_CAUSES]],
    ['I3: delete', I3],
    ['I4: wait', I4],
    ['a replaced one', WITH_REPLACEMENT],
  ] as const) {
    describe(rule, () => {
      for (const { it: title, when, ...expected } of lines) {
        it(title, () => expect(verdictOn(when)).to.include(expected));
      }
    });
  }

  for (const [key, message] of [
    [{ age: days(9) }, 'Found inactive; it can be switched on again for at least 12 days.'],
    [
      { age: days(50), inactiveFor: days(12) },
      'Inactive; it is deleted from 2026-04-10 on, or from 2026-03-01 on if its place is needed, unless it is switched on again.',
    ],
    [
      { age: days(90), inactiveFor: days(12) },
      'Inactive for the whole grace, announced, and older than 90 days.',
    ],
  ] as const) {
    it(`are described as "${message}"`, () => {
      const situation = { key: off({ lastUsed: 'never', ...key }), policy: { recoveryGrace: 12 } };
      expect(decisionOn(situation).message).to.equal(message);
    });
  }

  it('are described otherwise when their place is needed', () => {
    const situation = { key: off({ age: days(90), inactiveFor: days(10) }), other: DUE };
    expect(decisionOn(situation).message).to.equal(
      'Inactive for the whole grace, announced, and its place is needed for the replacement of the other key.',
    );
  });

  it('say why they are left to a person', () => {
    expect(decisionOn({ key: retired('unused', { lastUsed: days(22) }) }).message).to.equal(
      'Switched off because nobody seemed to use it, but it was used after that was announced on 2026-01-30 (last used 22 days ago). It is not deleted: switch it on again, or delete it yourself.',
    );
  });

  it('are to be remembered as inactive when first seen', () => {
    expect(decisionOn({ key: off({}) }).observation).to.deep.equal({ kind: 'seen-inactive', at: T0 });
  });

  it('are to be remembered anew when used meanwhile', () => {
    const key = off({ age: days(100), inactiveFor: days(20), lastUsed: days(3) });
    expect(decisionOn({ key }).observation).to.deep.equal({ kind: 'seen-inactive', at: T0 });
  });

  it('are not remembered anew while their grace runs', () => {
    expect(decisionOn({ key: off({ inactiveFor: days(3) }) })).to.not.have.property('observation');
  });
});
