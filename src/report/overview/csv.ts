import { csvFormatRows } from 'd3-dsv';
import { LIST_NAMES } from '../../domain/report/overview-lists.ts';
import type { Overview } from '../../domain/report/overview.ts';
import { whole } from '../common/sanitize.ts';
import { isoOf } from '../common/wording.ts';

/* All lists in full, for a spreadsheet: one row for a key in a list, an account or a user. */

const HEAD = [
  'list',
  'account_id',
  'account_name',
  'unit',
  'user',
  'owner',
  'access_key_id',
  'status',
  'created_at',
  'age_days',
  'since',
  'action',
  'reason',
  'next',
  'next_at',
  'replaced_by',
  'message',
  'cause',
  'next_step',
];

type Cell = string | number | undefined;

export function overviewCsv(overview: Overview): string {
  const { lists, troubled, gaps } = overview;
  const rows = [
    ...LIST_NAMES.flatMap((list) =>
      lists[list].map((key): readonly Cell[] => [
        list,
        key.accountId,
        key.accountName,
        key.ouPath.at(-1),
        key.userName,
        key.owner,
        key.keyId,
        key.status,
        isoOf(key.createdAt),
        key.ageDays,
        dateIn(key.since),
        key.action,
        key.reason,
        key.next?.what,
        dateIn(key.next?.at),
        key.replacedBy,
        key.message,
        key.cause,
        key.nextStep,
      ]),
    ),
    ...gaps.map(({ accountId, accountName, userName, cause }) => {
      const row = ['notDecided', accountId, accountName, '', userName];
      return padded(row, cause);
    }),
    ...troubled.map(({ status, accountId, accountName, cause, nextStep }) =>
      padded([status, accountId, accountName], cause, nextStep),
    ),
  ];
  return `${csvFormatRows([HEAD, ...rows.map((row) => row.map(safe))])}\n`;
}

const dateIn = (instant: number | undefined): string | undefined =>
  instant === undefined ? undefined : isoOf(instant);

/** The last two columns say why, and what to do. */
const padded = (row: readonly Cell[], cause: string, nextStep?: string): readonly Cell[] => [
  ...row,
  ...Array<Cell>(HEAD.length - 2 - row.length).fill(''),
  cause,
  nextStep,
];

/** What a spreadsheet takes for a formula, wide forms and leading blanks included. */
const FORMULA = /^\s*[=+\-@\t\r＝＋－＠]/;

/** Names and messages are foreign text: none is to be carried out by the program that opens the file. */
export function safe(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  const text = whole(cell);
  return FORMULA.test(cell) || FORMULA.test(text) ? `'${text}` : text;
}
