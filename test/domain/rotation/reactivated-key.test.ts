import { expect } from 'chai';
import { days } from '../../../src/domain/time.ts';
import { around, decisionOn, OTHER, T0, THIS, verdictOn, type Line } from '../../support/builders.ts';

/** Ours, delivered long ago, in use. */
const REPLACEMENT = { age: days(50), replacementOf: THIS, deliveredAgo: days(50) };

const LINES: readonly Line[] = [
  {
    it: 'gives a new notice to an unused key, although the old one is long past',
    when: { key: { age: days(400), lastUsed: 'never', inactiveFor: days(30), noticedAgo: days(50) } },
    says: 'wait: unused-notice',
    dueIn: days(10),
    notice: true,
  },
  {
    it: 'gives a new notice to a replaced key, although the old one is long past',
    when: {
      key: { age: days(110), lastUsed: days(50), inactiveFor: days(30), noticedAgo: days(45) },
      other: REPLACEMENT,
    },
    says: 'wait: replaced-notice',
    dueIn: days(10),
    notice: true,
  },
  {
    it: 'replaces a key that is in use again',
    when: { key: { age: days(110), lastUsed: 0, inactiveFor: days(30), noticedAgo: days(45) } },
    says: 'replace: due',
  },
  {
    it: 'lets the other key wait for its new grace, not for the old one',
    when: {
      key: { age: days(65) },
      other: { age: days(400), lastUsed: 'never', inactiveFor: days(30), noticedAgo: days(50) },
    },
    says: 'wait: slot-being-freed',
    dueIn: days(10 + 10),
  },
  ...around({
    name: 'adoptionGrace after the reactivation of an unused key',
    at: days(10),
    when: (time) => ({
      key: { age: days(400), lastUsed: 'never', noticedAgo: days(50), reactivatedAgo: time },
    }),
    before: 'wait: unused-grace',
    from: 'deactivate: unused',
  }),
  ...around({
    name: 'adoptionGrace after the reactivation of a replaced key',
    at: days(10),
    when: (time) => ({
      key: { age: days(110), lastUsed: days(50), noticedAgo: days(45), reactivatedAgo: time },
      other: REPLACEMENT,
    }),
    before: 'wait: replaced-grace',
    from: 'deactivate: replaced',
  }),
  {
    it: 'leaves the deadline of a reactivated key in use two graces away',
    when: {
      key: { age: days(110), lastUsed: 0, noticedAgo: days(45), reactivatedAgo: days(15) },
      other: REPLACEMENT,
    },
    says: 'wait: replaced-still-in-use',
    dueIn: days(5),
  },
];

describe('A0: a key that a person switched on again', () => {
  for (const { it: title, when, ...expected } of LINES) {
    it(title, () => expect(verdictOn(when)).to.include(expected));
  }

  const found = {
    age: days(110),
    inactiveFor: days(30),
    noticedAgo: days(45),
    replacementOf: OTHER,
  } as const;

  it('is to be remembered as reactivated', () => {
    expect(decisionOn({ key: found }).observation).to.deep.equal({ kind: 'seen-reactivated', at: T0 });
  });

  it('is decided about with its graces started anew and its notice forgotten', () => {
    expect(decisionOn({ key: found }).key.memory).to.deep.equal({ replacementOf: OTHER, reactivatedAt: T0 });
  });

  it('is to be remembered so even while its user is exempt', () => {
    const exemption = { owner: 'ops', reason: 'migration', until: T0 + 1 };
    expect(decisionOn({ key: found, policy: { exemption } }).observation?.kind).to.equal('seen-reactivated');
  });

  it('is not remembered so again when it was already', () => {
    const known = { age: days(110), reactivatedAgo: days(3) };
    expect(decisionOn({ key: known })).to.not.have.property('observation');
  });

  it('is not taken for one while it is still inactive', () => {
    expect(decisionOn({ key: { ...found, status: 'inactive', lastUsed: days(31) } })).to.not.have.property(
      'observation',
    );
  });
});
