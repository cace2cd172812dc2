import pLimit from 'p-limit';
import type { QuietKey, StoredRun, StoredRunName } from '../../domain/report/stored-run.ts';
import type { Instant } from '../../domain/time.ts';
import type { StoredRuns } from '../ports/stored-runs.ts';

/* What a page about a run is made of. */

export interface RunAndEarlier<Earlier> {
  readonly run: StoredRun;
  /** The keys that the run did not look at one by one. */
  readonly quiet: readonly QuietKey[];
  /** Newest first. */
  readonly before: readonly Earlier[];
}

/**
 * What is needed of a run, as soon as it is read: of a large organization not all runs fit in memory.
 * @param isLastWhole it is the last of them that was over the whole organization
 */
export type Abridge<Earlier> = (run: StoredRun, isLastWhole: boolean) => Earlier;

/** @throws OperationError when it can't be read */
export async function withEarlier<Earlier>(
  run: StoredRun,
  runs: StoredRuns,
  listed: readonly StoredRunName[],
  abridge: Abridge<Earlier>,
): Promise<RunAndEarlier<Earlier>> {
  const quiet = await runs.quietKeys(run);
  return { run, quiet, before: await earlierRuns(runs, listed, run.finishedAt, abridge) };
}

/** Half a year of weekly runs: a longer trend tells nobody more. */
const MOST_BEFORE = 26;
const AT_ONCE = 4;

/**
 * Newest first. What can't be understood is left out: a trend has room for a gap.
 * @throws OperationError when one can't be read
 */
export async function earlierRuns<Earlier>(
  runs: StoredRuns,
  listed: readonly StoredRunName[],
  before: Instant,
  abridge: Abridge<Earlier>,
): Promise<readonly Earlier[]> {
  const limit = pLimit(AT_ONCE);
  const earlier = listed.filter(({ finishedAt }) => finishedAt < before).slice(0, MOST_BEFORE);
  const lastWhole = earlier.find(({ isWhole }) => isWhole)?.runId;
  const read = await limit.map(earlier, async ({ runId }) => {
    const run = await runs.read(runId);
    return run === undefined ? [] : [abridge(run, runId === lastWhole)];
  });
  return read.flat();
}
