import { expect } from 'chai';
import {
  isClean,
  totalsOf,
  type AccountReport,
  type Finding,
} from '../../../src/domain/report/run-report.ts';
import {
  applied,
  decision,
  failed,
  gap,
  held,
  key,
  notEntered,
  partial,
  rotatedAccount,
  runReport,
  unreachable,
  untouched,
} from '../../support/builders.ts';

const inactive = { key: key({ status: 'inactive' }) };
const of = (userName: string) => ({ userName });

describe('totalsOf', () => {
  it('is nothing for no accounts', () => {
    expect(totalsOf([])).to.deep.equal({
      accounts: { rotated: 0, unreachable: 0, skipped: 0, notStarted: 0 },
      users: 0,
      usersNotLookedAt: 0,
      activeKeys: 0,
      inactiveKeys: 0,
      replaced: 0,
      deactivated: 0,
      deleted: 0,
      restored: 0,
      held: 0,
      heldByOrganizationLimit: 0,
      heldByReaders: 0,
      failed: 0,
      partial: 0,
      blocked: 0,
      exempt: 0,
      skippedUsers: 0,
    });
  });

  it('counts accounts by what became of them', () => {
    const reports = [
      rotatedAccount(),
      rotatedAccount(),
      unreachable(),
      notEntered('skipped'),
      notEntered('skipped'),
      notEntered('skipped'),
      notEntered('not-started'),
    ];
    expect(totalsOf(reports).accounts).to.deep.equal({
      rotated: 2,
      unreachable: 1,
      skipped: 3,
      notStarted: 1,
    });
  });

  it('counts each user of an account once, and those who could not be read', () => {
    const outcomes = [
      untouched(decision('keep', { ...of('ann'), key: key({ id: 'ANN1' }) })),
      untouched(decision('wait', { ...of('ann'), key: key({ id: 'ANN2' }) })),
      untouched(decision('keep', { ...of('bob'), key: key({ id: 'BOB' }) })),
    ];
    const totals = totalsOf([
      rotatedAccount({ outcomes, gaps: [gap('cem')] }),
      rotatedAccount({
        outcomes: [untouched(decision('keep', { ...of('ann'), key: key({ id: 'ANN3' }) }))],
      }),
    ]);
    expect(totals).to.include({ users: 4, skippedUsers: 1, activeKeys: 4 });
  });

  const KEYS: readonly (readonly [string, ReturnType<typeof applied>, number, number])[] = [
    ['a key that is kept stays active', untouched(decision('keep')), 1, 0],
    ['an inactive key stays inactive', untouched(decision('wait', inactive)), 0, 1],
    ['a replacement adds an active key', applied(decision('replace')), 2, 0],
    ['a deactivation makes an active key inactive', applied(decision('deactivate')), 0, 1],
    ['a deletion takes an inactive key away', applied(decision('delete', inactive)), 0, 0],
    ['a deactivation that is held changes nothing', held(decision('deactivate')), 1, 0],
    ['a deactivation that failed changes nothing', failed(decision('deactivate')), 1, 0],
    ['a deletion that failed changes nothing', failed(decision('delete', inactive)), 0, 1],
    ['a replacement that failed changes nothing', failed(decision('replace')), 1, 0],
    ['half a replacement leaves a key behind', partial(decision('replace'), 'AKIALEFT'), 2, 0],
    ['half a replacement without a key leaves none', partial(decision('replace')), 1, 0],
  ];
  it('counts a key once that was replaced and deactivated in an emergency', () => {
    const outcomes = [applied(decision('replace')), applied(decision('deactivate'))];
    expect(totalsOf([rotatedAccount({ outcomes })])).to.include({ activeKeys: 1, inactiveKeys: 1 });
  });

  for (const [title, outcome, activeKeys, inactiveKeys] of KEYS) {
    it(`counts keys as the run leaves them: ${title}`, () => {
      expect(totalsOf([rotatedAccount({ outcomes: [outcome] })])).to.include({ activeKeys, inactiveKeys });
    });
  }

  it('counts what was done apart from what was held or failed', () => {
    const outcomes = [
      applied(decision('replace')),
      applied(decision('deactivate')),
      applied(decision('deactivate')),
      applied(decision('delete', inactive)),
      held(decision('delete', inactive), 'limit'),
      held(decision('replace'), 'place'),
      failed(decision('deactivate')),
      partial(decision('replace'), 'AKIALEFT'),
      untouched(decision('blocked')),
      untouched(decision('exempt')),
    ];
    expect(totalsOf([rotatedAccount({ outcomes })])).to.include({
      replaced: 1,
      deactivated: 2,
      deleted: 1,
      held: 2,
      failed: 1,
      partial: 1,
      blocked: 1,
      exempt: 1,
    });
  });
});

describe('isClean', () => {
  const finding = (severity: Finding['severity']): Finding => ({ severity, message: severity });
  const withOutcome = (outcome: ReturnType<typeof applied>) => rotatedAccount({ outcomes: [outcome] });

  const LINES: readonly (readonly [string, AccountReport, boolean])[] = [
    ['nothing to do', rotatedAccount(), true],
    ['something done', withOutcome(applied(decision('replace'))), true],
    ['something held', withOutcome(held(decision('delete'), 'limit')), true],
    ['someone blocked', withOutcome(untouched(decision('blocked'))), true],
    ['an account skipped', notEntered('skipped'), true],
    ['a critical finding', rotatedAccount({ findings: [finding('critical')] }), true],
    ['a note', rotatedAccount({ findings: [finding('note')] }), true],
    ['a failed action', withOutcome(failed(decision('deactivate'))), false],
    ['half a replacement', withOutcome(partial(decision('replace'))), false],
    ['a user who could not be read', rotatedAccount({ gaps: [gap('ann')] }), false],
    ['an account that could not be entered', unreachable(), false],
    ['an account that was not reached in time', notEntered('not-started'), false],
    ['a failure of the account', rotatedAccount({ findings: [finding('failure')] }), false],
  ];
  for (const [title, report, clean] of LINES) {
    it(`is ${clean} for ${title}`, () => {
      expect(isClean(runReport({ accounts: [rotatedAccount(), report] }))).to.equal(clean);
    });
  }

  it('is false for a failure of the run as a whole, and only for that', () => {
    expect(isClean(runReport({ findings: [finding('failure')] }))).to.equal(false);
    expect(isClean(runReport({ findings: [finding('critical'), finding('note')] }))).to.equal(true);
  });
});
