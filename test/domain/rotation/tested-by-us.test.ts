import { expect } from 'chai';
import { days, MINUTE } from '../../../src/domain/time.ts';
import { around, decisionOn, OTHER, verdictOn, type KeyFacts, type Line } from '../../support/builders.ts';

/* Before we deliver a key we sign a call with it; IAM then says that it was used, but nobody has. */

/** Our replacement of a key that is gone, delivered so long ago. */
const ours = (age: number, facts: KeyFacts = {}): KeyFacts => ({
  age,
  replacementOf: 'AKIAGONE',
  deliveredAgo: age,
  lastUsed: age,
  ...facts,
});

const LINES: readonly Line[] = [
  ...around({
    name: 'the last 5 minutes after its delivery (clocks differ), going back in time',
    at: days(70) - 5 * MINUTE,
    when: (lastUsed) => ({ key: ours(days(70), { lastUsed }) }),
    before: 'replace: due',
    from: 'wait: never-used',
  }),
  {
    it: 'counts as never used when it was tested just before its delivery',
    when: { key: ours(days(70), { age: days(70) + MINUTE, lastUsed: days(70) + 1 }) },
    says: 'wait: never-used',
  },
  ...around({
    name: 'the quarter of an hour after its creation, where its delivery was only recorded a week later',
    at: days(70) - 15 * MINUTE,
    when: (lastUsed) => ({ key: ours(days(70), { deliveredAgo: days(63), lastUsed }) }),
    before: 'replace: due',
    from: 'wait: never-used',
  }),
  ...around({
    name: 'unusedAfter since its delivery, however long after its creation that was',
    at: days(90),
    when: (deliveredAgo) => ({ key: ours(days(111), { deliveredAgo, lastUsed: days(111) }) }),
    before: 'wait: never-used',
    from: 'wait: unused-notice',
  }),
  ...around({
    name: 'unusedAfter since its creation',
    at: days(90),
    when: (age) => ({ key: ours(age) }),
    before: 'wait: never-used',
    from: 'wait: unused-notice',
  }),
  {
    it: 'is replaced like any other when its owner has used it since',
    when: { key: ours(days(70), { lastUsed: days(69) }) },
    says: 'replace: due',
  },
  {
    it: 'waits to be adopted while its owner uses the key it replaces',
    when: { key: ours(days(70), { replacementOf: OTHER }), other: { age: days(140) } },
    says: 'wait: replacement-not-adopted',
  },
  {
    it: 'does not count as never used when its last use is unknown',
    when: { key: ours(days(120), { lastUsed: 'unknown', notices: { unused: { givenAgo: days(20) } } }) },
    says: 'wait: last-use-unknown',
  },
  {
    it: 'leaves its place to a key that is due, as if it were anybody’s that was never used',
    when: { key: ours(days(56), { notices: { unused: { givenAgo: days(10) } } }), other: { age: days(70) } },
    says: 'deactivate: unused',
  },
  {
    it: 'is, for a key that is due, a young key that nobody has used yet',
    when: { key: { age: days(70) }, other: ours(days(20)) },
    says: 'wait: slot-held',
  },
  {
    it: 'counts as used at once where it is a person’s own key',
    when: { key: { age: days(70), lastUsed: days(70) } },
    says: 'replace: due',
  },
];

describe('a key that only we have used, to test it', () => {
  for (const { it: title, when, ...expected } of LINES) {
    it(title, () => expect(verdictOn(when)).to.include(expected));
  }

  it('is said to be never used', () => {
    expect(decisionOn({ key: ours(days(95)) }).message).to.match(/^Unused \(never used\)/);
  });
});
