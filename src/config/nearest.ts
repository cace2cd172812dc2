import { distance } from 'fastest-levenshtein';

/** Of the names that there are, the one somebody may have meant; undefined when none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((one) => ({ one, edits: distance(name.toLowerCase(), one.toLowerCase()) }))
    .sort((one, other) => one.edits - other.edits);
  return best !== undefined && best.edits <= Math.max(2, name.length / 3) ? best.one : undefined;
}

/** What to say about a name that there isn't: the one that may be meant, or all there are. */
export function noSuch(what: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === undefined
    ? `no such ${what}; there are ${known.join(', ')}`
    : `no such ${what}; did you mean ${near}?`;
}
