import type { StoredRun } from '../../domain/report/stored-run.ts';
import type { Instant } from '../../domain/time.ts';
import { asksForPerson, keysOf, overSince, waitsForOwner, type KeyOfRun } from './key-state.ts';

/** What a run shows at one glance, to be held against another run. */
export interface Measure {
  readonly at: Instant;
  readonly over: readonly KeyOfRun[];
  readonly people: readonly KeyOfRun[];
  /** Replaced, and the owner has not moved. */
  readonly waiting: readonly KeyOfRun[];
  readonly notWorkedOn: number;
}

export function measure(run: StoredRun): Measure {
  const keys = keysOf(run);
  return {
    at: run.finishedAt,
    over: keys
      .filter((one) => overSince(one, run.finishedAt) !== undefined)
      .sort((one, other) => (overSince(one, run.finishedAt) ?? 0) - (overSince(other, run.finishedAt) ?? 0)),
    people: keys.filter(({ key }) => asksForPerson(key, run.finishedAt)),
    waiting: keys.filter(({ key }) => waitsForOwner(key)),
    notWorkedOn: run.accounts.filter(({ status }) => status === 'unreachable' || status === 'not-started')
      .length,
  };
}
