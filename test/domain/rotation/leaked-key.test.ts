import { expect } from 'chai';
import { days } from '../../../src/domain/time.ts';
import { decisionOn, type Situation } from '../../support/builders.ts';

const off = { status: 'inactive', age: days(95), lastUsed: days(20), inactiveFor: days(3) } as const;
const used = { age: days(70), lastUsed: days(1) };

const CASES: Readonly<Record<string, Situation>> = {
  'a key in its grace': { key: off },
  'a key whose place is needed': { key: off, other: used },
  'a key too young to be deleted': { key: { ...off, age: days(30) } },
};

describe('A key that was switched off in an emergency', () => {
  for (const [what, { key, other }] of Object.entries(CASES)) {
    it(`is nobody's to switch on again, other than any: ${what}`, () => {
      const rest = other === undefined ? {} : { other };
      expect(decisionOn({ key, ...rest }).message).to.contain('unless it is switched on again');
      const leaked = decisionOn({ key: { ...key, deactivatedAs: 'emergency' }, ...rest });
      expect(leaked.message).to.contain('it is deleted from').and.not.to.contain('switched on');
    });
  }

  it('holds the place of a replacement until it is deleted', () => {
    const other = { ...off, deactivatedAs: 'emergency' };
    expect(decisionOn({ key: used, other }).message).to.contain(
      'takes the second place until it is deleted.',
    );
  });
});
