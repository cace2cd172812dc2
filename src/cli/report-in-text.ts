import Table from 'cli-table3';
import pc from 'picocolors';
import type { Action, Decision, Reason } from '../domain/decision.ts';
import type { Outcome } from '../domain/outcome.ts';
import { clean } from '../report/plain-text.ts';
import { totalsOf, type AccountReport, type Finding, type RunReport } from '../domain/report.ts';
import { dateOf, wholeDays, type Instant } from '../domain/time.ts';

/* The run report as people read it in a terminal. */

const DEFAULT_COLUMNS = 130;

/** @param columns how wide the terminal is */
export function reportInText(report: RunReport, columns = DEFAULT_COLUMNS): string {
  const accounts = report.accounts.map((account) => accountInText(account, report, columns));
  return [...accounts, ...report.findings.map(findingInText), totalsInText(report), ''].join('\n');
}

function accountInText(report: AccountReport, run: RunReport, columns: number): string {
  const { account } = report;
  const heading = `${pc.bold(clean(account.name))} ${pc.dim(account.id)}`;
  switch (report.status) {
    case 'unreachable': {
      const { during, message, nextStep } = report.failure;
      return `${heading}  ${pc.red('unreachable')}\n  ${during}: ${clean(message)}\n  Next step: ${nextStep}\n`;
    }
    case 'skipped':
      return `${heading}  ${pc.dim(`skipped: ${clean(report.cause)}`)}\n`;
    case 'not-started':
      return `${heading}  ${pc.yellow(`not started: ${clean(report.cause)}`)}\n`;
    case 'rotated': {
      const shown = report.outcomes.filter(({ decision }) => decision.action !== 'keep');
      const kept = report.outcomes.length - shown.length;
      const gaps = report.gaps.map(
        ({ userName, failure }) =>
          `  ${pc.red('skipped')} ${userName}: ${failure.during}: ${clean(failure.message)}\n  Next step: ${failure.nextStep}`,
      );
      return [
        `${heading}  ${pc.dim(keptInWords(kept, report.outcomes.length))}`,
        ...(shown.length > 0 ? [tableOf(shown, run, columns)] : []),
        ...gaps,
        ...report.findings.map(findingInText),
        '',
      ].join('\n');
    }
  }
}

const keptInWords = (kept: number, all: number): string =>
  all === 0 ? 'no access keys' : kept === 0 ? '' : `${kept} of ${all} keys kept as they are`;

const WIDTHS = { user: 20, key: 22, age: 6, what: 20 } as const;

function tableOf(outcomes: readonly Outcome[], run: RunReport, columns: number): string {
  const rest = columns - Object.values(WIDTHS).reduce((sum, width) => sum + width, 0) - 6;
  const table = new Table({
    head: ['User', 'Access key', 'Days', 'What', 'Why'],
    style: {
      compact: true,
      ...(pc.isColorSupported ? { head: ['bold'], border: ['dim'] } : { head: [], border: [] }),
    },
    colWidths: [...Object.values(WIDTHS), Math.max(30, rest)],
    colAligns: ['left', 'left', 'right', 'left', 'left'],
    wordWrap: true,
    wrapOnWordBoundary: true,
  });
  for (const outcome of outcomes) {
    const { decision } = outcome;
    table.push([
      wrapped(decision.userName, WIDTHS.user - 2),
      decision.key.id,
      String(wholeDays(decision.key.createdAt, run.startedAt)),
      whatOf(outcome, run.startedAt),
      [decision.message, ...detailsOf(outcome)].map((text) => clean(text)).join(' '),
    ]);
  }
  return table.toString();
}

/** Names have no blanks to wrap at, and a name cut short is of no use. */
const wrapped = (name: string, width: number): string =>
  name.match(new RegExp(`.{1,${width}}`, 'g'))?.join('\n') ?? name;

const PAST: Partial<Record<Action, string>> = {
  replace: 'replaced',
  deactivate: 'deactivated',
  delete: 'deleted',
};

function whatOf(outcome: Outcome, now: Instant): string {
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
      return upcoming(outcome.decision, now);
  }
}

/** What a key that waits is waiting for. */
const NEXT: Partial<Record<Reason, string>> = {
  'newly-inactive': 'delete',
  'used-after-deactivation': 'delete',
  'recovery-grace': 'delete',
  'not-old-enough-to-delete': 'delete',
  'unused-notice': 'deactivate',
  'unused-grace': 'deactivate',
  'replaced-notice': 'deactivate',
  'replaced-grace': 'deactivate',
  'replaced-still-in-use': 'deactivate',
  'slot-in-recovery': 'replace',
  'slot-being-freed': 'replace',
  'slot-held-by-young-key': 'replace',
  'never-used': 'retire',
};

function upcoming({ action, reason, dueAt }: Decision, now: Instant): string {
  const next = NEXT[reason];
  if (next === undefined) return action;
  return dueAt === undefined || dueAt <= now ? `will ${next}` : `will ${next}\nfrom ${dateOf(dueAt)} on`;
}

function detailsOf(outcome: Outcome): readonly string[] {
  switch (outcome.status) {
    case 'applied':
      return outcome.replacement === undefined
        ? []
        : [`New key ${outcome.replacement.accessKeyId} in ${outcome.replacement.secretName}.`];
    case 'held':
      return outcome.by === 'mode' ? [] : [`Held back: ${outcome.why}.`];
    case 'failed':
    case 'partial':
      return [
        `${outcome.failure.during}: ${outcome.failure.message}. Next step: ${outcome.failure.nextStep}`,
      ];
    case 'none':
      return [];
  }
}

const COLOURS = { critical: pc.red, failure: pc.red, note: pc.dim };

const findingInText = ({ severity, message, nextStep }: Finding): string =>
  `  ${COLOURS[severity](severity)} ${clean(message)}${nextStep === undefined ? '' : `\n  Next step: ${nextStep}`}`;

function totalsInText(report: RunReport): string {
  const totals = totalsOf(report.accounts);
  const { accounts } = totals;
  const counts: readonly (readonly [number, string])[] = [
    [accounts.rotated, 'accounts'],
    [accounts.unreachable, 'unreachable'],
    [accounts.notStarted, 'not started'],
    [accounts.skipped, 'skipped'],
    [totals.users, 'users'],
    [totals.activeKeys, 'active keys'],
    [totals.inactiveKeys, 'inactive keys'],
    [totals.replaced, 'replaced'],
    [totals.deactivated, 'deactivated'],
    [totals.deleted, 'deleted'],
    [totals.held, report.mode === 'audit' ? 'would be changed' : 'held back'],
    [totals.blocked, 'need a person'],
    [totals.failed + totals.partial + totals.skippedUsers, 'failed'],
  ];
  const said = counts
    .filter(([count], index) => count > 0 || index === 0)
    .map(([count, what]) => `${count} ${what}`);
  return `${pc.bold(`Run ${report.runId} (${report.mode})`)}: ${said.join(', ')}`;
}
