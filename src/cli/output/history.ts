import pc from 'picocolors';
import { describeUnreadable } from '../../domain/report/unreadable-history.ts';
import type { HistoryEntry } from '../../domain/rotation/history.ts';
import { clean } from '../../report/common/sanitize.ts';
import { minuteOf } from '../../report/common/wording.ts';
import { paragraph } from './paragraphs.ts';
import { type Layout } from './layout.ts';
import { tableOf } from './table.ts';
import { parseArn } from '../../domain/arn.ts';

export { toJsonHistory } from '../../report/data/json-history.ts';

/* What was done as people read it in a terminal. */

const WHO_WIDTH = 25;
const LAYOUT: Layout = {
  head: ['When (UTC)', 'What', 'User', 'Access key', 'By, in run', 'Why'],
  widths: [12, 13, 18, 25, WHO_WIDTH],
  least: 28,
  plainWidths: [18, 13, 24, 48, 62],
};

/**
 * @param entries in the order in which they are to be shown
 * @param unreadable the names of the rows that can't be shown
 * @param columns of the terminal; absent: for a pipe, without a box, and nothing is broken into lines
 */
export function formatHistory(
  entries: readonly HistoryEntry[],
  unreadable: readonly string[] = [],
  columns?: number,
): string {
  const rest =
    unreadable.length === 0
      ? ''
      : `${paragraph(`${describeUnreadable(unreadable)}.`, columns ?? Infinity).join('\n')}\n`;
  if (entries.length > 0) return `${tableOf(LAYOUT, columns, entries.map(rowOf))}\n${rest}`;
  return rest === '' ? 'Nothing was done that is still remembered.\n' : rest;
}

const rowOf = (entry: HistoryEntry): readonly string[] => [
  minuteOf(entry.at).replace(' ', '\n'),
  entry.what.replace('-', ' '),
  clean(entry.userName ?? ''),
  keysInCell(entry),
  whoInCell(entry),
  clean(entry.message),
];

const keysInCell = ({ accessKeyId, newAccessKeyId }: HistoryEntry): string =>
  [
    ...(accessKeyId === undefined ? [] : [clean(accessKeyId)]),
    ...(newAccessKeyId === undefined ? [] : [`-> ${clean(newAccessKeyId)}`]),
  ].join('\n');

function whoInCell({ by, runId }: HistoryEntry): string {
  const who = shortArn(clean(by));
  const lines = who.length <= WHO_WIDTH - 2 ? [who] : who.split(/(?<=\/)/);
  return [...lines, pc.dim(clean(runId))].join('\n');
}

/**
 * Who it was, without what all of them have in common: `Admin/jane` for
 * `arn:aws:sts::111122223333:assumed-role/Admin/jane`.
 */
const shortArn = (arn: string): string => (parseArn(arn)?.resource ?? arn).replace(/^assumed-role\//, '');
