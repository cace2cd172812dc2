import { expect } from 'chai';
import { formatReport } from '../../../src/cli/output/report.ts';
import type { AccountReport } from '../../../src/domain/report/run-report.ts';
import { days } from '../../../src/domain/time.ts';
import {
  account,
  accountSettings,
  decision,
  failure,
  held,
  key,
  rotatedAccount,
  runReport,
  T0,
  unreachable,
  untouched,
} from '../../support/builders.ts';

const COLOURS = /\u001b\[\d+m/g;
const idOf = (index: number) => String(100_000_000_000 + index);
const accountOf = (index: number) => account({ id: idOf(index), name: `team-${index}` });
const keyOf = (index: number, number: number) => key({ id: `AKIA${index}X${number}` });

const inAudit = (index: number) => ({
  account: accountOf(index),
  settings: accountSettings({ mode: 'audit' }),
});

const quiet = (index: number): AccountReport =>
  rotatedAccount({ ...inAudit(index), outcomes: [untouched(decision('keep'))] });
const busy = (index: number): AccountReport =>
  rotatedAccount({
    ...inAudit(index),
    outcomes: [
      held(decision('replace', { userName: 'svc-a', key: keyOf(index, 1) })),
      untouched(decision('wait', { userName: 'svc-b', key: keyOf(index, 2), dueAt: T0 + days(3) })),
      untouched(decision('keep', { userName: 'svc-c', key: keyOf(index, 3) })),
    ],
  });
const suspended = (index: number): AccountReport => ({
  status: 'skipped',
  account: accountOf(index),
  cause: 'the account is suspended',
});
const many = (count: number, of: (index: number) => AccountReport, from = 0) =>
  Array.from({ length: count }, (_, index) => of(from + index));

const linesOf = (accounts: readonly AccountReport[], columns?: number) =>
  formatReport(runReport({ mode: 'audit', isAudit: true, accounts }), columns)
    .replaceAll(COLOURS, '')
    .split('\n');
const titles = (lines: readonly string[]) => lines.filter((line) => /^[A-Z][a-z ]+$/.test(line));

describe('a plan of 1,000 accounts', () => {
  const THOUSAND = [...many(950, quiet), ...many(50, busy, 950)];

  for (const columns of [130, 80, undefined]) {
    it(`has one line for the 950 where nothing is due (${columns ?? 'a pipe'})`, () => {
      const lines = linesOf(THOUSAND, columns);
      expect(lines).to.include('950 accounts: nothing due');
      expect(lines.filter((line) => /team-\d+ \(/.test(line))).to.deep.equal([]);
      // 50 accounts in two groups: of each a title and a key of at most three lines.
      expect(lines.length).to.be.below(50 * 2 * 4);
    });
  }

  it('begins with what it comes to, and the totals', () => {
    expect(linesOf(THOUSAND, 130).slice(0, 2)).to.deep.equal([
      'Run run-1 (audit): replace 50',
      '1,000 accounts, 1,100 users, 1,100 active keys',
    ]);
  });

  it('takes less than three lines a key where all of them are busy', () => {
    const lines = linesOf(many(1_000, busy), 130);
    expect(lines.filter((line) => line.includes('AKIA'))).to.have.length(2_000);
    expect(lines.length).to.be.below(2_000 * 2.6);
  });

  it('tells of 300 accounts once why they are unreachable', () => {
    const why = (index: number) =>
      failure({ during: 'sts:AssumeRole', message: `arn:aws:iam::${idOf(index)}:role/r: denied` });
    const lines = linesOf(
      many(300, (index) => unreachable(accountOf(index), why(index))),
      130,
    );
    expect(lines[0]).to.equal('Run run-1 (audit): unreachable 300');
    expect(lines.join('\n')).to.include(
      'unreachable 300 accounts: team-0 (100000000000), team-1 (100000000001)',
    );
    expect(lines.length).to.be.below(12);
  });

  it('names few quiet accounts, and of the skipped each cause once', () => {
    const skipped = many(8, (index) => suspended(index));
    const lines = linesOf([...many(2, quiet, 20), ...skipped]);
    expect(lines).to.include('2 accounts: nothing due (team-20 (100000000020), team-21 (100000000021))');
    expect(lines.filter((line) => line.includes('suspended'))).to.have.length(1);
  });
});

describe('the order of a report', () => {
  it('has first what needs a person, then what failed, what changes, what comes, and what is to be known', () => {
    const all = rotatedAccount({
      outcomes: [
        untouched(decision('wait', { userName: 'later' })),
        held(decision('replace', { userName: 'now' })),
        held(decision('deactivate', { userName: 'over' }), 'limit'),
        untouched(decision('blocked', { userName: 'two' })),
      ],
      findings: [{ severity: 'note', message: 'By the way.' }],
    });
    const lines = linesOf([all, unreachable(accountOf(1)), quiet(2)]);
    expect(titles(lines)).to.deep.equal([
      'Needs a person',
      'Failed or unreachable',
      'To be done',
      'Held back',
      'Upcoming',
      'To be known',
    ]);
    expect(lines[0]).to.equal('Run run-1 (audit): replace 1, held back 1, needs a person 1, unreachable 1');
  });
});
