import Table from 'cli-table3';
import pc from 'picocolors';
import type { Decision } from '../../domain/rotation/decision.ts';
import { clean } from '../../report/common/sanitize.ts';
import { describeOwner } from '../../report/common/wording.ts';
import { linesOf, padded } from './wrap-cells.ts';

export const DEFAULT_COLUMNS = 130;

export interface Layout {
  readonly head: readonly string[];
  /** Of all columns but the last, which takes what they leave of the terminal. */
  readonly widths: readonly number[];
  /** How narrow the last one may become. */
  readonly least: number;
  readonly aligns?: readonly ('left' | 'right')[];
  /**
   * How many lines a cell of each column may have; what is cut ends with `…`. Absent: as many as it
   * takes, which is right wherever ids, ARNs, values of settings or next steps may stand.
   */
  readonly most?: readonly (number | undefined)[];
}

/** The blank on either side of a cell's text. */
const PADDING = 2;

/**
 * Writes rows as a table whose lines all have the same width, whatever text is in its cells.
 * cli-table3 computes widths differently (to it, each vowel sign of Hindi or Thai takes a
 * column). So it draws an empty table, and the text takes the
 * place of the blanks.
 */
export function tableOf(
  { head, widths, least, aligns = [], most = [] }: Layout,
  columns: number,
  rows: readonly (readonly string[])[],
): string {
  const borders = widths.length + 2;
  const last = Math.max(least, columns - widths.reduce((sum, width) => sum + width, 0) - borders);
  const colWidths = [...widths, last];
  const blocks = [head, ...rows].map((row) =>
    sideBySide(colWidths.map((width, index) => linesOf(row[index] ?? '', width - PADDING, most[index]))),
  );
  const [titles = [], ...places] = blocks.map(({ length }) => colWidths.map(() => '\n'.repeat(length - 1)));
  const table = new Table({
    head: titles,
    style: {
      compact: true,
      'padding-left': 0,
      'padding-right': 0,
      ...(pc.isColorSupported ? { head: ['bold'], border: ['dim'] } : { head: [], border: [] }),
    },
    colWidths,
  });
  table.push(...places);
  const texts = blocks
    .flat()
    .flatMap((line) =>
      line.map((text, index) => ` ${padded(text, (colWidths[index] ?? 0) - PADDING, aligns[index])} `),
    )
    .values();
  return table.toString().replace(/ +/g, () => texts.next().value ?? '');
}

/** Turns the lines of each cell into the cells of each line. */
const sideBySide = (cells: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.max(...cells.map(({ length }) => length)) }, (_, index) =>
    cells.map((lines) => lines[index] ?? ''),
  );

/**
 * How many lines a user and its owner may have: IAM lets names have 64 characters, which are never
 * more than four lines, and tags 256, which would be more than there is to tell.
 */
export const USER_LINES = 8;

/** A user and below it the owner, if there is one. */
export function userInCell({ userName, owner = '' }: Pick<Decision, 'userName' | 'owner'>): string {
  const named = describeOwner(owner);
  return named === '' ? clean(userName) : `${clean(userName)}\n${pc.dim(named)}`;
}
