/* What a table looks like, whatever is in it. */

export interface Layout {
  readonly head: readonly string[];
  /** Of all columns but the last, which takes what they leave of the terminal. */
  readonly widths: readonly number[];
  /** How narrow the last one may become: in a narrower terminal there are no columns. */
  readonly least: number;
  readonly aligns?: readonly ('left' | 'right')[];
  /**
   * How many lines a cell of each column may have in a box; what is cut ends with `…`. Absent: as many as
   * it takes, which is right wherever ids, ARNs, values of settings or next steps may stand.
   */
  readonly most?: readonly (number | undefined)[];
  /** In a box the last column, which is a text then, stands below the others and is as wide as the box. */
  readonly lastBelow?: true;
  /** Of all columns but the last, in a pipe; absent: the same. */
  readonly plainWidths?: readonly number[];
  /** In a box the first column stays blank where it would repeat what the row above says. */
  readonly firstOnce?: true;
}

export type Row = readonly string[];

/** Rows that belong together, as those of one account. */
export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** The columns of a terminal that a layout needs to be drawn as a box. */
export const neededFor = ({ widths, least, lastBelow }: Layout): number =>
  lastBelow === true ? sum(widths) + widths.length + 1 : sum(widths) + least + widths.length + 2;

/** The wide layout where it fits. In a pipe it always does. */
export const layoutFor = (columns: number | undefined, wide: Layout, narrow: Layout): Layout =>
  columns !== undefined && columns < neededFor(wide) ? narrow : wide;

export const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
