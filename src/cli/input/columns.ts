/** A table of two columns still fits; what says less than this doesn't know (0 of `script`, `ssh -tt`, `docker -t`). */
const LEAST = 20;
/** Wider than any screen: a table is as wide as the terminal, and a wrong width would fill the memory. */
const MOST = 2000;

/** Of a terminal that doesn't say. */
const USUAL = 80;

/** How wide text for people is to be; undefined for a pipe or a file, where no box is drawn and no line broken. */
export const columnsFor = ({
  isTTY,
  columns,
}: {
  readonly isTTY?: boolean;
  readonly columns?: number;
}): number | undefined => (isTTY === true ? (columns ?? USUAL) : undefined);

/**
 * How wide a terminal is; undefined where that is not known.
 * @param reported by the terminal itself
 * @param wanted the variable `COLUMNS`, which goes before it
 */
export function columnsOf(reported: unknown, wanted?: string): number | undefined {
  return [wanted === undefined || !/^\d+$/.test(wanted) ? undefined : Number(wanted), reported].find(
    (one): one is number => Number.isInteger(one) && (one as number) >= LEAST && (one as number) <= MOST,
  );
}
