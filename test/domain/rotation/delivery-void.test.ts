import { expect } from 'chai';
import { days } from '../../../src/domain/time.ts';
import { decisionOn, THIS, type KeyFacts } from '../../support/builders.ts';

/** Replaced, and in use until its owner moved; nobody has moved yet. */
const replaced = (facts: KeyFacts = {}): KeyFacts => ({ age: days(85), lastUsed: 0, ...facts });

/** Our replacement of it, which its secret does not hold any more. */
const untaken = (facts: KeyFacts = {}): KeyFacts => ({
  age: days(20),
  replacementOf: THIS,
  deliveredAgo: days(20),
  lastUsed: 'never',
  delivery: 'superseded',
  ...facts,
});

const announced = { replaced: { givenAgo: days(19) } };

describe('a key whose replacement is not where it was delivered to', () => {
  for (const [delivery, says] of [
    ['superseded', 'the secret holds another value by now: put the new key back, or ask who changed it'],
    ['deleting', 'the secret is scheduled for deletion: restore it, or ask who deleted it'],
    ['gone', 'the secret is gone'],
  ] as const) {
    it(`says what to do where the secret is ${delivery}`, () => {
      expect(decisionOn({ key: replaced(), other: untaken({ delivery }) }).message).to.equal(
        `It stays active: AKIAOTHER was delivered as its replacement, but ${says}.`,
      );
    });
  }

  it('has nothing to lose where nothing was announced', () => {
    expect(decisionOn({ key: replaced(), other: untaken() })).to.not.have.property('observation');
  });

  // What uses it next can't move either, so that use must not count as one after the announcement.
  const WHATEVER: readonly (readonly [string, KeyFacts, string])[] = [
    ['is blocked', { notices: { deadline: { givenAgo: days(15) } } }, 'delivery-void'],
    ['is announced as unused', { lastUsed: days(100), age: days(130), notices: announced }, 'unused-notice'],
    ['has a last use that is unknown', { lastUsed: 'unknown', notices: announced }, 'last-use-unknown'],
  ];
  for (const [title, facts, reason] of WHATEVER) {
    it(`loses what was announced for it when it ${title}`, () => {
      const decision = decisionOn({ key: replaced(facts), other: untaken() });
      expect(decision.reason).to.equal(reason);
      expect(decision.observation?.kind).to.equal('notices-void');
    });
  }

  it('keeps what was announced where it can not be told what the secret holds', () => {
    const decision = decisionOn({
      key: replaced({ notices: announced }),
      other: untaken({ delivery: 'unknown' }),
    });
    expect(decision.reason).to.equal('delivery-unknown');
    expect(decision).to.not.have.property('observation');
  });
});
