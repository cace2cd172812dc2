import pc from 'picocolors';
import {
  isHealthy,
  type Area,
  type Check,
  type CheckStatus,
  type HealthReport,
} from '../../domain/health/check.ts';
import { nextStepOf, problemsOf, type Group, type Problem } from '../../domain/health/groups.ts';
import { whole } from '../../report/common/sanitize.ts';
import { capital, counted, describeAccount } from '../../report/common/wording.ts';
import { paragraph as lines, stepLines as step } from './paragraphs.ts';

/*
 * What `doctor` found as people read it in a terminal: first whether all is well, then what isn't, each
 * thing once, and at last the one thing to do next.
 */

const AREAS: Readonly<Record<Area, string>> = {
  operator: 'you',
  settings: 'settings',
  organization: 'organization',
  function: 'function',
  schedule: 'schedule',
  table: 'table',
  topic: 'topic',
  reports: 'reports',
  key: 'encryption key',
  account: 'account',
};

/** Accounts that are named where something is true of many; `--json` has all. */
const MOST_NAMED = 5;

/** @param columns of the terminal; absent: nothing is broken into lines, as for a pipe */
export function formatHealth(report: HealthReport, columns?: number): string {
  const width = columns ?? Infinity;
  const wrong = problemsOf(report.checks, 'wrong');
  const open = problemsOf(report.checks, 'not-checked');
  return [
    ...lines(verdict(report, wrong, open), width),
    ...section(pc.bold(pc.red('Wrong')), wrong, report, width),
    ...section(pc.bold(pc.yellow('Not checked')), open, report, width),
    '',
    ...lines(whatIsRight(report), width),
    '',
    ...next(nextStepOf(report.checks), isHealthy(report), width),
    '',
  ].join('\n');
}

function verdict({ checks }: HealthReport, wrong: readonly Problem[], open: readonly Problem[]): string {
  const right = counted(count(checks, 'ok'), 'check is right', 'checks are right');
  const rest = open.length === 0 ? '' : `, ${counted(groupsIn(open), 'thing')} not checked`;
  if (wrong.length === 0) return `${pc.bold(pc.green('Healthy'))}: ${right}${rest}.`;
  const things = counted(groupsIn(wrong), 'thing is wrong', 'things are wrong');
  return `${pc.bold(pc.red('Not healthy'))}: ${things}${rest}, ${right}.`;
}

const groupsIn = (problems: readonly Problem[]): number =>
  problems.reduce((sum, { groups }) => sum + groups.length, 0);

function section(
  heading: string,
  problems: readonly Problem[],
  report: HealthReport,
  width: number,
): readonly string[] {
  if (problems.length === 0) return [];
  return ['', heading, ...problems.flatMap((problem) => inFull(problem, report, width))];
}

const inFull = ({ groups, nextStep }: Problem, report: HealthReport, width: number): readonly string[] => [
  ...groups.flatMap((group) => [
    ...lines(`${capital(AREAS[group.area])}, ${whole(group.name)}: ${whole(group.message)}`, width, '  '),
    ...(group.accountIds.length === 0 ? [] : lines(accounts(group, report), width, '    ')),
  ]),
  ...(nextStep === undefined ? [] : step(nextStep, 'To do: ', width, '    ')),
];

function accounts({ accountIds }: Group, report: HealthReport): string {
  const named = accountIds.slice(0, MOST_NAMED).map((id) => {
    const account = report.accounts.find((one) => one.id === id);
    return account === undefined || account.name === id ? id : describeAccount(account);
  });
  const more = accountIds.length - named.length;
  const which = `${named.join(', ')}${more > 0 ? ` and ${more} more (--json names all)` : ''}`;
  return accountIds.length === 1 ? `In ${which}` : `In ${accountIds.length} accounts: ${which}`;
}

function next(nextStep: string, healthy: boolean, width: number): readonly string[] {
  const label = healthy
    ? 'Next, see what the first run with changes would do:'
    : 'Next, and then doctor again:';
  const [first = '', ...rest] = step(nextStep, `${label} `, width, '');
  return [pc.bold(first), ...rest];
}

function whatIsRight({ checks, accounts: all }: HealthReport): string {
  const counts = Object.entries(AREAS).flatMap(([area, title]) => {
    const right = count(
      checks.filter((check) => check.area === area),
      'ok',
    );
    if (right === 0) return [];
    return [area === 'account' ? `${counted(all.length, 'account')} ${right}` : `${title} ${right}`];
  });
  return `${pc.green('Right')}: ${counts.length === 0 ? 'nothing' : counts.join(', ')}.`;
}

const count = (checks: readonly Check[], status: CheckStatus): number =>
  checks.filter((check) => check.status === status).length;
