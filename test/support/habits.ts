/** How the owner of a user goes about its keys. */
export interface Habit {
  /** After how many days at most its owner moves to a delivered key. */
  readonly adoptsWithin: number;
  /** The longest time between two uses, in days. */
  readonly usedEvery: number;
  /** One key for each. */
  readonly workloads: number;
  readonly also?: 'has a spare key' | 'toggles keys' | 'rotates by hand';
}

export const HABITS = {
  'adopts at once': { adoptsWithin: 0, usedEvery: 3, workloads: 1 },
  'adopts late': { adoptsWithin: 10, usedEvery: 3, workloads: 1 },
  'never adopts': { adoptsWithin: Infinity, usedEvery: 3, workloads: 1 },
  'works once a quarter': { adoptsWithin: 10, usedEvery: 92, workloads: 1 },
  'works on two keys': { adoptsWithin: 10, usedEvery: 3, workloads: 2 },
  'has a key nobody uses': { adoptsWithin: 0, usedEvery: 1, workloads: 0, also: 'has a spare key' },
  'has a spare key': { adoptsWithin: 10, usedEvery: 5, workloads: 1, also: 'has a spare key' },
  'switches keys off and on': { adoptsWithin: 10, usedEvery: 4, workloads: 1, also: 'toggles keys' },
  'rotates by hand': { adoptsWithin: 10, usedEvery: 2, workloads: 1, also: 'rotates by hand' },
} as const satisfies Record<string, Habit>;

export type HabitName = keyof typeof HABITS;
