import { expect } from 'chai';
import { days } from '../../../src/domain/time.ts';
import {
  around,
  decisionOn,
  OTHER,
  THIS,
  verdictOn,
  type KeyFacts,
  type Line,
} from '../../support/builders.ts';

/** Older than rotateAfter and in use. */
const DUE: KeyFacts = { age: days(70) };

const off = (facts: KeyFacts): KeyFacts => ({ status: 'inactive', lastUsed: days(30), ...facts });

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
    when: { key: DUE, other: { age: days(200), lastUsed: 'never' }, policy: { recoveryGrace: 15 } },
    says: 'wait: slot-being-freed',
    dueIn: days(10 + 15),
  },
  {
    it: 'waits for an unused key whose time is over to be switched off and deleted',
    when: { key: DUE, other: { age: days(200), lastUsed: 'never', noticedAgo: days(30) } },
    says: 'wait: slot-being-freed',
    dueIn: days(10),
  },
  {
    it: 'waits for the retirement of an unused key that has been announced',
    when: { key: DUE, other: { age: days(200), lastUsed: 'never', noticedAgo: days(3) } },
    says: 'wait: slot-being-freed',
    dueIn: days(7 + 10),
  },
  {
    it: 'waits for the retirement of an unused key that was reactivated since',
    when: {
      key: DUE,
      other: { age: days(200), lastUsed: 'never', noticedAgo: days(30), reactivatedAgo: days(2) },
    },
    says: 'wait: slot-being-freed',
    dueIn: days(8 + 10),
  },
  ...around({
    name: 'half of unusedAfter, at which the other key, never used, begins to be retired',
    at: days(45),
    when: (age) => ({ key: DUE, other: { age, lastUsed: 'never' } }),
    before: 'wait: slot-held-by-young-key',
    from: 'wait: slot-being-freed',
  }),
  {
    it: 'waits for a young key that nobody has used yet',
    when: { key: DUE, other: { age: days(20), lastUsed: 'never' } },
    says: 'wait: slot-held-by-young-key',
    dueIn: days(25),
  },
  {
    it: 'waits for a young key that nobody has used yet, also past its own deadline',
    when: { key: { age: days(130) }, other: { age: days(20), lastUsed: 'never' } },
    says: 'wait: slot-held-by-young-key',
  },
  {
    it: 'waits where the last use of the other key is unknown',
    when: { key: DUE, other: { age: days(200), lastUsed: 'unknown' } },
    says: 'wait: last-use-unknown',
    dueIn: undefined,
  },
  {
    it: 'waits, as our replacement that is due itself, for the key it replaces to go',
    when: {
      key: { age: days(61), replacementOf: OTHER, deliveredAgo: days(61) },
      other: { age: days(125), noticedAgo: days(61) },
    },
    says: 'wait: slot-being-freed',
  },
  {
    it: 'waits, as a replacement made by hand that is due itself, for the key it replaces to go',
    when: { key: { age: days(61), lastUsed: 0 }, other: { age: days(125), lastUsed: days(3) } },
    says: 'wait: slot-being-freed',
  },
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
});
