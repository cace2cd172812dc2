import { expect } from 'chai';
import type { Outcome } from '../../../src/domain/report/outcome.ts';
import type { RunReport } from '../../../src/domain/report/run-report.ts';
import { days } from '../../../src/domain/time.ts';
import { metricsOf, type Happened } from '../../../src/report/data/metrics.ts';
import {
  account,
  applied,
  decision,
  failed,
  gap,
  held,
  key,
  partial,
  rotatedAccount,
  runReport,
  unreachable,
  untouched,
  notEntered,
} from '../../support/builders.ts';

const numbers = (report: Partial<RunReport>, happened: Partial<Happened> = {}) =>
  Object.fromEntries(
    metricsOf(runReport(report), {
      calls: 0,
      throttles: 0,
      unreachableBefore: [],
      isKept: true,
      ...happened,
    }).map(({ name, value }) => [name, value]),
  );
const after = (...outcomes: readonly Outcome[]) => numbers({ accounts: [rotatedAccount({ outcomes })] });

describe('The metrics of a run', () => {
  it('are all there when nothing happened, so that an alarm sees zeros and not gaps', () => {
    const all = numbers({});
    expect(Object.keys(all)).to.have.length(22);
    expect(all).to.include({ RunsFinished: 1, RunsFailed: 0, OldestActiveKeyDays: 0, RunDuration: 1_000 });
  });

  for (const [name, report] of [
    ['AccountsRotated', rotatedAccount()],
    ['AccountsUnreachable', unreachable()],
    ['AccountsNotStarted', notEntered('not-started')],
    [
      'AccountsWithoutReaders',
      rotatedAccount({
        findings: [{ severity: 'critical', failsRun: true, message: 'nobody', nextStep: 'x' }],
      }),
    ],
  ] as const) {
    it(`count an account as ${name}`, () => {
      expect(numbers({ accounts: [report, notEntered('skipped')] })).to.include({ [name]: 1 });
    });
  }

  for (const [name, outcome] of [
    ['KeysReplaced', applied(decision('replace'))],
    ['KeysDeactivated', applied(decision('deactivate'))],
    ['KeysDeleted', applied(decision('delete'))],
    ['KeysHeld', held(decision('delete'))],
    ['KeysHeldByOrganizationLimit', held(decision('deactivate'), 'organization-limit')],
    ['KeysHeldByReaders', held(decision('deactivate'), 'readers')],
    ['KeysBlocked', untouched(decision('blocked'))],
    ['ActionsFailed', failed(decision('delete'))],
    ['ActionsPartial', partial(decision('replace'))],
    ['UsersNeedingAPerson', untouched(decision('blocked'))],
  ] as const) {
    it(`count an outcome as ${name}`, () => {
      expect(after(outcome)).to.include({ [name]: 1 });
    });
  }

  it('count a user who could not be read as failed', () => {
    expect(numbers({ accounts: [rotatedAccount({ gaps: [gap('ann')] })] })).to.include({ ActionsFailed: 1 });
  });

  it('count a user with two blocked keys once', () => {
    const blocked = untouched(decision('blocked'));
    expect(after(blocked, blocked)).to.include({ UsersNeedingAPerson: 1 });
  });

  it('know the oldest key that is still active, in days', () => {
    const aged = (age: number, action: 'keep' | 'deactivate') =>
      decision(action, { key: key({ id: `AKIA${age}`, age: days(age) }) });
    const outcomes = [
      untouched(aged(70, 'keep')),
      applied(aged(300, 'deactivate')),
      untouched(aged(90, 'keep')),
    ];
    expect(after(...outcomes)).to.include({ OldestActiveKeyDays: 90 });
  });

  it('tell an account that is unreachable again from one that is so for the first time', () => {
    const accounts = ['111111111111', '222222222222'].map((id) => unreachable(account({ id })));
    const again = { unreachableBefore: ['222222222222', '333333333333'] };
    expect(numbers({ accounts }, again)).to.include({ AccountsUnreachable: 2, AccountsUnreachableAgain: 1 });
  });

  it('hand on the calls that were counted', () => {
    expect(numbers({}, { calls: 70, throttles: 3 })).to.include({ AwsCalls: 70, AwsThrottles: 3 });
  });
});
