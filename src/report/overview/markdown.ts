import { LIST_NAMES } from '../../domain/report/overview-lists.ts';
import type { Overview } from '../../domain/report/overview.ts';
import type { OverviewGroup } from '../../domain/report/overview-groups.ts';
import { clean } from '../common/sanitize.ts';
import { counted, describeUnit, minuteOf, number } from '../common/wording.ts';
import { AGES, changeOf, describeKey, describeMore, describeSteps, LIST_TITLES, SHOWN } from './words.ts';

/* The overview for a ticket or a page that understands Markdown. */

export function overviewMarkdown(overview: Overview): string {
  const { lists, troubled, gaps, coming, change } = overview;
  return [
    '# Access keys of the organization',
    '',
    `As run ${overview.runId} left them on ${minuteOf(overview.finishedAt)} UTC${overview.isWhole ? '' : ', which was about a part of the organization'}: ${counted(overview.ages.active, 'active key')} in ${counted(overview.accounts, 'account')}.`,
    ...(change === undefined ? [] : ['', `Changes are since run ${change.runId}.`]),
    '',
    ...table(
      ['Keys', 'Number', 'Change'],
      (Object.keys(AGES) as readonly (keyof typeof AGES)[]).map((age) => [
        AGES[age],
        number(overview.ages[age]),
        changeOf(overview, age),
      ]),
    ),
    `Within 7 days: ${describeSteps(coming.inSevenDays)}. Within 30 days: ${describeSteps(coming.inThirtyDays)}.`,
    '',
    ...LIST_NAMES.flatMap((list) =>
      section(
        LIST_TITLES[list],
        ['Account', 'User', 'Access key', 'Days', 'What is known'],
        lists[list].map((key) => [
          `${key.accountName} (${key.accountId})`,
          key.userName,
          key.keyId,
          String(key.ageDays),
          describeKey(list, key),
        ]),
      ),
    ),
    ...section(
      'Accounts that were not worked on',
      ['Account', 'Status', 'Why'],
      troubled.map(({ accountName, accountId, status, cause }) => [
        `${accountName} (${accountId})`,
        status,
        cause,
      ]),
    ),
    ...section(
      'Users about whom nothing could be decided',
      ['Account', 'User', 'Why'],
      gaps.map(({ accountName, accountId, userName, cause }) => [
        `${accountName} (${accountId})`,
        userName,
        cause,
      ]),
    ),
    ...groups('By account', overview.byAccount, ({ id, name }) => `${name} (${id})`),
    ...groups('By unit', overview.byUnit, describeUnit),
    ...groups('By owner', overview.byOwner, ({ id }) => id || 'nobody named'),
  ].join('\n');
}

const groups = (
  title: string,
  rows: readonly OverviewGroup[],
  nameOf: (group: OverviewGroup) => string,
): readonly string[] =>
  section(
    title,
    ['Name', 'Active', 'Due', 'Late', 'Over the limit', 'Need a person'],
    rows.map((group) => [
      nameOf(group),
      ...[group.active, group.due, group.late, group.over, group.needsPerson].map(number),
    ]),
  );

function section(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  if (rows.length === 0) return [];
  const more = describeMore(rows.length);
  return [
    `## ${title} (${number(rows.length)})`,
    '',
    ...table(head, rows.slice(0, SHOWN)),
    ...(more === '' ? [] : [more, '']),
  ];
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  lineOf(head),
  lineOf(head.map(() => '---')),
  ...rows.map((row) => lineOf(row.map(escaped))),
  '',
];

const lineOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Foreign text must not end a cell, nor become a link, an image or a tag. */
export const escaped = (text: string): string => clean(text, LONGEST).replace(/[\\`*_[\]<>|~&!#]/g, '\\$&');

const LONGEST = 1_000;
