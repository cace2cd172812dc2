import pc from 'picocolors';
import type { Layout, Row, Section } from './layout.ts';
import { linesOf, oneLine, padded } from './wrap-cells.ts';

/* Rows where no box fits, or nobody would see one. */

/** Narrower than this nothing is broken into lines: a word a line is no text. */
const LEAST_COLUMNS = 20;

/** Each row as lines `Label: value`, and a blank line between rows. What is empty is left out. */
export function stackedTable({ head }: Layout, columns: number, sections: readonly Section[]): string {
  const width = Math.max(columns, LEAST_COLUMNS);
  return sections
    .flatMap(({ title, rows }) => {
      const indent = title === '' ? '' : '  ';
      const blocks = rows.map((row) =>
        head
          .flatMap((label, index) => labelled(label, row[index] ?? '', width - indent.length))
          .map((line) => `${indent}${line}`)
          .join('\n'),
      );
      return title === ''
        ? blocks
        : [[...linesOf(pc.bold(title), width), blocks[0] ?? ''].join('\n'), ...blocks.slice(1)];
    })
    .join('\n\n');
}

function labelled(label: string, cell: string, width: number): readonly string[] {
  const value = oneLine(cell);
  if (value === '') return [];
  return linesOf(`${pc.bold(`${label}:`)} ${value}`, width - 2).map((line, index) =>
    index === 0 ? line : `  ${line}`,
  );
}

/** Of the title of a section, in a pipe. */
const TITLE_WIDTH = 34;

/**
 * Each row as one line, whose columns begin where they begin in every table of this kind, unless a text is longer
 * than its column. Two blanks at least are between two columns, and nothing is cut.
 */
export function plainTable(
  { head, widths, plainWidths = widths, aligns = [] }: Layout,
  sections: readonly Section[],
): string {
  const hasTitles = sections.some(({ title }) => title !== '');
  const lineOf = (cells: Row, title: string): string => {
    const texts = cells.map((cell, index) => {
      const text = oneLine(cell);
      const width = plainWidths[index];
      return width === undefined ? text : padded(text, width - 2, aligns[index]);
    });
    return [...(hasTitles ? [padded(oneLine(title), TITLE_WIDTH)] : []), ...texts].join('  ').trimEnd();
  };
  return [
    lineOf(head, 'Account'),
    ...sections.flatMap(({ title, rows }) => rows.map((row) => lineOf(row, title))),
  ].join('\n');
}
