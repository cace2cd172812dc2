import pLimit from 'p-limit';
import type { QuietKey, StoredRun, StoredRunName } from '../../domain/report/stored-run.ts';
import type { Instant } from '../../domain/time.ts';
import type { StoredRuns } from '../ports/stored-runs.ts';

/* What a page about a run is made of. */

export interface RunAndEarlier {
  readonly run: StoredRun;
  /** The keys that the run did not look at one by one. */
  readonly quiet: readonly QuietKey[];
  /** Newest first. */
  readonly before: readonly StoredRun[];
}

/** @throws OperationError when it can't be read */
export async function withEarlier(
  run: StoredRun,
  runs: StoredRuns,
  listed: readonly StoredRunName[],
): Promise<RunAndEarlier> {
  const [quiet, before] = await Promise.all([runs.quietKeys(run), earlierRuns(runs, listed, run.finishedAt)]);
  return { run, quiet, before };
}

/** Half a year of weekly runs: a longer trend tells nobody more. */
const MOST_BEFORE = 26;
const AT_ONCE = 4;

/**
 * Newest first. What can't be understood is left out: a trend has room for a gap.
 * @throws OperationError when one can't be read
 */
export async function earlierRuns(
  runs: StoredRuns,
  listed: readonly StoredRunName[],
  before: Instant,
): Promise<readonly StoredRun[]> {
  const limit = pLimit(AT_ONCE);
  const earlier = listed.filter(({ finishedAt }) => finishedAt < before).slice(0, MOST_BEFORE);
  const read = await Promise.all(earlier.map(({ runId }) => limit(() => runs.read(runId))));
  return read.filter((run) => run !== undefined);
}
