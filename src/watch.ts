import { systemClock } from './compose/environment.ts';
import { findRegion } from './compose/region.ts';
import { lastRun } from './compose/last-run.ts';
import { DAY } from './domain/time.ts';
import { NAMESPACE, SERVICE, telemetry } from './telemetry.ts';

/** Farther back than any schedule that makes sense for keys that live for 90 days. */
const LOOK_BACK = 60 * DAY;

/**
 * Says every day how many days ago a run last finished. An alarm can't look back farther than a
 * week by itself, and a weekly run is missing only after eight days.
 */
export async function daysSinceLastRun(): Promise<number> {
  const now = systemClock.now();
  const finished = await lastRun(
    await findRegion(),
    { namespace: NAMESPACE, service: SERVICE },
    now,
    LOOK_BACK,
  );
  const days = Math.floor((now - (finished ?? now - LOOK_BACK)) / DAY);
  telemetry().emit([{ name: 'DaysSinceLastRun', unit: 'Count', value: days }]);
  return days;
}
