import type { Call } from './emulator/emulator.ts';

/** How often each action was called. */
export type CallsByAction = Readonly<Record<string, number>>;

export const byAction = (calls: readonly Call[]): CallsByAction => {
  const counts: Record<string, number> = {};
  for (const { action } of calls) counts[action] = (counts[action] ?? 0) + 1;
  return counts;
};

export const sumOf = (calls: CallsByAction): number =>
  Object.values(calls).reduce((sum, count) => sum + count, 0);

/** A count for every action that any of them has, out of its counts in all. */
export const combined = (
  all: readonly CallsByAction[],
  combine: (...counts: readonly number[]) => number,
): CallsByAction =>
  Object.fromEntries(
    [...new Set(all.flatMap((one) => Object.keys(one)))]
      .toSorted()
      .map((action) => [action, combine(...all.map((one) => one[action] ?? 0))]),
  );
