import { expect } from 'chai';
import { days } from '../../../src/domain/time.ts';
import { around, decisionOn, THIS, verdictOn, type KeyFacts, type Line } from '../../support/builders.ts';

/** Our replacement, delivered and announced long ago, of a key that its owner has not left. */
const REPLACEMENT: KeyFacts = {
  age: days(40),
  replacementOf: THIS,
  deliveredAgo: days(40),
  lastUsed: 'never',
};
const used = (facts: KeyFacts = {}): KeyFacts => ({ age: days(100), noticedAgo: days(40), ...facts });

const LINES: readonly Line[] = [
  ...around({
    name: 'the end of inUseWindow',
    at: days(7) + 1,
    when: (lastUsed) => ({ key: used({ age: days(85), lastUsed }), other: REPLACEMENT }),
    before: 'wait: replaced-still-in-use',
    from: 'deactivate: replaced',
  }),
  ...around({
    name: 'enforceAt, deleteAfter',
    at: days(90),
    when: (age) => ({ key: used({ age }), other: REPLACEMENT, policy: { adoptionGrace: 3 } }),
    before: 'wait: replaced-still-in-use',
    from: 'deactivate: replaced-deadline',
  }),
  ...around({
    name: 'enforceAt, two graces after notice and delivery',
    at: days(20),
    when: (time) => ({
      key: used({ noticedAgo: time }),
      other: { ...REPLACEMENT, age: days(21), deliveredAgo: time },
    }),
    before: 'wait: replaced-still-in-use',
    from: 'deactivate: replaced-deadline',
  }),
  ...around({
    name: 'enforceAt, two graces after a notice later than the delivery',
    at: days(20),
    when: (noticedAgo) => ({ key: used({ noticedAgo }), other: REPLACEMENT }),
    before: 'wait: replaced-still-in-use',
    from: 'deactivate: replaced-deadline',
  }),
  ...around({
    name: 'enforceAt, two graces after the reactivation',
    at: days(20),
    when: (reactivatedAgo) => ({ key: used({ reactivatedAgo }), other: REPLACEMENT }),
    before: 'wait: replaced-still-in-use',
    from: 'deactivate: replaced-deadline',
  }),
  {
    it: 'is deactivated at once when the deadline has passed',
    when: { key: used(), other: REPLACEMENT },
    says: 'deactivate: replaced-deadline',
    dueIn: 0,
    notice: false,
  },
  {
    it: 'says when the deadline is',
    when: { key: used({ age: days(84) }), other: REPLACEMENT },
    says: 'wait: replaced-still-in-use',
    dueIn: days(6),
  },
  {
    it: 'is in its grace first, in use or not',
    when: { key: used({ noticedAgo: days(5) }), other: REPLACEMENT },
    says: 'wait: replaced-grace',
    dueIn: days(5),
  },
  {
    it: 'is never deactivated with whenStillInUse: wait',
    when: { key: used({ age: days(500) }), other: REPLACEMENT, policy: { whenStillInUse: 'wait' } },
    says: 'wait: replaced-still-in-use',
    dueIn: undefined,
  },
  {
    it: 'is deactivated with whenStillInUse: wait once nobody uses it',
    when: { key: used({ lastUsed: days(8) }), other: REPLACEMENT, policy: { whenStillInUse: 'wait' } },
    says: 'deactivate: replaced',
  },
  {
    it: 'waits at the deadline when its last use is unknown',
    when: { key: used({ age: days(500), lastUsed: 'unknown' }), other: REPLACEMENT },
    says: 'wait: last-use-unknown',
  },
];

describe('A3: a key that we have replaced and that is still in use', () => {
  for (const { it: title, when, ...expected } of LINES) {
    it(title, () => expect(verdictOn(when)).to.include(expected));
  }

  it('is said loudly to be, with what comes of it', () => {
    const before = { key: used({ age: days(84), lastUsed: days(2) }), other: REPLACEMENT };
    expect(decisionOn(before).message).to.equal(
      'STILL IN USE (last used 2 days ago) although AKIAOTHER takes its place; it is deactivated on 2026-03-07 in any case.',
    );
    expect(decisionOn({ ...before, policy: { whenStillInUse: 'wait' } }).message).to.equal(
      'STILL IN USE (last used 2 days ago) although AKIAOTHER takes its place; it stays active until nobody uses it.',
    );
  });
});
