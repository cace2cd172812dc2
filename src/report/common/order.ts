import type { Outcome } from '../../domain/report/outcome.ts';
import type { Instant } from '../../domain/time.ts';

/** For `sort`: the smaller value first. */
export const ascending = <Value extends number | string>(one: Value, two: Value): number =>
  one === two ? 0 : one < two ? -1 : 1;

/** What has no date comes last. */
export const dueAtOf = ({ decision }: Outcome): Instant => decision.dueAt ?? Infinity;

/** For `sort`: the earliest first; what falls due at the same moment by user. */
export const byDueDate = (one: Outcome, two: Outcome): number =>
  ascending(dueAtOf(one), dueAtOf(two)) || ascending(one.decision.userName, two.decision.userName);

/** Which key of which user: in an emergency two outcomes are about the same one. */
export const whichKey = ({ decision }: Outcome): string => `${decision.key.id} of ${decision.userName}`;

/** Puts what belongs together together, in the order in which each group is met first. */
export function groupBy<Item>(
  items: Iterable<Item>,
  nameOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const name = nameOf(item);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}
