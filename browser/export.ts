import { csvFormatRows } from 'd3-dsv';
import { dayOf, el } from './dom.ts';
import { pairText, STATES, type Row } from './rows.ts';

/* The rows that are shown, for other programs. */

const FIELDS: Readonly<Record<string, (row: Row) => string | number>> = {
  accountId: (row) => row.accountId,
  account: (row) => row.account,
  units: (row) => row.units.join(' '),
  user: (row) => row.user,
  owner: (row) => row.owner,
  accessKeyId: (row) => row.id,
  status: (row) => row.key.status ?? 'active',
  created: (row) => dayOf(row.key.created),
  ageInDays: (row) => row.ageDays,
  lastUsed: (row) => row.usedText,
  lastUsedBy: (row) => row.usedBy,
  state: (row) => STATES[row.state],
  overSince: (row) => (row.key.over === undefined ? '' : dayOf(row.key.over)),
  twoKeys: pairText,
  next: (row) => row.key.next ?? '',
  nextOn: (row) => (row.key.at === undefined ? '' : dayOf(row.key.at)),
  reason: (row) => row.reason,
  message: (row) => row.key.says ?? '',
  cause: (row) => row.cause,
  whatToDo: (row) => row.todo,
};

/** What a spreadsheet would take for a formula is marked as text. */
const asText = (value: string | number): string =>
  typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);

/** With a byte order mark, without which Excel takes it for another encoding. */
export const toCsv = (rows: readonly Row[]): string =>
  `\uFEFF${csvFormatRows([Object.keys(FIELDS), ...rows.map((row) => Object.values(FIELDS).map((field) => asText(field(row))))])}\n`;

export const toJson = (rows: readonly Row[]): string =>
  `${JSON.stringify(
    rows.map((row) => Object.fromEntries(Object.entries(FIELDS).map(([name, field]) => [name, field(row)]))),
    null,
    2,
  )}\n`;

export function download(fileName: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  el('a', { href: url, download: fileName }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
