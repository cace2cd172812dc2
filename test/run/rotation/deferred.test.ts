import { expect } from 'chai';
import { deferredIn } from '../../../src/run/rotation/deferred.ts';
import type { AccountReport } from '../../../src/domain/report/run-report.ts';
import type { Deferred } from '../../../src/run/ports/last-run.ts';
import { account, gap, notEntered, rotatedAccount, unreachable } from '../../support/builders.ts';

const ID = account().id;

describe('what a run had no time for', () => {
  const LEFT = [{ accountId: ID, userName: 'ann' }];
  for (const [title, report, late, before = []] of [
    ['is an account that was not begun', notEntered('not-started'), [{ accountId: ID }]],
    [
      'is an account from the first user on that was not reached',
      rotatedAccount({ gaps: [gap('ann'), gap('bob', 'out-of-time'), gap('cem', 'out-of-time')] }),
      [{ accountId: ID, userName: 'bob' }],
    ],
    ['is not a user who could not be read', rotatedAccount({ gaps: [gap('ann')] }), []],
    ['is not an account that could not be entered', unreachable(), []],
    ['is not one that another run works on', notEntered('skipped'), []],
    ['is still to be done where the account could not be entered since', unreachable(), LEFT, LEFT],
    ['is still to be done where another run worked on it', notEntered('skipped'), LEFT, LEFT],
    ['is still to be done where the account was not begun since', notEntered('not-started'), LEFT, LEFT],
    ['is done where the account was worked on since', rotatedAccount(), [], LEFT],
  ] as readonly (readonly [string, AccountReport, readonly Deferred[], (readonly Deferred[])?])[]) {
    it(title, () => expect(deferredIn([report], before)).to.deep.equal(late));
  }
});
