import { expect } from 'chai';
import { days } from '../../../src/domain/time.ts';
import { around, decisionOn, T0, verdictOn, type KeyFacts, type Line } from '../../support/builders.ts';

/** Switched off, and last used before that. */
const off = (facts: KeyFacts): KeyFacts => ({ status: 'inactive', lastUsed: days(95), ...facts });

/** An active key that is due for replacement, so that it needs the place of the inactive one. */
const DUE: KeyFacts = { age: days(60) };

const I1: readonly Line[] = [
  {
    it: 'starts the grace of a key that is first seen inactive, whatever its age',
    when: { key: off({ age: days(400) }) },
    says: 'wait: newly-inactive',
    dueIn: days(10),
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
    it: 'starts it anew for a key that was announced after it was seen inactive, as only active keys are',
    when: { key: off({ age: days(400), inactiveFor: days(20), noticedAgo: days(20) - 1 }) },
    says: 'wait: used-after-deactivation',
    dueIn: days(10),
  },
  {
    it: 'does not start it anew for a key that was announced before',
    when: { key: off({ age: days(400), inactiveFor: days(20), noticedAgo: days(20) }) },
    says: 'delete: recovery-grace-over',
  },
  {
    it: 'starts it anew for a key that was used after it was seen inactive',
    when: { key: off({ age: days(400), inactiveFor: days(20), lastUsed: days(20) - 1 }) },
    says: 'wait: used-after-deactivation',
    dueIn: days(10),
  },
  {
    it: 'does not for a key that was last used at the moment it was deactivated',
    when: { key: off({ age: days(400), inactiveFor: days(20), lastUsed: days(20) }) },
    says: 'delete: recovery-grace-over',
  },
];

const I2: readonly Line[] = [
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
    when: { key: off({ age: days(90), inactiveFor: 0 }), policy: { recoveryGrace: 0 } },
    says: 'delete: recovery-grace-over',
  },
];

const I3: readonly Line[] = [
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

describe('inactive keys', () => {
  for (const [rule, lines] of [
    ['I1: first seen inactive', I1],
    ['I2: delete', I2],
    ['I3: wait', I3],
  ] as const) {
    describe(rule, () => {
      for (const { it: title, when, ...expected } of lines) {
        it(title, () => expect(verdictOn(when)).to.include(expected));
      }
    });
  }

  for (const [key, message] of [
    [{ age: days(9) }, 'Found inactive; it can be switched on again for at least 12 days.'],
    [{ age: days(50), inactiveFor: days(12) }, 'Inactive; it is deleted from an age of 90 days.'],
    [{ age: days(90), inactiveFor: days(12) }, 'Inactive for the whole grace and older than 90 days.'],
  ] as const) {
    it(`are described as "${message}"`, () => {
      const situation = { key: off({ lastUsed: 'never', ...key }), policy: { recoveryGrace: 12 } };
      expect(decisionOn(situation).message).to.equal(message);
    });
  }

  it('are described otherwise when their place is needed', () => {
    const situation = { key: off({ age: days(90), inactiveFor: days(10) }), other: DUE };
    expect(decisionOn(situation).message).to.equal(
      'Inactive for the whole grace, and its place is needed for the replacement of the other key.',
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
