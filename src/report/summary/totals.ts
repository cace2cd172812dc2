import { wholeDays } from '../../domain/time.ts';
import { exclusionGroups } from '../../domain/report/exclusion.ts';
import { isClean, rotated, type RunReport, type Totals } from '../../domain/report/run-report.ts';
import { isPlanOnly, describeModes } from '../common/account-mode.ts';
import { changes } from '../digest/counts.ts';
import { oldestNotLookedAt } from './oldest-keys.ts';
import { wrap } from '../common/sanitize.ts';
import { counted, listed, number } from '../common/wording.ts';

/** What the summary says first. */
export function summaryHeadline(report: RunReport, totals: Totals, toSolve: number): string {
  const { accounts } = totals;
  const failures = totals.failed + totals.partial;
  const plan = isPlanOnly(report, totals);
  const trouble = [
    ...some(accounts.unreachable, (n) => `${counted(n, 'account')} could not be worked on`),
    ...some(accounts.notStarted, (n) => `${counted(n, 'account was', 'accounts were')} not started`),
    ...some(toSolve, (n) => `${counted(n, 'account needs', 'accounts need')} a person`),
    ...some(failures, (n) => `${counted(n, 'step')} failed`),
    ...some(totals.skippedUsers, (n) => `${counted(n, 'user was', 'users were')} left out`),
    ...some(otherFailures(report), (n) => counted(n, 'other failure')),
  ];
  return [
    plan ? 'Plan only: nothing was changed.' : '',
    trouble.length > 0 ? `${listed(trouble)}.` : isClean(report) ? 'Everything went well.' : '',
    ...steps(totals, plan),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function steps(totals: Totals, plan: boolean): readonly string[] {
  const { replaced, restored, deactivated, deleted, held } = totals;
  const done = { replace: replaced, restore: restored, deactivate: deactivated, delete: deleted };
  if (plan) return some(held, (n) => `${counted(n, 'step')} would be taken.`);
  return [
    changes(done, 'were') || 'No key was changed.',
    ...some(held, (n) => `${counted(n, 'step was', 'steps were')} held back.`),
  ];
}

/** What the summary's subject says, the most important first. */
export function summaryParts(report: RunReport, totals: Totals, toSolve: number): readonly string[] {
  const plan = isPlanOnly(report, totals);
  const failures = totals.failed + totals.partial + totals.skippedUsers + otherFailures(report);
  const parts = [
    ...some(totals.accounts.unreachable, (n) => `${number(n)} not reached`),
    ...some(toSolve, (n) => `${number(n)} ${n === 1 ? 'needs' : 'need'} a person`),
    ...some(failures, (n) => `${number(n)} failed`),
    ...some(totals.accounts.notStarted, (n) => `${number(n)} not started`),
    ...some(totals.replaced, (n) => `${number(n)} replaced`),
    ...some(totals.restored, (n) => `${number(n)} restored`),
    ...some(totals.deactivated, (n) => `${number(n)} deactivated`),
    ...some(totals.deleted, (n) => `${number(n)} deleted`),
    ...some(totals.held, (n) => `${number(n)} ${plan ? 'to do' : 'held back'}`),
  ];
  const [first = 'nothing to do', ...rest] = parts;
  return [plan ? `plan only, ${first}` : first, ...rest];
}

/** The run in numbers. */
export function totalsText(report: RunReport, totals: Totals): string {
  const { accounts } = totals;
  const held = isPlanOnly(report, totals) ? 'planned' : 'held back';
  const restored = totals.restored === 0 ? '' : ` ${number(totals.restored)} restored,`;
  const uncovered = rotated(report.accounts).reduce((sum, account) => sum + account.uncovered.length, 0);
  const [oldest] = exclusionGroups(rotated(report.accounts).flatMap(({ exclusions = [] }) => exclusions));
  const age =
    oldest?.oldestKeyAt === undefined
      ? ''
      : ` (their oldest key ${counted(wholeDays(oldest.oldestKeyAt, report.startedAt), 'day')} old)`;
  const notCovered = uncovered === 0 ? '' : `, ${number(uncovered)} not covered by the settings${age}`;
  return [
    `Accounts: ${number(accounts.rotated)} worked on, ${number(accounts.unreachable)} not reached, ${number(accounts.notStarted)} not started, ${number(accounts.skipped)} skipped.`,
    describeModes(report),
    `Users: ${number(totals.users)} with keys${notLookedAt(report, totals)}, ${number(totals.skippedUsers)} left out${notCovered}. Keys after the run: ${number(totals.activeKeys)} active, ${number(totals.inactiveKeys)} inactive.`,
    `Steps: ${number(totals.replaced)} replaced,${restored} ${number(totals.deactivated)} deactivated, ${number(totals.deleted)} deleted, ${number(totals.held)} ${held}${whyHeld(totals)}, ${number(totals.failed)} failed, ${number(totals.partial)} half done.`,
    `Keys blocked: ${number(totals.blocked)}; exempt: ${number(totals.exempt)}.`,
  ]
    .filter((line) => line !== '')
    .flatMap((line) => wrap(line, '', '  '))
    .join('\n');
}

/** Of how many the credential report told enough. */
function notLookedAt({ accounts, startedAt }: RunReport, { usersNotLookedAt: count }: Totals): string {
  if (count === 0) return '';
  const oldest = Math.min(...oldestNotLookedAt(accounts));
  const age = Number.isFinite(oldest) ? `, the oldest ${counted(wholeDays(oldest, startedAt), 'day')}` : '';
  return ` (of ${number(count)} IAM's credential report shows young keys only${age})`;
}

/** What is held not by the account's own limits and mode. */
function whyHeld({ heldByOrganizationLimit, heldByReaders }: Totals): string {
  const parts = [
    ...some(heldByOrganizationLimit, (n) => `${number(n)} by the limit of the organization`),
    ...some(heldByReaders, (n) => `${number(n)} because nobody would read of it`),
  ];
  return parts.length === 0 ? '' : ` (${listed(parts)})`;
}

/** What went wrong that isn't a step or a user: findings of accounts, and of the run itself. */
const otherFailures = ({ accounts, findings }: RunReport): number =>
  findings.filter(({ severity }) => severity !== 'note').length +
  rotated(accounts)
    .flatMap((account) => account.findings)
    .filter(({ severity }) => severity === 'failure').length;

const some = (count: number, inWords: (count: number) => string): readonly string[] =>
  count === 0 ? [] : [inWords(count)];
