import pc from 'picocolors';
import type { ValueChange } from '../../../config/settings-change.ts';
import type { RunReport } from '../../../domain/report/run-report.ts';
import { wholeDays } from '../../../domain/time.ts';
import { jsonReportOf } from '../../../report/data/json-report.ts';
import { groupBy } from '../../../report/common/order.ts';
import { clean } from '../../../report/common/sanitize.ts';
import { counted, number } from '../../../report/common/wording.ts';
import { whatOf } from '../outcome.ts';
import { paragraph } from '../paragraphs.ts';
import { describeChange } from '../settings.ts';
import { layoutFor, type Layout, type Row } from '../layout.ts';
import { sectionsOf, USER_LINES, userInCell } from '../table.ts';
import type { DifferentKey, Difference } from './difference.ts';
import { filterField, type Filter } from './filter.ts';
import { formatUnreachable } from './account-groups.ts';
import { summaryOf } from './summary.ts';

/* Two plans of the same moment, by the settings that hold and by others, and where they differ. */

export interface TwoPlans {
  readonly changes: readonly ValueChange[];
  readonly before: RunReport;
  readonly after: RunReport;
  readonly difference: Difference;
}

const LAYOUT: Layout = {
  head: ['User', 'Access key', 'Days', 'Today', 'With these'],
  widths: [20, 22, 6, 28],
  least: 28,
  aligns: ['left', 'left', 'right', 'left', 'left'],
  most: [USER_LINES],
  firstOnce: true,
  plainWidths: [46, 22, 6, 37],
};

/** For a terminal of 80 columns: without the age of the key. */
const NARROW: Layout = {
  head: ['User', 'Access key', 'Today', 'With these'],
  widths: [20, 22, 17],
  least: 16,
  most: [USER_LINES],
  firstOnce: true,
};

const OF_THE_MODE =
  'A mode decides nothing: it says how much of a plan a run carries out (audit: nothing; replace-only: what is replaced; no-delete: what is switched off, too; enforce: all).';

/** @param columns of the terminal; absent for a pipe */
export function formatDifference({ changes, before, after, difference }: TwoPlans, columns?: number): string {
  const width = columns ?? Infinity;
  const { keys, keptUntilAnotherDate } = difference;
  const tried = changes.map(describeChange).join('; ');
  const unreachable = formatUnreachable(after, width);
  const lines = [
    `${pc.bold('Tried for the organization')}: ${tried === '' ? 'what holds already' : tried}`,
    pc.dim('What is set for units, accounts and users still goes before it. Nothing was set.'),
    ...(changes.some(({ name }) => name === 'mode') ? [pc.dim(OF_THE_MODE)] : []),
    `Today: ${summaryOf(before)}`,
    `With these: ${summaryOf(after)}`,
    keys.length === 0
      ? 'No key would be decided differently.'
      : `${counted(keys.length, 'key')} would be decided differently: ${transitions(keys)}`,
    ...(keptUntilAnotherDate === 0
      ? []
      : [`${counted(keptUntilAnotherDate, 'key')} would be kept until another date.`]),
  ];
  return [
    ...lines.flatMap((line) => paragraph(line, width)),
    ...(keys.length === 0 ? [] : ['', formatKeys(keys, after, columns)]),
    ...(unreachable.length === 0 ? [] : ['', ...unreachable]),
    '',
  ].join('\n');
}

function formatKeys(keys: readonly DifferentKey[], after: RunReport, columns: number | undefined): string {
  const layout = layoutFor(columns, LAYOUT, NARROW);
  const sections = sectionsIn(keys, after, columns === undefined);
  if (layout === LAYOUT) return sectionsOf(layout, columns, sections);
  const withoutAge = ([user = '', key = '', , ...plans]: Row): Row => [user, key, ...plans];
  return sectionsOf(
    layout,
    columns,
    sections.map(({ title, rows }) => ({ title, rows: rows.map(withoutAge) })),
  );
}

/** `keep -> replace 23, wait -> deactivate 2`. */
const transitions = (keys: readonly DifferentKey[]): string =>
  [...groupBy(keys, (key) => `${actionOf(key, 'before')} -> ${actionOf(key, 'after')}`)]
    .map(([words, same]) => `${words} ${number(same.length)}`)
    .join(', ');

function actionOf(key: DifferentKey, plan: 'before' | 'after'): string {
  if (key.isLeftOut[plan]) return 'left out';
  const action = key[plan]?.decision.action ?? 'keep';
  return action === 'blocked' ? 'needs a person' : action;
}

const sectionsIn = (keys: readonly DifferentKey[], { startedAt }: RunReport, isPlain: boolean) =>
  [...groupBy(keys, ({ account }) => account.id).values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const { id, name } = first.account;
    const title = isPlain ? `${id} ${clean(name)}` : `${clean(name)} ${id}`;
    return [{ title, rows: own.map((key) => rowOf(key, startedAt)) }];
  });

function rowOf(key: DifferentKey, now: RunReport['startedAt']): Row {
  const decision = (key.after ?? key.before)?.decision;
  if (decision === undefined) return [];
  return [
    userInCell(decision),
    decision.key.id,
    String(wholeDays(decision.key.createdAt, now)),
    cellOf(key, 'before', now),
    cellOf(key, 'after', now),
  ];
}

function cellOf(key: DifferentKey, plan: 'before' | 'after', now: RunReport['startedAt']): string {
  if (key.isLeftOut[plan]) return 'not covered';
  const outcome = key[plan];
  return outcome === undefined ? 'nothing due' : whatOf(outcome, now);
}

/** The same for programs. */
export const toJsonDifference = ({ changes, before, after, difference }: TwoPlans, filter: Filter) => ({
  schemaVersion: 1,
  with: Object.fromEntries(changes.map(({ name, from, to }) => [name, { from, to }])),
  ...filterField(filter),
  before: jsonReportOf(before).totals,
  after: jsonReportOf(after).totals,
  keptUntilAnotherDate: difference.keptUntilAnotherDate,
  keys: difference.keys.map((key) => {
    const decision = (key.after ?? key.before)?.decision;
    return {
      accountId: key.account.id,
      accountName: key.account.name,
      userName: decision?.userName,
      accessKeyId: decision?.key.id,
      before: jsonOf(key, 'before'),
      after: jsonOf(key, 'after'),
    };
  }),
});

function jsonOf(key: DifferentKey, plan: 'before' | 'after') {
  const decision = key[plan]?.decision;
  const due = decision?.dueAt;
  return {
    action: key.isLeftOut[plan] ? 'not-covered' : (decision?.action ?? 'keep'),
    ...(decision === undefined ? {} : { reason: decision.reason }),
    ...(due === undefined || Number.isNaN(new Date(due).getTime())
      ? {}
      : { dueAt: new Date(due).toISOString() }),
  };
}
