import type { Instant } from '../../domain/time.ts';

export /* What a run needs from the outside, as narrow as its callers. Failures are thrown as Refusals. */

/** Time as it passes; the run's own `now` is read from it once. */
interface Clock {
  now(): Instant;
  /** @param duration milliseconds */
  sleep(duration: number): Promise<void>;
}
