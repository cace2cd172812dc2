import pc from 'picocolors';
import wrapAnsi from 'wrap-ansi';
import { CHANGING, type Action, type Adoption, type Decision } from '../../domain/rotation/decision.ts';
import { ASKS_FROM_THEN_ON, NEXT, ONCE_MOVED } from '../../domain/report/next-step.ts';
import type { Gap, Outcome } from '../../domain/report/outcome.ts';
import { clean, whole } from '../../report/common/sanitize.ts';
import {
  rotated,
  totalsOf,
  type AccountReport,
  type Finding,
  type RotatedAccount,
  type RunReport,
} from '../../domain/report/run-report.ts';
import { wholeDays, type Instant } from '../../domain/time.ts';
import { describeDates, describeModes } from '../../report/common/account-mode.ts';
import { counted, dayOf } from '../../report/common/wording.ts';
import { DEFAULT_COLUMNS, tableOf, USER_LINES, userInCell, type Layout } from './table.ts';

/* The run report as people read it in a terminal. */

/** No sentence is cut into narrower lines. */
const LEAST_COLUMNS = 40;

/** @param columns how wide the terminal is */
export function formatReport(report: RunReport, columns = DEFAULT_COLUMNS): string {
  const accounts = report.accounts.map((account) => formatAccount(account, report, columns));
  const asides = [describeModes(report), describeDates(report)]
    .filter((aside) => aside !== '')
    .map((aside) => wrapAnsi(aside, Math.max(columns, LEAST_COLUMNS)));
  return [...accounts, ...report.findings.map(formatFinding), ...asides, formatTotals(report), ''].join('\n');
}

function formatAccount(report: AccountReport, run: RunReport, columns: number): string {
  const { account } = report;
  const heading = `${pc.bold(clean(account.name))} ${pc.dim(account.id)}`;
  switch (report.status) {
    case 'unreachable': {
      const { during, message, nextStep } = report.failure;
      return `${heading}  ${pc.red('unreachable')}\n  ${during}: ${clean(message)}\n  Next step: ${whole(nextStep)}\n`;
    }
    case 'skipped':
      return `${heading}  ${pc.dim(`skipped: ${clean(report.cause)}`)}\n`;
    case 'not-started':
      return `${heading}  ${pc.yellow(`not started: ${clean(report.cause)}`)}\n`;
    case 'rotated': {
      const { mode } = report.settings.values;
      const shown = report.outcomes.filter(({ decision }) => decision.action !== 'keep');
      const kept = report.outcomes.length - shown.length;
      const asides = [
        ...(mode === run.mode ? [] : [`mode ${mode}`]),
        describeKept(kept, report.outcomes.length),
        describeUncovered(report),
      ];
      return [
        `${heading}  ${pc.dim(asides.filter((aside) => aside !== '').join(', '))}`,
        ...(shown.length > 0
          ? [
              tableOf(
                LAYOUT,
                columns,
                shown.map((outcome) => rowOf(outcome, run)),
              ),
            ]
          : []),
        ...report.gaps.map(formatGap),
        ...report.findings.map(formatFinding),
        '',
      ].join('\n');
    }
  }
}

const describeKept = (kept: number, all: number): string =>
  all === 0
    ? 'no access keys'
    : kept === 0
      ? ''
      : `${kept} of ${counted(all, 'key', 'keys')} kept as ${kept === 1 ? 'it is' : 'they are'}`;

/** Empty where the settings leave nobody out. */
export const describeUncovered = ({ uncovered }: RotatedAccount): string =>
  uncovered.length === 0 ? '' : `${counted(uncovered.length, 'user')} not covered by the settings`;

export const formatGap = ({ userName, failure }: Gap): string =>
  `  ${pc.red('skipped')} ${clean(userName)}: ${failure.during}: ${clean(failure.message)}\n  Next step: ${whole(failure.nextStep)}`;

const LAYOUT: Layout = {
  head: ['User', 'Access key', 'Days', 'What', 'Why'],
  widths: [20, 22, 6, 20],
  least: 30,
  aligns: ['left', 'left', 'right', 'left', 'left'],
  most: [USER_LINES],
};

const rowOf = (outcome: Outcome, { startedAt }: RunReport): readonly string[] => {
  const { decision } = outcome;
  return [
    userInCell(decision),
    decision.key.id,
    String(wholeDays(decision.key.createdAt, startedAt)),
    whatOf(outcome, startedAt),
    [clean(decision.message), ...adoptionOf(decision), ...detailsOf(outcome)].join(' '),
  ];
};

const ADOPTION: Record<Adoption['state'], (newId: string) => string> = {
  moved: (newId) => `Owner has moved to ${newId}.`,
  adopted: (newId) => `Owner uses ${newId}, and this key too.`,
  'not-adopted': (newId) => `Owner has not moved to ${newId} yet.`,
};

/** How far the owner of a replaced key has come; nothing for other keys, or where the message says it. */
export const adoptionOf = ({ adoption, message }: Decision): readonly string[] =>
  adoption === undefined || /has moved/.test(message)
    ? []
    : [ADOPTION[adoption.state](clean(adoption.replacementId))];

const PAST: Partial<Record<Action, string>> = {
  replace: 'replaced',
  deactivate: 'deactivated',
  delete: 'deleted',
  restore: 'restored',
};

/** In what is shown before it is done: nothing holds the change back. */
const isToBeDone = ({ status, decision }: Outcome): boolean =>
  status === 'none' && CHANGING.has(decision.action);

/** What became of a key, or what comes next and when. */
export function whatOf(outcome: Outcome, now: Instant): string {
  const { action } = outcome.decision;
  switch (outcome.status) {
    case 'applied':
      return pc.green(PAST[action] ?? action);
    case 'held':
      return outcome.by === 'mode' ? pc.cyan(`would ${action}`) : pc.yellow(`${action}: held back`);
    case 'failed':
      return pc.red(`${action}: failed`);
    case 'partial':
      return pc.red(`${action}: unfinished`);
    case 'none':
      if (action === 'blocked') return pc.red('needs a person');
      if (isToBeDone(outcome)) return pc.cyan(`will ${action} now`);
      return upcoming(outcome.decision, now);
  }
}

function upcoming({ action, reason, dueAt }: Decision, now: Instant): string {
  const next = NEXT[reason];
  if (next === undefined) {
    const ends = (action === 'keep' || action === 'exempt') && dueAt !== undefined;
    return ends ? `${action}\nuntil ${dayOf(dueAt)}` : action;
  }
  if (ONCE_MOVED.has(reason) && dueAt === undefined) return `will ${next}\nonce moved`;
  if (ASKS_FROM_THEN_ON.has(reason) && dueAt !== undefined) return `needs a person\nfrom ${dayOf(dueAt)} on`;
  return dueAt === undefined || dueAt <= now ? `will ${next}` : `will ${next}\nfrom ${dayOf(dueAt)} on`;
}

function detailsOf(outcome: Outcome): readonly string[] {
  switch (outcome.status) {
    case 'applied':
      return outcome.replacement === undefined
        ? []
        : [
            whole(
              `New key ${outcome.replacement.accessKeyId} in ${outcome.replacement.secretArn ?? outcome.replacement.secretName}.`,
            ),
            ...(outcome.replacement.sesRegion === undefined
              ? []
              : [clean(`The SMTP password of SES in ${outcome.replacement.sesRegion} changes with it.`)]),
          ];
    case 'held':
      return outcome.by === 'mode' ? [] : [clean(`Held back: ${outcome.why}.`)];
    case 'failed':
    case 'partial':
      return [
        clean(`${outcome.failure.during}: ${outcome.failure.message}.`),
        `Next step: ${whole(outcome.failure.nextStep)}`,
      ];
    case 'none':
      return [];
  }
}

const COLOURS = { critical: pc.red, failure: pc.red, note: pc.dim };

export const formatFinding = ({ severity, message, nextStep }: Finding): string =>
  `  ${COLOURS[severity](severity)} ${clean(message)}${nextStep === undefined ? '' : `\n  Next step: ${whole(nextStep)}`}`;

function formatTotals(report: RunReport): string {
  const totals = totalsOf(report.accounts);
  const { accounts } = totals;
  const toDo = rotated(report.accounts)
    .flatMap(({ outcomes }) => outcomes)
    .filter(isToBeDone).length;
  const counts: readonly (readonly [count: number, one: string, many?: string])[] = [
    [accounts.rotated, 'account', 'accounts'],
    [accounts.unreachable, 'unreachable'],
    [accounts.notStarted, 'not started'],
    [accounts.skipped, 'skipped'],
    [totals.users, 'user', 'users'],
    [totals.activeKeys, 'active key', 'active keys'],
    [totals.inactiveKeys, 'inactive key', 'inactive keys'],
    [toDo, 'to be changed'],
    [totals.replaced, 'replaced'],
    [totals.restored, 'restored'],
    [totals.deactivated, 'deactivated'],
    [totals.deleted, 'deleted'],
    [totals.held, report.mode === 'audit' ? 'would be changed' : 'held back'],
    [totals.heldByOrganizationLimit, "of them by the organization's limit"],
    [totals.heldByReaders, 'of them because nobody would read of it'],
    [totals.blocked, 'needs a person', 'need a person'],
    [totals.exempt, 'exempt'],
    [totals.failed + totals.partial + totals.skippedUsers, 'failed'],
  ];
  const said = counts
    .filter(([count], index) => count > 0 || index === 0)
    .map(([count, one, many = one]) => counted(count, one, many));
  return `${pc.bold(`Run ${report.runId} (${report.mode})`)}: ${said.join(', ')}`;
}
