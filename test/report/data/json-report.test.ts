import { expect } from 'chai';
import fc from 'fast-check';
import { totalsOf } from '../../../src/domain/report/run-report.ts';
import { jsonReportOf } from '../../../src/report/data/json-report.ts';
import {
  account,
  accountSettings,
  applied,
  decision,
  failed,
  failure,
  gap,
  held,
  notEntered,
  partial,
  rotatedAccount,
  runReport,
  T0,
  unreachable,
  untouched,
} from '../../support/builders.ts';
import { replaced } from '../support.ts';

const REPLACED_BY = {
  newAccessKeyId: 'AKIANEW',
  secretName: 'name',
  secretArn: 'arn:aws:secretsmanager:x',
};

describe('the JSON report', () => {
  const outcomes = [
    replaced(decision('replace', { dueAt: T0 })),
    applied(decision('deactivate')),
    held(decision('delete'), 'mode', 'mode no-delete does not delete'),
    failed(decision('deactivate', { userName: 'fay' }), failure({ during: 'iam:X', message: 'no' })),
    partial(decision('replace', { userName: 'pat' }), 'AKIALEFT'),
    untouched(decision('keep')),
  ];
  const report = runReport({
    accounts: [
      rotatedAccount({
        outcomes,
        gaps: [gap('gus')],
        findings: [{ severity: 'critical', message: 'Root.', nextStep: 'Delete.' }],
      }),
      unreachable(account({ id: '222222222222' })),
      notEntered('skipped', account({ id: '333333333333' }), 'skipped'),
      notEntered('not-started', account({ id: '444444444444' }), 'not-started'),
    ],
    findings: [{ severity: 'note', message: 'So.' }],
  });
  const json = jsonReportOf(report);

  it('has exactly these fields', () => {
    expect({ ...json, accounts: [] }).to.deep.equal({
      schemaVersion: 1,
      runId: 'run-1',
      mode: 'enforce',
      startedAt: '2026-03-01T06:00:00.000Z',
      finishedAt: '2026-03-01T06:00:01.000Z',
      accounts: [],
      totals: totalsOf(report.accounts),
      findings: [{ severity: 'note', message: 'So.' }],
    });
  });

  it('has every account, in order, with the cause where it was not rotated', () => {
    const [first, ...others] = json.accounts;
    expect({ ...first, outcomes: [] }).to.deep.equal({
      accountId: '111111111111',
      accountName: 'production',
      status: 'rotated',
      mode: 'enforce',
      outcomes: [],
      findings: [{ severity: 'critical', message: 'Root.', nextStep: 'Delete.' }],
      usersNotCovered: 0,
    });
    const empty = { accountName: 'production', outcomes: [], findings: [] };
    expect(others).to.deep.equal([
      {
        ...empty,
        accountId: '222222222222',
        status: 'unreachable',
        cause: 'sts:AssumeRole: not authorized Next step: Allow it in the member role.',
      },
      { ...empty, accountId: '333333333333', status: 'skipped', cause: 'skipped' },
      { ...empty, accountId: '444444444444', status: 'not-started', cause: 'not-started' },
    ]);
  });

  it('has every outcome, and the users that could not be read among them', () => {
    const of = (action: string, reason: string, userName = 'ann') => ({
      userName,
      accessKeyId: 'AKIATHIS',
      action,
      reason,
      message: `An example of ${action}.`,
      lastUsedAt: '2026-02-28T06:00:00.000Z',
    });
    expect(json.accounts[0]?.outcomes).to.deep.equal([
      {
        ...of('replace', 'due'),
        dueAt: '2026-03-01T06:00:00.000Z',
        status: 'applied',
        newAccessKeyId: 'AKIANEW',
        secretName: 'access-keys/ann',
        notice: {
          about: 'replaced',
          date: '2026-04-20T06:00:00.000Z',
          inAnyCase: '2026-04-30T06:00:00.000Z',
        },
      },
      { ...of('deactivate', 'moved'), status: 'applied' },
      {
        ...of('delete', 'recovery-grace-over'),
        status: 'held',
        heldBy: 'mode',
        cause: 'mode no-delete does not delete',
      },
      {
        ...of('deactivate', 'moved', 'fay'),
        status: 'failed',
        cause: 'iam:X: no',
        nextStep: 'Allow it in the member role.',
      },
      {
        ...of('replace', 'due', 'pat'),
        status: 'partial',
        newAccessKeyId: 'AKIALEFT',
        cause: 'iam:UpdateAccessKey: not authorized',
        nextStep: 'Allow it in the member role.',
      },
      { ...of('keep', 'young'), status: 'none' },
      {
        userName: 'gus',
        accessKeyId: null,
        action: 'skip',
        reason: 'unreadable',
        message: 'not authorized',
        status: 'failed',
        cause: 'iam:ListAccessKeys: not authorized',
        nextStep: 'Allow it in the member role.',
      },
    ]);
  });

  it('says which mode an account has, whom the settings leave out, and who answers for a key', () => {
    const of = account({ id: '222222222222' });
    const settings = accountSettings({ mode: 'replace-only' }, of);
    const { newAccessKeyId: accessKeyId, ...where } = REPLACED_BY;
    const outcome = applied(decision('replace', { owner: 'team-a' }), { accessKeyId, ...where });
    const { accounts } = jsonReportOf(
      runReport({
        accounts: [
          rotatedAccount({ settings, uncovered: ['kim'], outcomes: [outcome] }),
          { status: 'unreachable', account: of, failure: failure(), settings },
        ],
      }),
    );
    expect(accounts[0]).to.include({ mode: 'replace-only', usersNotCovered: 1 });
    expect(accounts[0]?.outcomes[0]).to.include({ owner: 'team-a', ...REPLACED_BY });
    expect(accounts[1]).to.include({ mode: 'replace-only' }).and.not.to.have.property('usersNotCovered');
  });

  it('survives being written and read', () => {
    expect(JSON.parse(JSON.stringify(json))).to.deep.equal(json);
  });

  it('leaves names as they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const found = jsonReportOf(runReport({ accounts: [rotatedAccount({ account: account({ name }) })] }));
        expect(found.accounts[0]?.accountName).to.equal(name);
      }),
    );
  });

  it('has readable dates even where a moment is nonsense', () => {
    const outcome = untouched(decision('wait', { dueAt: -Infinity }));
    const odd = jsonReportOf(
      runReport({ startedAt: NaN, accounts: [rotatedAccount({ outcomes: [outcome] })] }),
    );
    expect(odd.startedAt).to.equal('1970-01-01T00:00:00.000Z');
    expect(odd.accounts[0]?.outcomes[0]).not.to.have.property('dueAt');
  });
});
