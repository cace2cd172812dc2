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

const YOUNG: readonly Line[] = [
  ...around({
    name: 'rotateAfter, in use',
    at: days(60),
    when: (age) => ({ key: { age } }),
    before: 'keep: young',
    from: 'replace: due',
  }),
  ...around({
    name: 'rotateAfter of half a day',
    at: days(0.5),
    when: (age) => ({ key: { age, lastUsed: 0 }, policy: { rotateAfter: 0.5 } }),
    before: 'keep: young',
    from: 'replace: due',
  }),
  {
    it: 'is kept until rotateAfter',
    when: { key: { age: days(59.5) } },
    says: 'keep: young',
    dueIn: days(0.5),
  },
  {
    it: 'is kept although it was never used',
    when: { key: { age: days(59), lastUsed: 'never' } },
    says: 'keep: young',
  },
  {
    it: 'is kept although its last use is unknown',
    when: { key: { age: days(59), lastUsed: 'unknown' } },
    says: 'keep: young',
  },
  {
    it: 'is kept although it has a replacement already',
    when: {
      key: { age: days(59), notices: { unused: { givenAgo: days(40) } } },
      other: { age: days(50), replacementOf: THIS, deliveredAgo: days(50) },
    },
    says: 'keep: young',
  },
  {
    it: 'is kept when it was created after the run has read the time',
    when: { key: { age: -1, lastUsed: 'never' } },
    says: 'keep: young',
  },
];

const NEVER_USED: readonly Line[] = [
  ...around({
    name: 'rotateAfter, never used',
    at: days(60),
    when: (age) => ({ key: { age, lastUsed: 'never' } }),
    before: 'keep: young',
    from: 'wait: never-used',
  }),
  {
    it: 'is not replaced, and told when it will be retired',
    when: { key: { age: days(70), lastUsed: 'never' } },
    says: 'wait: never-used',
    dueIn: days(20),
  },
  {
    it: 'is not replaced at the age at which others are deactivated',
    when: { key: { age: days(85), lastUsed: 'never' } },
    says: 'wait: never-used',
  },
  {
    it: 'is not replaced by hand by a key that has nothing to be compared with',
    when: { key: { age: days(85), lastUsed: 'never' }, other: { age: days(20), lastUsed: 0 } },
    says: 'wait: never-used',
  },
  {
    it: 'is replaced all the same when it is our undelivered replacement of nobody’s key',
    when: { key: { age: days(70), replacementOf: 'AKIAGONE' } },
    says: 'replace: due',
  },
  {
    it: 'waits to be adopted when it is our replacement, even at the age of a never-used key',
    when: {
      key: { age: days(70), lastUsed: 'never', replacementOf: OTHER, deliveredAgo: days(70) },
      other: { age: days(140) },
    },
    says: 'wait: replacement-not-adopted',
  },
];

describe('A2: a young key', () => {
  for (const { it: title, when, ...expected } of YOUNG) {
    it(title, () => expect(verdictOn(when)).to.include(expected));
  }
});

describe('what is said of them', () => {
  const said = (facts: KeyFacts) => decisionOn({ key: facts }).message;

  it('names the age, or the day of the retirement', () => {
    expect(said({ age: days(59) })).to.equal('Younger than 60 days.');
    expect(said({ age: days(70), lastUsed: 'never' })).to.equal(
      'Never used, so nobody needs a replacement for it; it is retired if that is still so on 2026-03-21.',
    );
    expect(said({ age: days(70), lastUsed: 'unknown' })).to.equal(
      'Its last use could not be read; nothing is done on a guess.',
    );
  });
});

describe('A4: a key that was never used', () => {
  for (const { it: title, when, ...expected } of NEVER_USED) {
    it(title, () => expect(verdictOn(when)).to.include(expected));
  }
});
