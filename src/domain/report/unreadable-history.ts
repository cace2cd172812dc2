/** So many are named; the others are counted. */
const MOST_NAMED = 5;

/** Of rows of the history that can't be read, in one line of bounded length. */
export function describeUnreadable(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  const rows = names.length === 1 ? '1 row of the history' : `${names.length} rows of the history`;
  const named = names.slice(0, MOST_NAMED).join('; ');
  return `${rows} can't be read: ${named}${more > 0 ? `; and ${more} more` : ''}`;
}
