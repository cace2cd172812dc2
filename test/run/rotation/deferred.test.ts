import { expect } from 'chai';
import { deferredIn } from '../../../src/run/rotation/deferred.ts';
import { account, gap, notEntered, rotatedAccount, unreachable } from '../../support/builders.ts';

const ID = account().id;

describe('what a run had no time for', () => {
  for (const [title, report, late] of [
    ['is an account that was not begun', notEntered('not-started'), [{ accountId: ID }]],
    [
      'is an account from the first user on that was not reached',
      rotatedAccount({ gaps: [gap('ann'), gap('bob', 'out-of-time'), gap('cem', 'out-of-time')] }),
      [{ accountId: ID, userName: 'bob' }],
    ],
    ['is not a user who could not be read', rotatedAccount({ gaps: [gap('ann')] }), []],
    ['is not an account that could not be entered', unreachable(), []],
    ['is not one that another run works on', notEntered('skipped'), []],
  ] as const) {
    it(title, () => expect(deferredIn([report])).to.deep.equal(late));
  }
});
