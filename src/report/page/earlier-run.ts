import { deedsOf, type Deed } from '../../domain/report/deeds.ts';
import type { StoredRun } from '../../domain/report/stored-run.ts';
import type { Instant } from '../../domain/time.ts';
import { measure } from './measure.ts';

/** As many as anybody reads; the history has them all. */
export const MOST_DEEDS = 2_000;

/** What a page needs of a run before the one it is about: of half a year of them not all fits in memory. */
export interface EarlierRun {
  readonly at: Instant;
  readonly isWhole: boolean;
  /** How many keys or accounts there were of each. */
  readonly over: number;
  readonly people: number;
  readonly waiting: number;
  readonly notWorkedOn: number;
  readonly deeds: readonly Deed[];
  /** The run itself, of the last one over the whole organization: it is compared key by key. */
  readonly run?: StoredRun;
}

export function earlierRun(run: StoredRun, isLastWhole: boolean): EarlierRun {
  const { at, over, people, waiting, notWorkedOn } = measure(run);
  return {
    at,
    isWhole: run.isWhole,
    over: over.length,
    people: people.length,
    waiting: waiting.length,
    notWorkedOn,
    deeds: deedsOf(run).slice(0, MOST_DEEDS),
    ...(isLastWhole ? { run } : {}),
  };
}
