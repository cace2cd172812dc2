import type { Instant } from '../../domain/time.ts';

/** Time as it passes; the run's own `now` is read from it once. */
export interface Clock {
  now(): Instant;
  /** @param duration milliseconds */
  sleep(duration: number): Promise<void>;
}
