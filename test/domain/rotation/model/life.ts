import type { Policy } from '../../../../src/domain/rotation/policy.ts';
import { DAY, HOUR, type Instant } from '../../../../src/domain/time.ts';
import { dice, policy, T0, type PolicyFacts } from '../../../support/builders.ts';
import { HABIT_NAMES, HABITS, nextRunIn, type Habit, type HabitName } from '../../../support/habits.ts';
import { ownerActs } from './owners.ts';
import { brokenByWaiting } from './promises.ts';
import { serviceRuns } from './service.ts';
import { workloadsRun } from './workloads.ts';
import {
  breaks,
  DAYS,
  makeKey,
  use,
  type Dice,
  type Life,
  type Times,
  type Trouble,
  type Workload,
} from './world.ts';

/* Lives of 900 days: runs daily, weekly or monthly, some of them missed. */

export interface Circumstances {
  readonly settings?: PolicyFacts;
  /** Other settings from some day on. */
  readonly later?: PolicyFacts;
  /** Calls fail, digests get lost, readers are missing, secrets are deleted, runs are in audit mode. */
  readonly rough?: boolean;
  readonly habits?: readonly HabitName[];
}

/** Days between two runs. Most run weekly. */
const RUNS_EVERY = [7, 30, 7, 1, 7, 30, 7, 7] as const;
const RUN_AT = 12;

export function liveAll(seed: number, lives: number, circumstances: Circumstances = {}): readonly Life[] {
  const random = dice(seed);
  const { habits = HABIT_NAMES } = circumstances;
  return Array.from({ length: lives }, (_, index) => {
    const every = RUNS_EVERY[Math.floor(index / habits.length) % RUNS_EVERY.length]!;
    const life = begin(habits[index % habits.length]!, timesOf(every, circumstances, random), random);
    live(life);
    return life;
  });
}

function live(life: Life): void {
  const { times } = life;
  for (let day = 0; day < DAYS; day++) {
    const midnight = T0 + day * DAY;
    if (times.rough) secretChanges(life, midnight);
    ownerActs(life, midnight);
    workloadsRun(life, midnight, [0, RUN_AT]);
    if (times.runs.has(day)) serviceRuns(life, midnight + RUN_AT * HOUR);
    workloadsRun(life, midnight, [RUN_AT, 24]);
    if (!times.onTime || !times.runs.has(day)) continue;
    for (const [key, what] of brokenByWaiting(life, midnight + DAY)) breaks(life, key, midnight, what);
  }
}

function timesOf(every: number, { settings, later, rough = false }: Circumstances, random: Dice): Times {
  const runs = new Set([0]);
  let longestGap = every;
  for (let day = every, last = 0; day < DAYS; day += every) {
    // In ordinary times no two are missed in a row.
    if (random.chance(0.15) && (rough || day - last <= every)) continue;
    longestGap = Math.max(longestGap, day - last);
    runs.add(day);
    last = day;
  }
  const first = policy(settings);
  const second = later === undefined ? first : policy({ ...settings, ...later });
  const changed = T0 + random.between(60, 300) * DAY;
  const policyAt = (at: Instant): Policy => (at < changed ? first : second);
  const onTime = !rough && settings === undefined && later === undefined;
  return { runs, longestGap, policyAt, rough, onTime, troubles: rough ? troublesOf(random) : [] };
}

const TROUBLES: readonly Trouble['what'][] = [
  'no-readers',
  'readers-unknown',
  'audit',
  'superseded',
  'deleting',
  'gone',
];

/** About one at a time, for up to four months; what is asked of a secret is done within a month. */
function troublesOf({ between }: Dice): readonly Trouble[] {
  const troubles: Trouble[] = [];
  for (let day = between(0, 150); day < DAYS; day += between(30, 300)) {
    const what = TROUBLES[between(0, TROUBLES.length - 1)]!;
    const from = T0 + day * DAY;
    const length = between(1, what === 'superseded' || what === 'deleting' ? 30 : 120);
    troubles.push({ what, from, until: from + length * DAY });
  }
  return troubles;
}

/**
 * Somebody deletes the secret, or writes another value into it. Where that can be put right, somebody does,
 * but not before a run could see it: of what it can't see a run can't take account.
 */
function secretChanges({ secret, times }: Life, at: Instant): void {
  for (const { what, from, until } of times.troubles) {
    if (what !== 'superseded' && what !== 'deleting' && what !== 'gone') continue;
    if (at === from && secret.state === 'kept' && secret.holds !== undefined) {
      Object.assign(secret, { state: what, isSeen: false });
    }
    const known = secret.isSeen || secret.holds?.usedAt !== undefined;
    if (at >= until && secret.state === what && what !== 'gone' && known) secret.state = 'kept';
  }
}

function begin(habitName: HabitName, times: Times, random: Dice): Life {
  const habit: Habit = HABITS[habitName];
  const life: Life = {
    habitName,
    habit,
    times,
    random,
    keys: [],
    workloads: [],
    secret: { state: 'kept', isSeen: false },
    offSince: new Map(),
    made: 0,
    handAge: random.between(30, 75),
    broken: [],
    cutOffs: [],
    done: {},
    grounds: {},
    blocked: false,
  };
  const old = () => makeKey(life, T0 - random.between(0, random.chance(0.5) ? 60 : 400) * DAY);
  const first = new Map([...new Set(habit.workloads.map(({ key }) => key))].map((key) => [key, old()]));
  life.workloads = habit.workloads.map((workload): Workload => {
    const key = first.get(workload.key)!;
    const at = Math.max(key.createdAt, T0 - random.between(1, workload.every) * DAY);
    if (at >= (key.usedAt ?? at)) use(key, at, 0);
    const nextRun = at + nextRunIn(workload.every, random.between) * DAY - HOUR;
    return { habit: workload, hour: random.between(0, 23), key, nextRun };
  });
  if (habit.also === 'has a spare key') old();
  return life;
}
