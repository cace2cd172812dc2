import { expect } from 'chai';
import type { Mode } from '../../../src/domain/rotation/limits.ts';
import type { RunReport } from '../../../src/domain/report/run-report.ts';
import { summaryOf } from '../../../src/report/summary/summary.ts';
import {
  account,
  accountSettings,
  applied,
  decision,
  failed,
  failure,
  gap,
  held,
  key,
  notEntered,
  partial,
  policy,
  rotatedAccount,
  runReport,
  unreachable,
  untouched,
} from '../../support/builders.ts';
import { headings, replaced, sectionOf, unwrapped, type Facts } from '../support.ts';

const other = (name: string) => account({ id: '222222222222', name });
const summary = (overrides: Partial<RunReport>, oldestKeys?: number) =>
  summaryOf(runReport(overrides), oldestKeys === undefined ? {} : { oldestKeys });
const jsonOf = ({ json }: { json: string }) =>
  JSON.parse(json) as {
    cut: number;
    severity: string;
    kind: string;
    entries: { section: string }[];
    totals: unknown;
  };

const inMode = (mode: Mode, facts: Facts = {}) =>
  rotatedAccount({ settings: accountSettings({ mode }, facts.account), ...facts });

const everything: Partial<RunReport> = {
  accounts: [
    rotatedAccount({
      outcomes: [
        replaced(decision('replace', { userName: 'rep' })),
        applied(decision('deactivate', { userName: 'dea' })),
        failed(decision('replace', { userName: 'fay' })),
        partial(decision('replace', { userName: 'pat' })),
        untouched(decision('blocked', { userName: 'blo' })),
        held(decision('delete', { userName: 'del' })),
      ],
      gaps: [gap('gus'), gap('gil')],
      findings: [{ severity: 'critical', message: 'The root user has access keys', nextStep: 'Delete them' }],
    }),
    unreachable(
      other('Sandbox'),
      failure({ during: 'sts:AssumeRole', message: 'no', nextStep: 'Deploy the role' }),
    ),
    notEntered('not-started', other('Lake'), 'not-started'),
    notEntered('skipped', other('Archive'), 'skipped'),
  ],
  findings: [
    { severity: 'failure', message: 'The topic is gone', nextStep: 'Create it' },
    { severity: 'note', message: 'So' },
  ],
};

describe('the summary of a run', () => {
  const found = summary(everything);

  it('has its sections in the order of urgency', () => {
    expect(headings(found)).to.deep.equal([
      'THE RUN ITSELF (1)',
      'ACCOUNTS THAT COULD NOT BE WORKED ON (1)',
      'ACCOUNTS NEEDING A PERSON (1)',
      'ACCOUNTS WITH FAILURES (1)',
      'ACCOUNTS NOT STARTED (1)',
      'OLDEST ACTIVE KEYS (4)',
      'ACCOUNTS SKIPPED (1)',
      'NOTES (1)',
    ]);
  });

  it('says first what went wrong and what was done', () => {
    expect(unwrapped(found)).to.contain(
      '1 account could not be worked on, 1 account was not started, 1 account needs a person, 2 steps failed, 2 users were left out and 1 other failure. 1 key was replaced and 1 deactivated. 1 step was held back.',
    );
    expect(found.subject).to.equal(
      '[access-key-rotation] Organization: 1 not reached, 1 needs a person, 5 failed, 1 not started',
    );
  });

  it('has the totals', () => {
    expect(unwrapped(found)).to.contain(
      'Accounts: 1 worked on, 1 not reached, 1 not started, 1 skipped. Users: 8 with keys, 2 left out. Keys after the run: 5 active, 2 inactive. Steps: 1 replaced, 1 deactivated, 0 deleted, 1 held back, 1 failed, 1 half done. Keys blocked: 1; exempt: 0.',
    );
  });

  it('has the cause and the next step of each account that could not be worked on', () => {
    expect(sectionOf(found, 'ACCOUNTS THAT COULD NOT BE WORKED ON')).to.contain(
      '- Sandbox (222222222222)\n  sts:AssumeRole: no.\n  What to do: Deploy the role.\n',
    );
  });

  it('counts the failures of an account and quotes the first ones', () => {
    const text = sectionOf(found, 'ACCOUNTS WITH FAILURES');
    expect(text).to.contain('- production (111111111111): 1 step failed, 1 step half done and 2 users');
    expect(text).to.contain('  - fay, AKIATHIS: iam:UpdateAccessKey: not authorized.');
    expect(text).to.contain('  - gus: iam:ListAccessKeys: not authorized.');
    expect(text).to.contain('  ... and 1 more in this account.');
  });

  it('says what waits for a person', () => {
    const text = sectionOf(found, 'ACCOUNTS NEEDING A PERSON');
    expect(text).to.contain(
      '- production (111111111111): 2 things\n  - The root user has access keys.\n    What to do: Delete them.',
    );
    expect(text).to.contain('  - blo, AKIATHIS: An example of blocked.');
  });

  it('has the causes of accounts that were not entered', () => {
    expect(sectionOf(found, 'ACCOUNTS NOT STARTED')).to.contain('- Lake (222222222222): not-started.');
    expect(sectionOf(found, 'ACCOUNTS SKIPPED')).to.contain('- Archive (222222222222): skipped.');
  });

  it('is for the organization', () => {
    expect(found.attributes).to.deep.equal({
      accountId: 'organization',
      accountName: 'organization',
      severity: 'critical',
      mode: 'enforce',
    });
    expect(jsonOf(found)).to.include({ kind: 'organization-summary', severity: 'critical', cut: 0 });
  });

  it('says that all is well when it is', () => {
    const quiet = summary({ accounts: [rotatedAccount()] });
    expect(quiet.text).to.contain('Everything went well. No key was changed.');
    expect(quiet.subject).to.equal('[access-key-rotation] Organization: nothing to do');
    expect(quiet.attributes).to.include({ severity: 'info' });
  });

  it('says of an audit that nothing was changed', () => {
    const audit = summary({
      mode: 'audit',
      accounts: [inMode('audit', { outcomes: [held(decision('replace'))] })],
    });
    expect(unwrapped(audit)).to.contain(
      'Plan only: nothing was changed. Everything went well. 1 step would be taken.',
    );
    expect(audit.subject).to.equal('[access-key-rotation] Organization: plan only, 1 to do');
  });

  it('stands an organization without accounts', () => {
    expect(summary({}).text).to.contain('Accounts: 0 worked on');
  });
});

describe('accounts with a mode of their own', () => {
  const outcomes = [held(decision('deactivate'), 'mode', 'mode audit does not deactivate')];
  const found = summary({
    accounts: [
      inMode('enforce', { outcomes: [untouched(decision('blocked'))] }),
      inMode('audit', { account: other('Sandbox'), outcomes }),
      {
        status: 'unreachable',
        account: other('Lake'),
        failure: failure(),
        settings: accountSettings({ mode: 'no-delete' }, other('Lake')),
      },
    ],
  });

  it('say so where the summary speaks of them', () => {
    expect(sectionOf(found, 'OLDEST ACTIVE KEYS').replace(/\s+/g, ' ')).to.match(
      /production \(111111111111\), last .*Sandbox \(222222222222\), mode audit, last/,
    );
    expect(sectionOf(found, 'ACCOUNTS THAT COULD NOT BE WORKED ON')).to.contain(
      '- Lake (222222222222), mode no-delete\n',
    );
    expect(sectionOf(found, 'ACCOUNTS NEEDING A PERSON')).to.contain('- production (111111111111): 1 thing');
  });

  it('are counted, and their steps are held back in a run that may do them elsewhere', () => {
    expect(unwrapped(found)).to.contain(
      'Modes: 1 account in enforce (production (111111111111)) and 1 account in audit (Sandbox (222222222222)).',
    );
    expect(unwrapped(found)).to.contain('No key was changed. 1 step was held back.');
    expect(unwrapped(summary({ accounts: [inMode('enforce')] }))).not.to.contain('Modes:');
  });

  it('can be distinguished in the JSON', () => {
    const { entries } = jsonOf(found) as unknown as { entries: { section: string; mode?: string }[] };
    expect(entries.map(({ section, mode }) => `${section} ${mode ?? ''}`)).to.have.members([
      'unreachable no-delete',
      'needs-a-person enforce',
      'oldest enforce',
      'oldest audit',
    ]);
  });

  const done = (mode: Mode) => inMode(mode, { outcomes: [replaced(decision('replace'))] });
  const PLANS: readonly [string, Partial<RunReport>, boolean][] = [
    ['an audit', { mode: 'audit', accounts: [inMode('audit')] }, true],
    ['an audit that reached nobody', { mode: 'audit', accounts: [unreachable()] }, true],
    ['a run in which all accounts are audited', { accounts: [inMode('audit'), inMode('audit')] }, true],
    ['an audit but for one account', { mode: 'audit', accounts: [inMode('audit'), done('enforce')] }, false],
    ['an audit, but for what was asked for by hand', { mode: 'audit', accounts: [done('audit')] }, false],
    [
      'an audit but for one account where nothing was due',
      { mode: 'audit', accounts: [inMode('enforce')] },
      false,
    ],
  ];
  for (const [what, report, plan] of PLANS) {
    it(`${plan ? 'make' : "don't make"} a plan of ${what}`, () => {
      expect(summary(report).text.includes('Plan only: nothing was changed.')).to.equal(plan);
      expect(summary(report).subject.includes('plan only')).to.equal(plan);
    });
  }
});

describe('a summary', () => {
  const settings = accountSettings({ mode: 'enforce' });
  const outcomes = [
    applied(decision('restore', { key: key({ status: 'inactive' }) })),
    untouched(decision('exempt', { userName: 'eve', owner: 'team-e', policy: policy() })),
  ];
  const found = summary({ accounts: [rotatedAccount({ settings, outcomes, uncovered: ['kim', 'lea'] })] });

  it('counts what was restored, who is exempt and who is not covered', () => {
    expect(unwrapped(found)).to.contain('Everything went well. 1 key was restored.');
    expect(unwrapped(found)).to.contain('Users: 2 with keys, 0 left out, 2 not covered by the settings.');
    expect(unwrapped(found)).to.contain('Steps: 0 replaced, 1 restored, 0 deactivated');
    expect(unwrapped(found)).to.contain('exempt: 1.');
    expect(found.subject).to.contain(': 1 restored');
  });

  it('names the owner of a user', () => {
    expect(sectionOf(found, 'OLDEST ACTIVE KEYS')).to.contain('of eve (owner: team-e), production');
    expect(JSON.parse(found.json)).to.have.nested.property('entries[1].owner', 'team-e');
  });
});

describe('the severity of a summary', () => {
  const TABLE: readonly [string, Partial<RunReport>, string][] = [
    ['an account not started', { accounts: [notEntered('not-started')] }, 'critical'],
    ['an account skipped', { accounts: [notEntered('skipped')] }, 'info'],
    ['a failure of the run', { findings: [{ severity: 'failure', message: 'x' }] }, 'critical'],
    ['a critical finding of the run', { findings: [{ severity: 'critical', message: 'x' }] }, 'critical'],
    ['a note', { findings: [{ severity: 'note', message: 'x' }] }, 'info'],
    [
      'a key blocked',
      { accounts: [rotatedAccount({ outcomes: [untouched(decision('blocked'))] })] },
      'critical',
    ],
    [
      'a key replaced',
      { accounts: [rotatedAccount({ outcomes: [replaced(decision('replace'))] })] },
      'warning',
    ],
  ];
  for (const [what, report, severity] of TABLE) {
    it(`is ${severity} for ${what}`, () => {
      expect(summary(report).attributes).to.include({ severity });
    });
  }
});
