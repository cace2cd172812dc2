import type { Duration, Instant } from '../../../src/domain/time.ts';
import type { Clock } from '../../../src/run/ports/clock.ts';

/** Time that passes only in a sleep, or when a test advances it. */
export interface VirtualClock extends Clock {
  /** How long each sleep was, in order. */
  readonly slept: readonly Duration[];
  pass(duration: Duration): void;
}

export function virtualClock(start: Instant): VirtualClock {
  let now = start;
  const slept: Duration[] = [];
  return {
    slept,
    now: () => now,
    sleep: async (duration) => {
      slept.push(duration);
      now += duration;
    },
    pass: (duration) => {
      now += duration;
    },
  };
}
