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

const LOST_REPLACEMENT: readonly Line[] = [
  {
    it: 'is deactivated, so that its predecessor is replaced anew',
    when: { key: LOST, other: { age: days(85) } },
    says: 'deactivate: delivery-lost',
    restsOnNotice: false,
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
    when: (age) => ({ key: LOST, other: { age } }),
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
