import { expect } from 'chai';
import { days } from '../../../src/domain/time.ts';
import { around, decisionOn, THIS, verdictOn, type KeyFacts, type Line } from '../../support/builders.ts';

/** A key nobody uses any more since its replacement was there; noticed with the replacement. */
const left = (facts: KeyFacts = {}): KeyFacts => ({
  age: days(85),
  lastUsed: days(20),
  noticedAgo: days(20),
  ...facts,
});

/** Our replacement of it, delivered so long ago, adopted. */
const ours = (facts: KeyFacts = {}): KeyFacts => ({
  age: days(20),
  replacementOf: THIS,
  deliveredAgo: days(20),
  lastUsed: 0,
  ...facts,
});

const OURS: readonly Line[] = [
  {
    it: 'is announced first where no digest has yet',
    when: { key: { age: days(85), lastUsed: days(20) }, other: ours() },
    says: 'wait: replaced-notice',
    dueIn: days(10),
    notice: true,
  },
  {
    it: 'is announced when the only notice is older than the delivery, as it announced something else',
    when: { key: left({ noticedAgo: days(20) + 1 }), other: ours() },
    says: 'wait: replaced-notice',
    notice: true,
  },
  {
    it: 'needs no second notice after the one with the delivery',
    when: { key: left({ noticedAgo: days(20) }), other: ours() },
    says: 'deactivate: replaced',
    dueIn: 0,
    notice: false,
  },
  ...around({
    name: 'deactivateAfter, graces over',
    at: days(80),
    when: (age) => ({ key: left({ age }), other: ours() }),
    before: 'wait: replaced-grace',
    from: 'deactivate: replaced',
  }),
  ...around({
    name: 'adoptionGrace after delivery and notice',
    at: days(10),
    when: (time) => ({
      key: left({ noticedAgo: time }),
      other: ours({ age: days(12), deliveredAgo: time }),
    }),
    before: 'wait: replaced-grace',
    from: 'deactivate: replaced',
  }),
  ...around({
    name: 'adoptionGrace after a notice later than the delivery',
    at: days(10),
    when: (noticedAgo) => ({ key: left({ noticedAgo }), other: ours() }),
    before: 'wait: replaced-grace',
    from: 'deactivate: replaced',
  }),
  {
    it: 'waits for deactivateAfter where that is later',
    when: { key: left({ age: days(75) }), other: ours() },
    says: 'wait: replaced-grace',
    dueIn: days(5),
  },
  {
    it: 'waits for the grace where that is later',
    when: { key: left({ noticedAgo: days(3) }), other: ours() },
    says: 'wait: replaced-grace',
    dueIn: days(7),
  },
  {
    it: 'is deactivated although nobody has used the replacement, when nobody uses the key either',
    when: { key: left(), other: ours({ lastUsed: 'never' }) },
    says: 'deactivate: replaced',
  },
  {
    it: 'is deactivated although the last use of the replacement is unknown',
    when: { key: left(), other: ours({ lastUsed: 'unknown' }) },
    says: 'deactivate: replaced',
  },
  {
    it: 'is never deactivated when its own last use is unknown',
    when: { key: left({ age: days(400), lastUsed: 'unknown' }), other: ours() },
    says: 'wait: last-use-unknown',
    dueIn: undefined,
  },
  {
    it: 'is announced all the same when its last use is unknown',
    when: { key: { age: days(85), lastUsed: 'unknown' }, other: ours() },
    says: 'wait: replaced-notice',
    notice: true,
  },
];

const BY_HAND: readonly Line[] = [
  {
    it: 'is announced first',
    when: { key: { age: days(85), lastUsed: days(20) }, other: { age: days(20) } },
    says: 'wait: replaced-notice',
    notice: true,
  },
  {
    it: 'is deactivated when the graces are over and it is no longer in use',
    when: { key: left({ lastUsed: days(19) }), other: { age: days(20) } },
    says: 'deactivate: replaced',
  },
  ...around({
    name: 'the last use of the other key, so that this one was left for it',
    at: days(20),
    when: (lastUsed) => ({ key: left({ lastUsed }), other: { age: days(40), lastUsed: days(20) - 1 } }),
    before: 'blocked: two-keys-in-use',
    from: 'deactivate: replaced',
  }),
  ...around({
    name: 'adoptionGrace after the notice',
    at: days(10),
    when: (noticedAgo) => ({ key: left({ noticedAgo }), other: { age: days(20) } }),
    before: 'wait: replaced-grace',
    from: 'deactivate: replaced',
  }),
  ...around({
    name: 'the end of inUseWindow',
    at: days(7) + 1,
    when: (lastUsed) => ({ key: left({ lastUsed }), other: { age: days(20) } }),
    before: 'blocked: two-keys-in-use',
    from: 'deactivate: replaced',
  }),
  {
    it: 'waits while its last use is unknown',
    when: { key: left({ age: days(400), lastUsed: 'unknown' }), other: { age: days(20) } },
    says: 'wait: last-use-unknown',
  },
];

const NOT_REPLACED: readonly Line[] = [
  {
    it: 'by a young second key that nobody has used',
    when: { key: left(), other: { age: days(20), lastUsed: 'never' } },
    says: 'wait: slot-held-by-young-key',
  },
  {
    it: 'by a second key used at the very same moment, and not later',
    when: { key: left({ lastUsed: days(8) }), other: { age: days(20), lastUsed: days(8) } },
    says: 'blocked: two-keys-in-use',
  },
  {
    it: 'by a second key whose last use is unknown',
    when: { key: left(), other: { age: days(20), lastUsed: 'unknown' } },
    says: 'wait: last-use-unknown',
  },
  {
    it: 'by an older key that was used later',
    when: { key: left({ lastUsed: days(8) }), other: { age: days(86), lastUsed: 0 } },
    says: 'blocked: two-keys-in-use',
  },
  {
    it: 'by a key created at the same moment',
    when: { key: left({ lastUsed: days(8) }), other: { age: days(85), lastUsed: 0 } },
    says: 'blocked: two-keys-in-use',
  },
  {
    it: 'by our key before it is delivered',
    when: { key: left(), other: { age: days(20), replacementOf: THIS, lastUsed: 'never' } },
    says: 'wait: slot-held-by-young-key',
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
    ['replaced by us', OURS],
    ['replaced by hand', BY_HAND],
    ['not replaced', NOT_REPLACED],
  ] as const) {
    describe(part, () => {
      for (const { it: title, when, ...expected } of lines) {
        it(title, () => expect(verdictOn(when)).to.include(expected));
      }
    });
  }

  it('is told which key takes its place, and from when on', () => {
    const announced = { key: { age: days(70), lastUsed: days(1) }, other: ours({ age: 0, deliveredAgo: 0 }) };
    expect(decisionOn(announced).message).to.equal(
      'AKIAOTHER takes its place; it is deactivated from 2026-03-11 on.',
    );
  });
});
