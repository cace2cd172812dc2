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

/** An active key in use that is due, so that it needs the place of the other one. */
const DUE: KeyFacts = { age: days(60) };

/** A key in use that its owner has not left for the other one, our replacement of it. */
const LEFT_BEHIND: KeyFacts = { age: days(200) };
const NOT_ADOPTED: KeyFacts = { age: days(120), replacementOf: OTHER, deliveredAgo: days(120) };

const UNUSED: readonly Line[] = [
  ...around({
    name: 'unusedAfter since the last use',
    at: days(90),
    when: (lastUsed) => ({ key: { age: days(200), lastUsed } }),
    before: 'replace: due',
    from: 'wait: unused-notice',
  }),
  ...around({
    name: 'unusedAfter since the creation, never used',
    at: days(90),
    when: (age) => ({ key: { age, lastUsed: 'never' } }),
    before: 'wait: never-used',
    from: 'wait: unused-notice',
  }),
  ...around({
    name: 'the 45 days that CIS AWS Foundations asks for',
    at: days(45),
    when: (age) => ({ key: { age, lastUsed: 'never' }, policy: { unusedAfter: 45 } }),
    before: 'keep: young',
    from: 'wait: unused-notice',
  }),
  ...around({
    name: 'unusedAfter since it was switched on again',
    at: days(90),
    when: (reactivatedAgo) => ({ key: { age: days(300), lastUsed: days(200), reactivatedAgo } }),
    before: 'replace: due',
    from: 'wait: unused-notice',
  }),
  ...around({
    name: 'unusedAfter since its predecessor was switched off, as a replacement that nobody used',
    at: days(90),
    when: (predecessorOffFor) => ({
      key: { ...NOT_ADOPTED, lastUsed: 'never', predecessorOffFor },
      other: { ...LEFT_BEHIND, status: 'inactive', inactiveFor: days(100) },
    }),
    before: 'wait: never-used',
    from: 'wait: unused-notice',
  }),
  {
    it: 'is unused from its last use on, as a replacement that was used, whenever its predecessor went off',
    when: { key: { ...NOT_ADOPTED, lastUsed: days(90), predecessorOffFor: days(1) } },
    says: 'wait: unused-notice',
  },
  {
    it: 'was never used where IAM dates its last use before its creation',
    when: { key: { age: days(61), lastUsed: days(61) + 1 } },
    says: 'wait: never-used',
    dueIn: days(29),
  },
  {
    it: 'is never unused with unusedAfter off',
    when: { key: { age: days(900), lastUsed: days(800) }, policy: { unusedAfter: 'off' } },
    says: 'replace: due',
  },
  {
    it: 'counts as used with unusedAfter off although it never was',
    when: { key: { age: days(900), lastUsed: 'never' }, policy: { unusedAfter: 'off' } },
    says: 'replace: due',
  },
];

const NEEDED: readonly Line[] = [
  ...around({
    name: 'half of unusedAfter, never used and its place needed',
    at: days(45),
    when: (age) => ({ key: { age, lastUsed: 'never' }, other: DUE }),
    before: 'keep: young',
    from: 'wait: unused-notice',
  }),
  ...around({
    name: 'the moment its place is needed',
    at: days(60),
    when: (age) => ({ key: { age: days(50), lastUsed: 'never' }, other: { age } }),
    before: 'keep: young',
    from: 'wait: unused-notice',
  }),
  ...around({
    name: 'unusedAfter since the last use, used once and its place needed',
    at: days(90),
    when: (lastUsed) => ({ key: { age: days(95), lastUsed }, other: DUE }),
    before: 'blocked: two-keys-in-use',
    from: 'wait: unused-notice',
  }),
  ...around({
    name: 'half of an unusedAfter of 200 days',
    at: days(100),
    when: (age) => ({ key: { age, lastUsed: 'never' }, other: DUE, policy: { unusedAfter: 200 } }),
    before: 'wait: never-used',
    from: 'wait: unused-notice',
  }),
  {
    it: 'is left alone at half of unusedAfter while nobody needs its place',
    when: { key: { age: days(45), lastUsed: 'never' } },
    says: 'keep: young',
  },
  {
    it: 'is left alone when it has been used once, though its place is needed',
    when: { key: { age: days(59), lastUsed: days(58) }, other: { age: days(70) } },
    says: 'keep: young',
  },
  {
    it: 'is left alone when its last use is unknown, though its place is needed',
    when: { key: { age: days(59), lastUsed: 'unknown' }, other: DUE },
    says: 'keep: young',
  },
  {
    it: 'is left alone with unusedAfter off, though its place is needed',
    when: { key: { age: days(59), lastUsed: 'never' }, other: DUE, policy: { unusedAfter: 'off' } },
    says: 'keep: young',
  },
];

const RETIREMENT: readonly Line[] = [
  {
    it: 'is announced first, whatever its age',
    when: { key: { age: days(900), lastUsed: 'never' } },
    says: 'wait: unused-notice',
    dueIn: days(10),
    notice: 'unused',
    noticeFor: days(10),
    isNewNotice: true,
    restsOnNotice: false,
  },
  ...around({
    name: 'adoptionGrace after the notice, unused',
    at: days(10),
    when: (givenAgo) => ({ key: { age: days(200), lastUsed: days(101), notices: { unused: { givenAgo } } } }),
    before: 'wait: unused-grace',
    from: 'deactivate: unused',
  }),
  ...around({
    name: 'adoptionGrace after the notice, never used and its place needed',
    at: days(10),
    when: (givenAgo) => ({
      key: { age: days(56), lastUsed: 'never', notices: { unused: { givenAgo } } },
      other: DUE,
    }),
    before: 'wait: unused-grace',
    from: 'deactivate: unused',
  }),
  {
    it: 'says when its grace is over',
    when: { key: { age: days(200), lastUsed: 'never', notices: { unused: { givenAgo: days(4) } } } },
    says: 'wait: unused-grace',
    dueIn: days(6),
    notice: 'unused',
    noticeFor: days(6),
    isNewNotice: false,
  },
  {
    it: 'is announced again when the notice was given before it was unused, about something else',
    when: { key: { age: days(300), lastUsed: days(100), notices: { unused: { givenAgo: days(10) + 1 } } } },
    says: 'wait: unused-notice',
    notice: 'unused',
  },
  {
    it: 'needs no other notice than that of the very moment at which it became unused',
    when: { key: { age: days(300), lastUsed: days(100), notices: { unused: { givenAgo: days(10) } } } },
    says: 'deactivate: unused',
    dueIn: 0,
    notice: 'unused',
    isNewNotice: false,
    restsOnNotice: true,
  },
  {
    it: 'goes not before the date that people were told, whatever the grace is now',
    when: {
      key: { age: days(300), lastUsed: days(150), notices: { unused: { givenAgo: days(12), dateIn: 1 } } },
      policy: { adoptionGrace: 1 },
    },
    says: 'wait: unused-grace',
    dueIn: 1,
  },
  {
    it: 'goes at the date that people were told, although the grace is longer now',
    when: {
      key: { age: days(300), lastUsed: days(150), notices: { unused: { givenAgo: days(12), dateIn: 0 } } },
      policy: { adoptionGrace: 30 },
    },
    says: 'deactivate: unused',
  },
  ...around({
    name: '45 days after the notice was repeated last',
    at: days(45) + 1,
    when: (repeatedAgo) => ({
      key: { age: days(400), lastUsed: days(200), notices: { unused: { givenAgo: days(60), repeatedAgo } } },
    }),
    before: 'deactivate: unused',
    from: 'wait: unused-notice',
  }),
  {
    it: 'gets a whole grace again where its notice is void',
    when: {
      key: {
        age: days(400),
        lastUsed: days(200),
        notices: { unused: { givenAgo: days(60), repeatedAgo: days(46) } },
      },
    },
    says: 'wait: unused-notice',
    noticeFor: days(10),
    isNewNotice: true,
  },
  {
    it: 'is not told by a notice about something else',
    when: { key: { age: days(400), lastUsed: days(200), notices: { deadline: { givenAgo: days(20) } } } },
    says: 'wait: unused-notice',
  },
  {
    it: 'is left alone when it is used during the grace',
    when: { key: { age: days(50), lastUsed: 0, notices: { unused: { givenAgo: days(20) } } } },
    says: 'keep: young',
  },
  {
    it: 'is retired also when the other key is unused',
    when: {
      key: { age: days(200), lastUsed: 'never', notices: { unused: { givenAgo: days(10) } } },
      other: { age: days(300), lastUsed: 'never' },
    },
    says: 'deactivate: unused',
  },
];

const REPLACEMENT: readonly Line[] = [
  {
    it: 'is not retired, though never used, while its owner uses the key it replaces',
    when: {
      key: { ...NOT_ADOPTED, lastUsed: 'never', notices: { unused: { givenAgo: days(20) } } },
      other: LEFT_BEHIND,
    },
    says: 'wait: replacement-not-adopted',
    dueIn: undefined,
  },
  {
    it: 'is not retired, though no longer used, while its owner uses the key it replaces',
    when: {
      key: { ...NOT_ADOPTED, lastUsed: days(95), notices: { unused: { givenAgo: days(20) } } },
      other: LEFT_BEHIND,
    },
    says: 'wait: replacement-not-adopted',
  },
  {
    it: 'is not retired while the last use of the key it replaces is unknown',
    when: { key: { ...NOT_ADOPTED, lastUsed: 'never' }, other: { ...LEFT_BEHIND, lastUsed: 'unknown' } },
    says: 'wait: replacement-not-adopted',
  },
  {
    it: 'is not retired with the key it replaces when neither is used: it is idle only when that is off',
    when: { key: { ...NOT_ADOPTED, lastUsed: 'never' }, other: { ...LEFT_BEHIND, lastUsed: days(90) } },
    says: 'wait: replacement-not-adopted',
  },
  {
    it: 'is retired once the key it replaces is inactive',
    when: { key: { ...NOT_ADOPTED, lastUsed: 'never' }, other: { ...LEFT_BEHIND, status: 'inactive' } },
    says: 'wait: unused-notice',
  },
  {
    it: 'is retired once the key it replaces is inactive for unusedAfter',
    when: {
      key: { ...NOT_ADOPTED, lastUsed: 'never', predecessorOffFor: days(90) },
      other: { ...LEFT_BEHIND, status: 'inactive', inactiveFor: days(90) },
    },
    says: 'wait: unused-notice',
  },
  {
    it: 'is retired when it was never delivered',
    when: { key: { age: days(120), replacementOf: OTHER, lastUsed: 'never' }, other: LEFT_BEHIND },
    says: 'wait: unused-notice',
  },
];

describe('A1: a key nobody uses', () => {
  for (const [part, lines] of [
    ['an unused key', UNUSED],
    ['a key never used whose place is needed', NEEDED],
    ['its retirement', RETIREMENT],
    ['our replacement of a key in use', REPLACEMENT],
  ] as const) {
    describe(part, () => {
      for (const { it: title, when, ...expected } of lines) {
        it(title, () => expect(verdictOn(when)).to.include(expected));
      }
    });
  }

  it('is told why, and from when on', () => {
    const needed = {
      key: { age: days(50), lastUsed: 'never', notices: { unused: { givenAgo: days(1) } } },
      other: DUE,
    } as const;
    expect(decisionOn(needed).message).to.equal(
      'Never used, and its place is needed for the replacement of the other key; it is deactivated from 2026-03-10 on unless it is used before.',
    );
    const unused = { key: { id: THIS, age: days(200), lastUsed: days(100) } };
    expect(decisionOn(unused).message).to.equal(
      'Unused (last used 100 days ago); it is deactivated from 2026-03-11 on unless it is used before.',
    );
  });
});
