import { expect } from 'chai';
import { days } from '../../../src/domain/time.ts';
import { around, THIS, verdictOn, type KeyFacts, type Line } from '../../support/builders.ts';

/** A replacement that nobody has used, and whose secret is gone for good. */
const LOST: KeyFacts = {
  age: days(20),
  replacementOf: 'AKIAOTHER',
  deliveredAgo: days(20),
  lastUsed: 'never',
  delivery: 'gone',
};

/** That was announced, a whole grace ago. */
const ANNOUNCED: KeyFacts = { ...LOST, notices: { unused: { givenAgo: days(10) } } };

const LOST_REPLACEMENT: readonly Line[] = [
  {
    it: 'is announced to be deactivated: somebody may have taken it and not have used it yet',
    when: { key: LOST, other: { age: days(85) } },
    says: 'wait: unused-notice',
    dueIn: days(10),
    notice: 'unused',
    noticeFor: days(10),
  },
  {
    it: 'is left alone until the date that was announced',
    when: { key: { ...LOST, notices: { unused: { givenAgo: days(9) } } }, other: { age: days(85) } },
    says: 'wait: unused-grace',
    dueIn: days(1),
  },
  {
    it: 'is deactivated, so that its predecessor, used since that was announced, is replaced anew',
    when: { key: ANNOUNCED, other: { age: days(85) } },
    says: 'deactivate: delivery-lost',
    restsOnNotice: true,
  },
  {
    it: 'waits while neither is used: the job that takes it may not have run yet',
    when: { key: ANNOUNCED, other: { age: days(85), lastUsed: days(11) } },
    says: 'wait: replacement-not-adopted',
  },
  {
    it: 'waits while the last use of its predecessor is unknown',
    when: { key: ANNOUNCED, other: { age: days(85), lastUsed: 'unknown' } },
    says: 'wait: replacement-not-adopted',
  },
  {
    it: 'is announced anew where that was announced before it was switched on again',
    when: { key: { ...ANNOUNCED, reactivatedAgo: days(5) }, other: { age: days(85) } },
    says: 'wait: unused-notice',
  },
  {
    it: 'is never deleted when it was used after that was announced',
    when: {
      key: {
        ...ANNOUNCED,
        status: 'inactive',
        deactivatedAs: 'delivery-lost',
        inactiveFor: days(10),
        lastUsed: days(10) - 1,
      },
    },
    says: 'blocked: used-after-notice',
  },
  {
    it: 'is kept when somebody has used it',
    when: { key: { ...LOST, lastUsed: days(2) }, other: { age: days(85) } },
    says: 'keep: young',
  },
  {
    it: 'is kept when its last use is unknown',
    when: { key: { ...LOST, lastUsed: 'unknown' }, other: { age: days(85) } },
    says: 'keep: young',
  },
  ...(['current', 'superseded', 'deleting', 'unknown', 'not-looked-at'] as const).map((delivery): Line => ({
    it: `is kept while the secret is ${delivery}`,
    when: { key: { ...LOST, delivery }, other: { age: days(85) } },
    says: 'keep: young',
  })),
  {
    it: 'is kept when the key it replaces is inactive, which would lose its protection from deletion',
    when: { key: LOST, other: { age: days(85), status: 'inactive', inactiveFor: days(20) } },
    says: 'keep: young',
  },
  ...around({
    name: 'rotateAfter of the key it replaces',
    at: days(60),
    when: (age) => ({ key: ANNOUNCED, other: { age } }),
    before: 'keep: young',
    from: 'deactivate: delivery-lost',
  }),
  {
    it: 'makes its predecessor wait for its deletion, and that is replaced in the same run',
    when: {
      key: { age: days(110) },
      other: {
        ...LOST,
        replacementOf: THIS,
        status: 'inactive',
        deactivatedAs: 'delivery-lost',
        inactiveFor: days(10),
        notices: { delete: { givenAgo: days(10) } },
      },
    },
    says: 'replace: due',
  },
];

describe('a lost replacement', () => {
  for (const { it: title, when, ...expected } of LOST_REPLACEMENT) {
    it(title, () => expect(verdictOn(when)).to.include(expected));
  }
});
