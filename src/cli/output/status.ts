import pc from 'picocolors';
import type { Outcome } from '../../domain/report/outcome.ts';
import type { RotatedAccount } from '../../domain/report/run-report.ts';
import { CHANGING } from '../../domain/rotation/decision.ts';
import type { AccessKey } from '../../domain/rotation/key.ts';
import type { Notice } from '../../domain/rotation/notice.ts';
import { formatDaysAgo } from '../../domain/rotation/rule.ts';
import { wholeDays, type Instant } from '../../domain/time.ts';
import { groupBy } from '../../report/common/order.ts';
import { clean, nameInCommand } from '../../report/common/sanitize.ts';
import { counted, dayOf } from '../../report/common/wording.ts';
import { formatFinding, formatGap } from './findings.ts';
import { adoptionOf, whatOf } from './outcome.ts';
import { paragraph } from './paragraphs.ts';
import { layoutFor, type Layout } from './layout.ts';
import { tableOf, USER_LINES, userInCell } from './table.ts';

export { toJsonStatus } from '../../report/data/json-status.ts';

/* The keys of an account as people read them in a terminal. */

/** @param columns of the terminal; absent: for a pipe, without a box, and nothing is broken into lines */
export function formatStatus(report: RotatedAccount, now: Instant, columns?: number): string {
  const { account, outcomes, gaps, findings, settings, uncovered } = report;
  const asides = [
    `mode ${settings.values.mode}`,
    outcomes.length === 0 ? 'no access keys' : counted(outcomes.length, 'key'),
    ...(uncovered.length === 0 ? [] : [`${counted(uncovered.length, 'user')} not covered by the settings`]),
  ];
  const width = columns ?? Infinity;
  return [
    ...paragraph(
      `${pc.bold(clean(account.name))} ${pc.dim(account.id)}  ${pc.dim(asides.join(', '))}`,
      width,
    ),
    ...(outcomes.length === 0
      ? []
      : [tableOf(layoutFor(columns, LAYOUT, NARROW), columns, rowsOf(outcomes, now))]),
    ...(gaps.length + findings.length === 0 ? [] : ['']),
    ...gaps.map((gap) => formatGap(gap, width)),
    ...findings.map((finding) => formatFinding(finding, width)),
    '',
  ].join('\n');
}

const LAYOUT: Layout = {
  head: ['User', 'Access key', 'Last used', 'Ledger', 'What comes next'],
  widths: [20, 22, 16, 22],
  least: 24,
  most: [USER_LINES],
  firstOnce: true,
  plainWidths: [46, 48, 44, 40],
};

/** For a terminal of 80 columns: what comes next below the rest. */
const NARROW: Layout = { ...LAYOUT, widths: [18, 22, 16, 17], lastBelow: true };

/** One line a key, those of a user below each other. */
const rowsOf = (outcomes: readonly Outcome[], now: Instant): readonly (readonly string[])[] =>
  [...groupBy(outcomes, ({ decision }) => decision.userName).values()].flatMap((own) =>
    own.map((outcome) => [
      userInCell(outcome.decision),
      keyInCell(outcome.decision.key, now),
      lastUseInCell(outcome.decision.key, now),
      memoryInCell(outcome.decision.key),
      nextInCell(outcome, now),
    ]),
  );

function keyInCell({ id, status, createdAt }: AccessKey, now: Instant): string {
  const state = status === 'active' ? pc.green(status) : pc.yellow(status);
  return `${clean(id)}\n${state}, ${counted(wholeDays(createdAt, now), 'day')}\n${pc.dim(`created ${dayOf(createdAt)}`)}`;
}

const lastUseInCell = ({ lastUse }: AccessKey, now: Instant): string =>
  lastUse.kind !== 'used'
    ? lastUse.kind
    : [
        dayOf(lastUse.at),
        ...[formatDaysAgo(lastUse.at, now), lastUse.service, lastUse.region]
          .filter((part) => part !== undefined)
          .map((part) => pc.dim(clean(part))),
      ].join('\n');

/** What the ledger knows of a key and IAM doesn't. */
function memoryInCell({ memory }: AccessKey): string {
  const on = (what: string, instant: Instant | undefined) =>
    instant === undefined ? [] : [`${what} ${dayOf(instant)}`];
  return [
    ...(memory.replacementOf === undefined ? [] : [`replaces\n${clean(memory.replacementOf)}`]),
    ...on('delivered', memory.deliveredAt),
    ...(memory.secretName === undefined ? [] : [`secret\n${nameInCommand(memory.secretName)}`]),
    ...(memory.notices ?? []).map(noticeInCell),
    ...on('off since', memory.inactiveSince),
    ...(memory.deactivatedAs === undefined ? [] : [`off as ${clean(memory.deactivatedAs)}`]),
    ...on('on again', memory.reactivatedAt),
  ].join('\n');
}

function noticeInCell({ about, firstAt, date, inAnyCase }: Notice): string {
  const dates = [date, ...(inAnyCase === undefined ? [] : [inAnyCase])].map(dayOf).join(', ');
  return `announced ${dayOf(firstAt)}\n${pc.dim(`${about}: ${dates}`)}`;
}

function nextInCell(outcome: Outcome, now: Instant): string {
  const { decision } = outcome;
  const { action, message } = decision;
  const byNextRun = outcome.status === 'none' && CHANGING.has(action);
  const what = byNextRun ? pc.green(`${action} in the next run`) : whatOf(outcome, now);
  const held = outcome.status === 'held' ? ` Held back: ${outcome.why}.` : '';
  return `${what}:\n${clean([message, ...adoptionOf(decision)].join(' ') + held)}`;
}
