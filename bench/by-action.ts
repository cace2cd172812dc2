import type { Call } from '../test/support/emulator/emulator.ts';

/** How often each action was called. */
export type ByAction = ReadonlyMap<string, number>;

export function byAction(calls: readonly Call[]): ByAction {
  const counts = new Map<string, number>();
  for (const { action } of calls) counts.set(action, (counts.get(action) ?? 0) + 1);
  return counts;
}

export const sumOf = (calls: ByAction): number =>
  [...calls.values()].reduce((sum, count) => sum + count, 0);

/** Of every action, what becomes of how often it was called in each. */
export function combined(
  all: readonly ByAction[],
  combine: (counts: readonly number[]) => number,
): ByAction {
  const actions = [...new Set(all.flatMap((one) => [...one.keys()]))].toSorted();
  return new Map(actions.map((action) => [action, combine(all.map((one) => one.get(action) ?? 0))]));
}
