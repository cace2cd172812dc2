import { expect } from 'chai';
import type { Decision } from '../../../src/domain/rotation/decision.ts';
import type { Outcome } from '../../../src/domain/report/outcome.ts';
import type { RotatedAccount } from '../../../src/domain/report/run-report.ts';
import { days } from '../../../src/domain/time.ts';
import { digestOf } from '../../../src/report/digest/digest.ts';
import {
  account,
  accountSettings,
  applied,
  decision,
  failed,
  failure,
  gap,
  held,
  partial,
  rotatedAccount,
  T0,
  untouched,
} from '../../support/builders.ts';
import { context, digest, headings, jsonOf, replaced, unusedNotice, unwrapped } from '../support.ts';

type Facts = Partial<Omit<RotatedAccount, 'status'>>;

const due = (
  action: 'keep' | 'wait' | 'exempt',
  inDays: number,
  overrides: Partial<Decision> = {},
): Decision => decision(action, { dueAt: T0 + days(inDays), ...overrides });

describe('an account with nothing to say', () => {
  const SILENT: Record<string, readonly Outcome[]> = {
    'no keys': [],
    'young keys': [untouched(due('keep', 30))],
    'exempt keys': [untouched(due('exempt', 100))],
    'a wait that ends later': [untouched(due('wait', 8))],
    'a wait without a date': [untouched(decision('wait', { reason: 'slot-being-freed' }))],
    'a date that no calendar has': [untouched(due('wait', NaN))],
  };
  for (const [name, outcomes] of Object.entries(SILENT)) {
    it(`gets no digest: ${name}`, () => {
      expect(digestOf(rotatedAccount({ outcomes }), context())).to.equal(undefined);
    });
  }

  const AT_THE_EDGE: readonly [string, number, boolean][] = [
    ['1 ms before noticeBefore', days(7) - 1, true],
    ['at exactly noticeBefore', days(7), true],
    ['1 ms after noticeBefore', days(7) + 1, false],
  ];
  for (const [name, dueIn, told] of AT_THE_EDGE) {
    it(`${told ? 'has something' : 'has nothing'} to say when a key falls due ${name}`, () => {
      const outcomes = [untouched(decision('keep', { dueAt: T0 + dueIn }))];
      expect(digestOf(rotatedAccount({ outcomes }), context()) !== undefined).to.equal(told);
    });
  }
});

describe('a digest', () => {
  const everything: Facts = {
    outcomes: [
      held(
        decision('deactivate', { userName: 'hal' }),
        'limit',
        '9 keys of this account would be deactivated',
      ),
      untouched(due('keep', 3, { userName: 'kay' })),
      untouched(unusedNotice('una')),
      applied(decision('delete', { userName: 'del' })),
      replaced(decision('replace', { userName: 'rep' })),
      applied(decision('deactivate', { userName: 'dea' })),
      failed(decision('replace', { userName: 'fay' })),
      partial(decision('replace', { userName: 'pat' }), 'AKIALEFT'),
      untouched(decision('blocked', { userName: 'blo' })),
    ],
    gaps: [gap('gus')],
    findings: [
      { severity: 'note', message: 'A small thing.' },
      { severity: 'critical', message: 'The root user has access keys', nextStep: 'Delete them' },
      { severity: 'failure', message: 'Could not be recorded' },
    ],
  };

  it('has first what is asked, then what else owners may want to know, then what is for administrators', () => {
    expect(headings(digest(everything))).to.deep.equal([
      'ASKED OF YOU (3)',
      'DONE (2)',
      'WILL HAPPEN (1)',
      'TO LOOK AT (1)',
      'FAILED (4)',
      'HELD BACK (1)',
      'NOTES (1)',
    ]);
  });

  it('begins with the account and a sentence of counts', () => {
    expect(digest(everything).text).to.match(
      /^AWS access keys of the account production \(111111111111\)\n\n3 things are asked of you/,
    );
    expect(unwrapped(digest(everything))).to.contain(
      '3 things are asked of you, the first by 2026-03-11. 1 key was replaced, 1 deactivated and 1 deleted. For administrators: 1 thing to look at, 4 failed and 1 step held back.',
    );
  });

  it('ends with the run, the mode and the account the commands are for', () => {
    expect(unwrapped(digest(everything))).to.match(
      /The aws commands need credentials of account 111111111111\. FOR ADMINISTRATORS .* Run run-1 of 2026-03-01 06:00, mode enforce\. Dates are in UTC\. $/,
    );
  });

  it('keeps its lines within 72 columns, except for commands', () => {
    const long = digest(everything)
      .text.split('\n')
      .filter((line) => line.length > 72);
    expect(
      long.filter((line) => !/^ {4}(aws|access-key-rotation|credential_process) /.test(line)),
    ).to.deep.equal([]);
  });

  it('says the same to machines', () => {
    const json = jsonOf(digest(everything));
    expect(json).to.deep.include({
      schemaVersion: 1,
      kind: 'account-digest',
      runId: 'run-1',
      mode: 'enforce',
    });
    expect(json).to.deep.include({ account: { id: '111111111111', name: 'production' }, cut: 0 });
    expect(json.counts).to.deep.equal({
      asked: 3,
      needPerson: 2,
      failed: 4,
      replaced: 1,
      restored: 0,
      deactivated: 1,
      deleted: 1,
      announced: 1,
      deletionsAnnounced: 0,
      upcoming: 1,
      held: 1,
      exempt: 0,
      notes: 1,
      unchanged: 0,
    });
    expect(json.entries).to.have.length(13);
    expect(json.entries.find(({ userName }) => userName === 'rep')).to.deep.equal({
      section: 'done',
      userName: 'rep',
      accessKeyId: 'AKIATHIS',
      action: 'replace',
      reason: 'due',
      message: 'An example of replace.',
      status: 'applied',
      lastUsedAt: '2026-02-28T06:00:00.000Z',
      asked: true,
      lastDate: '2026-04-30T06:00:00.000Z',
      newAccessKeyId: 'AKIANEW',
      secretName: 'access-keys/ann',
      notice: {
        about: 'replaced',
        date: '2026-04-20T06:00:00.000Z',
        inAnyCase: '2026-04-30T06:00:00.000Z',
      },
    });
  });

  it('tells machines why, by when, and what to do', () => {
    const { entries } = jsonOf(digest(everything));
    const of = (name: string) => entries.find(({ userName }) => userName === name);
    expect(of('fay')).to.include({ status: 'failed', nextStep: 'Allow it in the member role.' });
    expect(of('fay')).to.include({ cause: 'iam:UpdateAccessKey: not authorized' });
    expect(of('pat')).to.include({ status: 'partial', newAccessKeyId: 'AKIALEFT' });
    expect(of('hal')).to.include({ cause: '9 keys of this account would be deactivated' });
    expect(of('una')).to.include({ section: 'will-happen', dueAt: '2026-03-11T06:00:00.000Z' });
    expect(of('gus')).to.include({
      accessKeyId: null,
      action: 'skip',
      reason: 'unreadable',
      status: 'failed',
    });
  });
});

describe('a digest of an account that could not be worked on', () => {
  const cause = failure({ during: 'sts:AssumeRole', message: 'Access denied', nextStep: 'Deploy the role' });
  const found = digestOf({ status: 'unreachable', account: account(), failure: cause }, context());

  it('says the cause and what to do', () => {
    expect(unwrapped(found ?? { text: '' })).to.contain(
      'could not be worked on, and none of its keys was replaced. FOR ADMINISTRATORS ================== Nothing from here on is asked of the owner of a key. FAILED (1) ========== - sts:AssumeRole: Access denied. What to do: Deploy the role.',
    );
  });

  it('says the mode of the account, or that of the run where nobody could read it', () => {
    const lost = { status: 'unreachable', account: account(), failure: cause } as const;
    const settings = accountSettings({ mode: 'no-delete' });
    expect(digestOf(lost, context({ mode: 'audit' }))?.attributes).to.include({ mode: 'audit' });
    expect(digestOf({ ...lost, settings }, context())?.attributes).to.include({ mode: 'no-delete' });
  });

  it('is critical, says so in its subject, and announces nothing', () => {
    expect(found?.attributes).to.include({ severity: 'critical' });
    expect(found?.subject).to.equal(
      '[access-key-rotation] Could not be worked on: production (111111111111)',
    );
    expect(found?.announces.size).to.equal(0);
    expect(jsonOf(found ?? { json: '{}' }).entries).to.deep.equal([
      {
        section: 'failed',
        userName: null,
        accessKeyId: null,
        action: null,
        reason: 'unreachable',
        message: 'sts:AssumeRole: Access denied',
        status: 'failed',
        nextStep: 'Deploy the role',
      },
    ]);
  });
});
