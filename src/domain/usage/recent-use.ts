import type { Instant } from '../time.ts';
import { groupUsage, type UsageEvent, type UsageGroup } from './usage.ts';

/* Who used a key lately, as far as a message can tell it. */

/** Calls from one place, by one kind of program. */
export interface Workload {
  readonly program: string;
  readonly sourceAddress: string;
  /** `s3`: those that it called, the most frequent first. */
  readonly services: readonly string[];
  readonly calls: number;
  readonly lastAt: Instant;
}

export interface RecentUse {
  readonly accessKeyId: string;
  /** The only one that was looked in. */
  readonly region: string;
  /** The one that called last first. */
  readonly workloads: readonly Workload[];
  /** How many there are besides. */
  readonly more: number;
  /** All calls that were read. */
  readonly calls: number;
  /** False where there are older calls that were not read. */
  readonly isComplete: boolean;
}

/** An owner recognises his own by few; of more he would read none. */
const MOST_WORKLOADS = 3;

export function recentUseOf(
  accessKeyId: string,
  {
    events,
    region,
    isComplete,
  }: { readonly events: readonly UsageEvent[]; readonly region: string; readonly isComplete: boolean },
): RecentUse {
  const groups = groupUsage(events);
  const workloads = groups.slice(0, MOST_WORKLOADS).map(workloadOf);
  const more = groups.length - workloads.length;
  return { accessKeyId, region, workloads, more, calls: events.length, isComplete };
}

const workloadOf = ({ program, sourceAddress, count, lastAt, actions }: UsageGroup): Workload => ({
  program,
  sourceAddress,
  services: [...new Set(actions.map(({ name }) => name.split(':')[0] ?? name))],
  calls: count,
  lastAt,
});
