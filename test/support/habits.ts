/** How often a workload runs, in days. */
export type Cadence = 1 | 7 | 30 | 60 | 90;

/** What uses a key, again and again, and how it comes to a new one. */
export interface WorkloadHabit {
  readonly every: Cadence;
  /** Which of its owner's keys it has at first; workloads with the same one share it. */
  readonly key: 1 | 2;
  /**
   * - `reads`: looks into the user's secret whenever it runs, with the key it has.
   * - `by hand`: its owner gives it the new key within the grace after being told of it.
   * - `never`: nobody does.
   */
  readonly moves: 'reads' | 'by hand' | 'never';
}

/** How the owner of a user goes about its keys. */
export interface Habit {
  readonly workloads: readonly WorkloadHabit[];
  readonly also?: 'has a spare key' | 'toggles keys' | 'rotates by hand' | 'a tool switches keys on';
}

const on = (
  key: WorkloadHabit['key'],
  moves: WorkloadHabit['moves'],
  ...cadences: readonly Cadence[]
): readonly WorkloadHabit[] => cadences.map((every) => ({ every, key, moves }));

export const HABITS = {
  'reads every day': { workloads: on(1, 'reads', 1) },
  'reads every week': { workloads: on(1, 'reads', 7) },
  'reads every month': { workloads: on(1, 'reads', 30) },
  'reads every two months': { workloads: on(1, 'reads', 60) },
  'reads every quarter': { workloads: on(1, 'reads', 90) },
  'moves a daily job by hand': { workloads: on(1, 'by hand', 1) },
  'moves a weekly job by hand': { workloads: on(1, 'by hand', 7) },
  'moves a monthly job by hand': { workloads: on(1, 'by hand', 30) },
  'moves a quarterly job by hand': { workloads: on(1, 'by hand', 90) },
  'never moves a daily job': { workloads: on(1, 'never', 1) },
  'never moves a monthly job': { workloads: on(1, 'never', 30) },
  'never moves a quarterly job': { workloads: on(1, 'never', 90) },
  'moves three jobs on one key by hand': { workloads: on(1, 'by hand', 1, 30, 90) },
  'two jobs on one key read, one seldom': { workloads: on(1, 'reads', 1, 90) },
  'moves one of two jobs on one key': { workloads: [...on(1, 'by hand', 1), ...on(1, 'never', 30)] },
  'works on two keys': { workloads: [...on(1, 'by hand', 7), ...on(2, 'by hand', 1)] },
  'works on two keys, on one seldom': { workloads: [...on(1, 'never', 90), ...on(2, 'reads', 1)] },
  'has a key nobody uses': { workloads: [], also: 'has a spare key' },
  'has a spare key': { workloads: on(1, 'by hand', 7), also: 'has a spare key' },
  'switches keys off and on': { workloads: on(1, 'by hand', 1), also: 'toggles keys' },
  'rotates by hand': { workloads: on(1, 'by hand', 1), also: 'rotates by hand' },
  'has a tool that switches keys on': { workloads: on(1, 'never', 1), also: 'a tool switches keys on' },
} as const satisfies Record<string, Habit>;

export type HabitName = keyof typeof HABITS;
export const HABIT_NAMES = Object.keys(HABITS) as readonly HabitName[];

/** Whether the owner moves this workload to what is delivered. */
export const movesInTime = ({ moves }: WorkloadHabit): boolean => moves !== 'never';

/**
 * Whether nobody may cut this workload off who knows only when keys were used: it has its key for itself,
 * or moves on the day on which all that share the key move.
 */
export const isSafe = (workload: WorkloadHabit, { workloads }: Pick<Habit, 'workloads'>): boolean =>
  movesInTime(workload) &&
  (workloads.filter(({ key }) => key === workload.key).length === 1 ||
    workloads.every(({ key, moves }) => key !== workload.key || moves === 'by hand'));

/** When a workload runs next: a quarter, say, is not always as long. */
export const nextRunIn = (every: Cadence, between: (low: number, high: number) => number): number => {
  const off = Math.round(every / 40);
  return every + between(-off, off);
};
