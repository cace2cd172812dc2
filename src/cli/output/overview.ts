import pc from 'picocolors';
import wrapAnsi from 'wrap-ansi';
import { LIST_NAMES, type ListName } from '../../domain/report/overview-lists.ts';
import type { Overview } from '../../domain/report/overview.ts';
import type { OverviewGroup } from '../../domain/report/overview-groups.ts';
import type { OverviewKey } from '../../domain/report/overview-keys.ts';
import { wholeDays, type Instant } from '../../domain/time.ts';
import { clean } from '../../report/common/sanitize.ts';
import { counted, describeAccount, describeUnit, minuteOf, number } from '../../report/common/wording.ts';
import {
  AGES,
  changeOf,
  describeKey,
  describeMore,
  describeSteps,
  LIST_TITLES,
  SHOWN,
} from '../../report/overview/words.ts';
import type { Layout } from './layout.ts';
import { tableOf, USER_LINES, userInCell } from './table.ts';

/* The organization at one look, as people read it in a terminal: first numbers, then what is worst. */

const LEAST_COLUMNS = 40;

/** @param now the moment at which it is shown */
export function formatOverview(overview: Overview, now: Instant, columns?: number): string {
  const { lists, troubled, gaps, leftOut } = overview;
  const wrapped = (text: string) =>
    columns === undefined ? text : wrapAnsi(text, Math.max(columns, LEAST_COLUMNS));
  return [
    ...headOf(overview, now).map(wrapped),
    '',
    ...agesOf(overview),
    '',
    ...comingOf(overview, columns, wrapped),
    ...LIST_NAMES.flatMap((list) => listOf(list, overview, columns)),
    ...section(
      'Accounts that were not worked on',
      troubled.length,
      changeOf(overview, 'troubled'),
      troubled.slice(0, SHOWN).map((one) => {
        const account = describeAccount({ id: one.accountId, name: one.accountName });
        return wrapped(`  ${account}: ${one.status}: ${clean(one.cause)}`);
      }),
    ),
    ...section(
      'Users about whom nothing could be decided',
      gaps.length,
      changeOf(overview, 'gaps'),
      gaps
        .slice(0, SHOWN)
        .map((one) =>
          wrapped(
            `  ${clean(one.userName)} in ${describeAccount({ id: one.accountId, name: one.accountName })}: ${clean(one.cause)}`,
          ),
        ),
    ),
    ...groupsOf('By account', overview.byAccount, columns, describeAccount),
    ...groupsOf('By unit', overview.byUnit, columns, describeUnit),
    ...groupsOf('By owner', overview.byOwner, columns, ({ id }) => clean(id) || 'nobody named'),
    ...(Object.values(lists).every(({ length }) => length === 0) ? [pc.green('Nothing stands out.')] : []),
    ...(leftOut === 0 ? [] : [wrapped(`The settings leave out ${counted(leftOut, 'user')}.`)]),
    '',
  ].join('\n');
}

function headOf(overview: Overview, now: Instant): readonly string[] {
  const { runId, finishedAt, accounts, users, ages, isAudit, isWhole, change } = overview;
  const ago = wholeDays(finishedAt, now);
  const when = ago === 0 ? 'today' : `${counted(ago, 'day')} ago`;
  return [
    `${pc.bold(`${counted(ages.active, 'active key')} of ${counted(users, 'user')} in ${counted(accounts, 'account')}`)}, as run ${clean(runId)} left them on ${minuteOf(finishedAt)} UTC (${when}${isAudit ? ', an audit' : ''}).`,
    ...(isWhole ? [] : [pc.yellow('That run was about a part of the organization.')]),
    ...(change === undefined
      ? []
      : [
          pc.dim(
            `Changes are since run ${clean(change.runId)}: ${counted(change.newlyOver.length, 'key is', 'keys are')} newly over the limit, ${number(change.noLongerOver)} no longer.`,
          ),
        ]),
  ];
}

function agesOf(overview: Overview): readonly string[] {
  const names = (Object.keys(AGES) as readonly (keyof typeof AGES)[]).filter(
    (age) => age !== 'unknown' || overview.ages.unknown > 0,
  );
  const width = Math.max(...names.map((age) => AGES[age].length));
  const digits = Math.max(...names.map((age) => number(overview.ages[age]).length));
  return names.map((age) => {
    const line = `  ${AGES[age].padEnd(width)}  ${number(overview.ages[age]).padStart(digits)}  ${changeOf(overview, age)}`;
    return age === 'over' && overview.ages.over > 0 ? pc.red(line.trimEnd()) : line.trimEnd();
  });
}

const DAYS: Layout = {
  head: ['Day', 'Replaced', 'Off', 'Deleted', 'Person', 'Exempt'],
  widths: [12, 10, 8, 9, 8],
  least: 8,
  aligns: ['left', 'right', 'right', 'right', 'right', 'right'],
};

function comingOf(
  { coming }: Overview,
  columns: number | undefined,
  wrapped: (text: string) => string,
): readonly string[] {
  const { inSevenDays, inThirtyDays, withoutDate, days } = coming;
  const rows = days.map((one) => [
    one.day,
    ...[one.replace, one.deactivate, one.delete, one.person, one['exemption-ends']].map((count) =>
      count === 0 ? '' : number(count),
    ),
  ]);
  const more = describeMore(days.length, 'access-key-rotation overview --json');
  return [
    wrapped(`${pc.bold('Within 7 days')}: ${describeSteps(inSevenDays)}.`),
    wrapped(`${pc.bold('Within 30 days')}: ${describeSteps(inThirtyDays)}.`),
    wrapped(`Without a date, since something else comes first: ${describeSteps(withoutDate)}.`),
    // As wide as it needs to be: the last column would take all of a wide terminal.
    ...(rows.length === 0 ? [] : [tableOf(DAYS, atMost(64, columns), rows.slice(0, SHOWN))]),
    ...(more === '' ? [] : [pc.dim(more)]),
    '',
  ];
}

const LAYOUT: Layout = {
  head: ['Account', 'User', 'Access key', 'Days', 'What is known'],
  widths: [24, 20, 22, 7],
  least: 30,
  aligns: ['left', 'left', 'left', 'right', 'left'],
  most: [USER_LINES, USER_LINES],
};

function listOf(list: ListName, overview: Overview, columns: number | undefined): readonly string[] {
  const keys = overview.lists[list];
  const rows = keys
    .slice(0, SHOWN)
    .map((key) => [
      describeAccount({ id: key.accountId, name: key.accountName }),
      userInCell(key),
      clean(key.keyId),
      number(key.ageDays),
      describeKey(list, withoutOwner(key)),
    ]);
  return section(
    LIST_TITLES[list],
    keys.length,
    changeOf(overview, list),
    rows.length === 0 ? [] : [tableOf(LAYOUT, columns, rows)],
  );
}

/** It stands below the user already. */
const withoutOwner = ({ owner: _, ...key }: OverviewKey): OverviewKey => key;

function section(title: string, count: number, change: string, lines: readonly string[]): readonly string[] {
  if (count === 0) return [];
  const more = describeMore(count);
  return [
    pc.bold(`${title} (${number(count)}${change === '' ? '' : `, ${change}`})`),
    ...lines,
    ...(more === '' ? [] : [pc.dim(more)]),
    '',
  ];
}

const GROUPS: Layout = {
  head: ['Active', 'Due', 'Late', 'Over', 'Person', ''],
  widths: [9, 8, 8, 8, 8],
  least: 15,
  aligns: ['right', 'right', 'right', 'right', 'right', 'left'],
};

/** Where there is only one of them, the numbers above say the same. */
function groupsOf(
  title: string,
  groups: readonly OverviewGroup[],
  columns: number | undefined,
  nameOf: (group: OverviewGroup) => string,
): readonly string[] {
  if (groups.length < 2) return [];
  const rows = groups
    .slice(0, SHOWN)
    .map((group) => [
      ...[group.active, group.due, group.late, group.over, group.needsPerson].map(number),
      nameOf(group),
    ]);
  const more = describeMore(groups.length, 'access-key-rotation overview --json');
  return [
    pc.bold(`${title} (${number(groups.length)}), the worst first`),
    tableOf(GROUPS, atMost(100, columns), rows),
    ...(more === '' ? [] : [pc.dim(more)]),
    '',
  ];
}

/** Few columns look lost in a wide terminal; a pipe has no width. */
const atMost = (most: number, columns: number | undefined): number | undefined =>
  columns === undefined ? undefined : Math.min(most, columns);
