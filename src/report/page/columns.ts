/*
 * Rows as columns: each name is there once. In a column 0 is what a row lacks, so no row may hold a 0 for anything
 * else but the fields that every row has; what is lacking at a column's end is not there at all.
 */

export type Columns<Row> = { readonly [Name in keyof Row]?: readonly (Row[Name] | 0)[] };

export function toColumns<Row extends object>(rows: readonly Row[]): Columns<Row> {
  const columns: Record<string, unknown[]> = {};
  rows.forEach((row, index) => {
    for (const [name, value] of Object.entries(row)) {
      const column = (columns[name] ??= []);
      while (column.length < index) column.push(0);
      column.push(value);
    }
  });
  return columns as Columns<Row>;
}

/** @param always the fields that every row has */
export function fromColumns<Row extends object>(
  columns: Columns<Row>,
  always: readonly (keyof Row)[],
): readonly Row[] {
  const named = Object.entries(columns) as [keyof Row, readonly unknown[]][];
  const [first] = always;
  const count = first === undefined ? 0 : (columns[first]?.length ?? 0);
  const rows = Array.from({ length: count }, (): Partial<Row> => ({}));
  for (const [name, values] of named) {
    const isThere = always.includes(name);
    values.forEach((value, index) => {
      const row = rows[index];
      if (row !== undefined && (isThere || value !== 0)) row[name] = value as Row[keyof Row];
    });
  }
  return rows as Row[];
}
