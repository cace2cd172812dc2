/**
 * What a list holds, each thing once: a page may come twice, and to do twice what is to be done once
 * is worse than either.
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
