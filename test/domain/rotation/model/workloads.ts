import { DAY, HOUR, MINUTE, type Instant } from '../../../../src/domain/time.ts';
import { isSafe, nextRunIn } from '../../../support/habits.ts';
import {
  breaks,
  makeKey,
  otherThan,
  readSecret,
  replacementOf,
  switchKey,
  use,
  type Key,
  type Life,
  type Workload,
} from './world.ts';

/* What workloads do: run, each at its cadence, with the key they have; and be cut off. */

/** @param hours of the day: from, and until before */
export function workloadsRun(life: Life, midnight: Instant, [from, until]: readonly [number, number]): void {
  for (const workload of life.workloads) {
    const at = midnight + workload.hour * HOUR;
    if (workload.hour < from || workload.hour >= until || at < workload.nextRun) continue;
    if (!works(workload, life)) {
      // What its owner has switched off, its owner switches on again.
      if (workload.key.offBy === 'owner' && life.keys.includes(workload.key)) continue;
      cutOff(workload, life, at);
    }
    if (workload.key.active) run(workload, life, at);
  }
}

const works = ({ key }: Workload, { keys }: Life): boolean => keys.includes(key) && key.active;

function run(workload: Workload, life: Life, at: Instant): void {
  const late = () => (life.times.rough ? life.random.between(0, 6 * 60) * MINUTE : 0);
  use(workload.key, at, late());
  if (replacementOf(workload.key, life) !== undefined) workload.key.touchedAt ??= at;
  const found = readSecret(life);
  if (workload.habit.moves === 'reads' && found !== undefined && found !== workload.key) {
    workload.key = found;
    use(found, at + MINUTE, late());
  }
  workload.nextRun = at + nextRunIn(workload.habit.every, life.random.between) * DAY - HOUR;
}

function cutOff(workload: Workload, life: Life, at: Instant): void {
  const { key, habit } = workload;
  const by = key.offBy ?? 'owner';
  const shared = life.habit.workloads.some((other) => other !== habit && other.key === habit.key);
  life.cutOffs.push({
    habit: life.habitName,
    workload: `${habit.moves}, every ${habit.every} days, ${shared ? 'sharing a key' : 'alone'}`,
    by,
  });
  if (by !== 'owner' && isSafe(habit, life.habit)) {
    breaks(life, key, at, `who moves in time was cut off by ${by}`);
  }
  delete workload.move;
  workload.key = wayOut(key, life, at);
}

/** The key that somebody takes who has none that works. */
function wayOut(key: Key, life: Life, at: Instant): Key {
  const other = otherThan(key, life);
  if (other?.active === true) return other;
  if (life.keys.includes(key)) {
    switchKey(key, true);
    return key;
  }
  if (other === undefined) return makeKey(life, at);
  switchKey(other, true);
  return other;
}
