import Table from 'cli-table3';
import pc from 'picocolors';
import type { Decision } from '../domain/decision.ts';
import { clean } from '../report/plain-text.ts';
import { ownerInWords } from '../report/wording.ts';

export const DEFAULT_COLUMNS = 130;

export interface Layout {
  readonly head: readonly string[];
  /** Of all columns but the last, which takes what they leave of the terminal. */
  readonly widths: readonly number[];
  /** How narrow the last one may become. */
  readonly least: number;
  readonly aligns?: readonly ('left' | 'right')[];
}

/** Writes rows as a table; the last cell of each may be text of any length. */
export function tableOf(
  { head, widths, least, aligns = [] }: Layout,
  columns: number,
  rows: readonly (readonly string[])[],
): string {
  const borders = widths.length + 2;
  const last = Math.max(least, columns - widths.reduce((sum, width) => sum + width, 0) - borders);
  const table = new Table({
    head: [...head],
    style: {
      compact: true,
      ...(pc.isColorSupported ? { head: ['bold'], border: ['dim'] } : { head: [], border: [] }),
    },
    colWidths: [...widths, last],
    colAligns: [...aligns],
    wordWrap: true,
    wrapOnWordBoundary: true,
  });
  table.push(
    ...rows.map((cells) => [...cells.slice(0, -1), ...cells.slice(-1).map((cell) => wholeWords(cell, last))]),
  );
  return table.toString();
}

/** Words that don't fit (ARNs) would be cut. */
const wholeWords = (text: string, width: number): string =>
  text.replace(/\S+/g, (word) => (word.length <= width - 2 ? word : wrapped(word, width)));

/**
 * Names have no blanks to wrap at, and a name cut short is of no use.
 * @param width that of the column
 */
export const wrapped = (name: string, width: number): string =>
  name.match(new RegExp(`.{1,${width - 2}}`, 'g'))?.join('\n') ?? name;

/**
 * A user and below it the owner, if there is one.
 * @param width that of the column
 */
export function userInCell(
  { userName, owner = '' }: Pick<Decision, 'userName' | 'owner'>,
  width: number,
): string {
  const name = wrapped(clean(userName), width);
  const named = ownerInWords(owner);
  return named === '' ? name : `${name}\n${wrapped(named, width).split('\n').map(pc.dim).join('\n')}`;
}
