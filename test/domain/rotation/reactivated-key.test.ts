import { expect } from 'chai';
import { DAY, days } from '../../../src/domain/time.ts';
import {
  around,
  decisionOn,
  OTHER,
  T0,
  THIS,
  verdictOn,
  type KeyFacts,
  type Line,
} from '../../support/builders.ts';

/** Ours, delivered long ago, in use. */
const REPLACEMENT: KeyFacts = { age: days(50), replacementOf: THIS, deliveredAgo: days(50), lastUsed: 0 };

const LINES: readonly Line[] = [
  {
    it: 'is in use again for the policy: a person wants it',
    when: { key: { age: days(400), lastUsed: days(200), inactiveFor: days(30) } },
    says: 'replace: due',
  },
  {
    it: 'gets its grace anew although its owner has moved',
    when: { key: { age: days(110), lastUsed: days(50), inactiveFor: days(30) }, other: REPLACEMENT },
    says: 'wait: moved-grace',
    dueIn: days(10),
  },
  {
    it: 'is announced anew as replaced, although its deadline was announced long ago',
    when: {
      key: {
        age: days(110),
        lastUsed: 0,
        inactiveFor: days(30),
        notices: { deadline: { givenAgo: days(35) } },
      },
      other: { ...REPLACEMENT, lastUsed: 'never' },
    },
    says: 'wait: still-needed',
    notice: 'replaced',
    isNewNotice: true,
  },
  ...around({
    name: 'unusedAfter after it was switched on again',
    at: days(90),
    when: (reactivatedAgo) => ({ key: { age: days(400), lastUsed: 'never', reactivatedAgo } }),
    before: 'wait: never-used',
    from: 'wait: unused-notice',
  }),
  {
    it: 'makes the key that needs its place wait',
    when: { key: { age: days(65) }, other: { age: days(400), lastUsed: 'never', inactiveFor: days(30) } },
    says: 'wait: slot-held',
  },
];

const often = (...reactivations: readonly number[]): KeyFacts => ({
  age: days(700),
  reactivatedAgo: Math.min(...reactivations),
  reactivations,
});

const AGAIN_AND_AGAIN: readonly Line[] = [
  {
    it: 'goes its ordinary way after the second time',
    when: { key: often(days(60), days(30)) },
    says: 'replace: due',
  },
  {
    it: 'is left to a person from the third time within a year on',
    when: { key: often(days(90), days(60), days(30)) },
    says: 'blocked: switched-on-again',
    dueIn: undefined,
    notice: undefined,
  },
  {
    it: 'is left to a person in the run that sees it switched on for the third time',
    when: { key: { ...often(days(90), days(60)), inactiveFor: days(10) } },
    says: 'blocked: switched-on-again',
  },
  ...around({
    name: 'a year after the first of three times',
    at: days(365) + 1,
    when: (first) => ({ key: often(first, days(60), days(30)) }),
    before: 'blocked: switched-on-again',
    from: 'replace: due',
  }),
  {
    it: 'is left to a person although it is unused',
    when: { key: { ...often(days(300), days(200), days(100)), lastUsed: days(350) } },
    says: 'blocked: switched-on-again',
  },
  {
    it: 'is left to a person although its owner has moved',
    when: { key: { ...often(days(300), days(200), days(100)), lastUsed: days(89) }, other: REPLACEMENT },
    says: 'blocked: switched-on-again',
  },
];

describe('A0: a key that a person switched on again', () => {
  for (const [part, lines] of [
    ['once', LINES],
    ['again and again', AGAIN_AND_AGAIN],
  ] as const) {
    describe(part, () => {
      for (const { it: title, when, ...expected } of lines) {
        it(title, () => expect(verdictOn(when)).to.include(expected));
      }
    });
  }

  const found: KeyFacts = {
    age: days(110),
    inactiveFor: days(30),
    deactivatedAs: 'unused',
    notices: { unused: { givenAgo: days(45) } },
    reactivations: [days(100)],
    replacementOf: OTHER,
  };

  it('is to be remembered as reactivated', () => {
    expect(decisionOn({ key: found }).observation).to.deep.equal({ kind: 'seen-reactivated', at: T0 });
  });

  it('is decided about with its graces started anew, its notices forgotten, and that counted', () => {
    expect(decisionOn({ key: found }).key.memory).to.deep.equal({
      replacementOf: OTHER,
      reactivatedAt: T0,
      reactivations: [T0 - 100 * DAY, T0],
    });
  });

  it('is to be remembered so even while its user is exempt', () => {
    const exemption = { owner: 'ops', reason: 'migration', until: T0 + 1 };
    expect(decisionOn({ key: found, policy: { exemption } }).observation?.kind).to.equal('seen-reactivated');
  });

  it('is not remembered so again when it was already', () => {
    expect(decisionOn({ key: { age: days(110), reactivatedAgo: days(3) } })).to.not.have.property(
      'observation',
    );
  });

  it('is not taken for one while it is still inactive', () => {
    expect(decisionOn({ key: { ...found, status: 'inactive', lastUsed: days(50) } })).to.not.have.property(
      'observation',
    );
  });
});
