import { expect } from 'chai';
import { days } from '../../../src/domain/time.ts';
import { digestOf } from '../../../src/report/digest/digest.ts';
import {
  accountSettings,
  applied,
  decision,
  key,
  policy,
  rotatedAccount,
  T0,
  untouched,
} from '../../support/builders.ts';
import { context, headings, jsonOf, unwrapped, type Facts } from '../support.ts';

const NOTHING = {
  subject: '',
  text: '',
  json: '{}',
  attributes: {},
  announces: new Set<string>(),
  told: new Map(),
};
const weekly = (facts: Facts = {}) =>
  digestOf(rotatedAccount(facts), context({ evenIfNothing: true })) ?? NOTHING;

describe('a digest that is wanted even when nothing happened', () => {
  const exemption = { owner: 'team-ledger', reason: 'old', until: T0 + days(100) };
  const found = weekly({
    outcomes: [
      untouched(decision('keep')),
      untouched(decision('keep', { key: key({ id: 'AKIAOFF', status: 'inactive' }) })),
      untouched(decision('exempt', { userName: 'eve', policy: policy({ exemption }) })),
    ],
    uncovered: ['kim'],
  });

  it('says that there is nothing, of how many keys, and who is exempt', () => {
    expect(unwrapped(found)).to.contain(
      'Nothing was changed, and nothing is due. 2 users have 2 active keys and 1 inactive key. 1 more user is not covered by the settings.',
    );
    expect(headings(found)).to.deep.equal(['EXEMPT (1)']);
  });

  it('says so in its subject, and asks nobody to look', () => {
    expect(found.subject).to.equal('[access-key-rotation] Nothing to do: production (111111111111)');
    expect(found.attributes).to.include({ severity: 'info', mode: 'enforce' });
    expect(found.announces.size).to.equal(0);
  });

  it('says the same to machines', () => {
    expect(jsonOf(found)).to.deep.include({
      keys: { users: 2, active: 2, inactive: 1, usersNotCovered: 1 },
      cut: 0,
    });
    expect(jsonOf(found).counts).to.include({ exempt: 1, replaced: 0 });
  });

  const WORDS: readonly [string, Facts, string][] = [
    ['no keys', {}, 'nothing is due. No user has access keys.'],
    ['one key', { outcomes: [untouched(decision('keep'))] }, 'nothing is due. 1 user has 1 active key.'],
    ['two not covered', { uncovered: ['a', 'b'] }, '2 more users are not covered by the settings.'],
    [
      'an audit',
      { settings: accountSettings({ mode: 'audit' }) },
      'Nothing was changed, and nothing is due.',
    ],
  ];
  for (const [what, facts, words] of WORDS) {
    it(`has words for ${what}`, () => {
      expect(unwrapped(weekly(facts))).to.contain(words);
    });
  }

  it('is the usual one when something did happen', () => {
    const busy = weekly({ outcomes: [applied(decision('deactivate'))] });
    expect(busy.text).not.to.contain('nothing is due');
    expect(busy.subject).to.contain('Nothing asked of you: 1 deactivated in production');
    expect(jsonOf(busy)).not.to.have.property('keys');
  });
});
