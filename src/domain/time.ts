/** A moment: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** A length of time in milliseconds. */
export type Duration = number;

export const SECOND: Duration = 1_000;
export const MINUTE: Duration = 60 * SECOND;
export const HOUR: Duration = 60 * MINUTE;
export const DAY: Duration = 24 * HOUR;

/** How far clocks may differ; a moment further ahead than this is not believed to have happened. */
export const CLOCK_SKEW: Duration = 5 * MINUTE;

/** Days (fractions allowed) as milliseconds, rounded to the millisecond. */
export const days = (count: number): Duration => Math.round(count * DAY);

/** Whole days that have passed between two moments; never negative. */
export const wholeDays = (from: Instant, to: Instant): number => Math.max(0, Math.floor((to - from) / DAY));

/** The latest of the moments that are known; -Infinity when none is. */
export const latest = (...instants: readonly (Instant | undefined)[]): Instant =>
  Math.max(...instants.map((instant) => instant ?? -Infinity));

/** The calendar day in UTC, as people write it: `2026-03-01`. */
export const dateOf = (instant: Instant): string => new Date(instant).toISOString().slice(0, 10);
