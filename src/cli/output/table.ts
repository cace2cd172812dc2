import Table from 'cli-table3';
import pc from 'picocolors';
import type { Decision } from '../../domain/rotation/decision.ts';
import { clean } from '../../report/common/sanitize.ts';
import { describeOwner } from '../../report/common/wording.ts';
import { neededFor, sum, type Layout, type Row, type Section } from './layout.ts';
import { plainTable, stackedTable } from './rows-as-text.ts';
import { linesOf, padded } from './wrap-cells.ts';

/** The blank on either side of a cell's text. */
const PADDING = 2;

/**
 * Writes rows as a box where it fits into the terminal, else each row as lines `Label: value`.
 * @param columns of the terminal; absent: for a pipe, each row as one line without a box, whose columns are
 *   where they always are
 */
export const tableOf = (layout: Layout, columns: number | undefined, rows: readonly Row[]): string =>
  sectionsOf(layout, columns, [{ title: '', rows }]);

/** The same of rows in sections, each with its title. In a pipe the title is a column of each row. */
export function sectionsOf(
  layout: Layout,
  columns: number | undefined,
  sections: readonly Section[],
): string {
  if (columns === undefined) return plainTable(layout, sections);
  return columns < neededFor(layout)
    ? stackedTable(layout, columns, sections)
    : boxed(layout, columns, sections);
}

/**
 * All lines have the same width, whatever text is in the cells. cli-table3 computes widths differently (to it,
 * each vowel sign of Hindi or Thai takes a column), and its time grows with the square of the rows. So it draws
 * an empty table of one row, and each line of text takes the place of the blanks in that.
 */
function boxed(layout: Layout, columns: number, sections: readonly Section[]): string {
  const { head, aligns = [], most = [], firstOnce, lastBelow = false } = layout;
  const colWidths = columnWidths(layout, columns);
  const { top, title, rule, row: empty, bottom } = emptyBox(colWidths);
  const linesIn = (row: Row, template: string): readonly string[] =>
    sideBySide(colWidths.map((width, index) => linesOf(row[index] ?? '', width - PADDING, most[index]))).map(
      (line) => {
        const texts = line
          .map((text, index) => ` ${padded(text, (colWidths[index] ?? 0) - PADDING, aligns[index])} `)
          .values();
        return template.replaceAll(/ +/g, () => texts.next().value ?? '');
      },
    );
  const inner = sum(colWidths) + colWidths.length - 1 - PADDING;
  const across = (text: string, indent = ''): readonly string[] =>
    text === ''
      ? []
      : linesOf(text, inner - indent.length).map((line) =>
          empty.replace(/ .* /, () => ` ${padded(`${indent}${line}`, inner)} `),
        );
  return [
    top,
    ...linesIn(head, title),
    rule,
    ...sections.flatMap((section) => [
      ...across(section.title === '' ? '' : pc.bold(section.title)),
      ...section.rows.flatMap((row, index) => {
        const isRepeated = firstOnce === true && !lastBelow && row[0] === section.rows[index - 1]?.[0];
        return [
          ...linesIn(isRepeated ? ['', ...row.slice(1)] : row, empty),
          ...(lastBelow ? across(row.at(-1) ?? '', '  ') : []),
        ];
      }),
    ]),
    bottom,
  ].join('\n');
}

/** The last column takes what the others leave. */
function columnWidths({ widths, lastBelow }: Layout, columns: number): readonly number[] {
  const fixed = lastBelow === true ? widths.slice(0, -1) : widths;
  return [...fixed, columns - sum(fixed) - fixed.length - 2];
}

/** The lines of a box without any text. */
function emptyBox(colWidths: readonly number[]) {
  const blank = colWidths.map(() => '');
  const table = new Table({
    head: blank,
    style: {
      compact: true,
      'padding-left': 0,
      'padding-right': 0,
      ...(pc.isColorSupported ? { head: ['bold'], border: ['dim'] } : { head: [], border: [] }),
    },
    colWidths: [...colWidths],
  });
  table.push(blank);
  const [top = '', title = '', rule = '', row = '', bottom = ''] = table.toString().split('\n');
  return { top, title, rule, row, bottom };
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

/** A user and below it the owner, if there is one. Where a cell is one line, it reads `svc-ledger of team-payments`. */
export function userInCell({ userName, owner = '' }: Pick<Decision, 'userName' | 'owner'>): string {
  const named = describeOwner(owner);
  return named === '' ? clean(userName) : `${clean(userName)}\n${pc.dim(`of ${named}`)}`;
}
