/**
 * The things of a list, each once and in their order. AWS may send a page twice, and whatever is on it
 * must not be worked on twice.
 */
export function distinct<Thing>(things: readonly Thing[], idOf: (thing: Thing) => string): readonly Thing[] {
  const seen = new Set<string>();
  return things.filter((thing) => {
    const id = idOf(thing);
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}
