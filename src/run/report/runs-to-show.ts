import pLimit from 'p-limit';
import { InputError, OperationError } from '../../domain/errors.ts';
import type { QuietKey, StoredRun, StoredRunName } from '../../domain/report/stored-run.ts';
import type { StoredRuns } from '../ports/stored-runs.ts';

/** A run, and those before it. */
export interface RunsToShow {
  readonly run: StoredRun;
  readonly quiet: readonly QuietKey[];
  /** Newest first. */
  readonly before: readonly StoredRun[];
}

/** Half a year of weekly runs: a longer trend tells nobody more. */
const MOST_BEFORE = 26;
const AT_ONCE = 4;

/**
 * @param runId absent: the last run over the whole organization, or else the last one
 * @throws InputError when there is no such run. @throws OperationError when none is stored, or one can't be read
 */
export async function runsToShow(runs: StoredRuns, runId?: string): Promise<RunsToShow> {
  const listed = await runs.list();
  const wanted =
    runId === undefined ? (listed.find(({ isWhole }) => isWhole) ?? listed[0]) : named(runId, listed);
  if (wanted === undefined) throw nothingStored();
  const run = await runs.read(wanted.runId);
  if (run === undefined) throw notUnderstood(wanted.runId);
  const [quiet, before] = await Promise.all([
    runs.quietKeys(run),
    runsBefore(runs, wanted.finishedAt, listed),
  ]);
  return { run, quiet, before };
}

/** Those before a moment, newest first. What can't be understood is left out: a trend has room for a gap. */
export async function runsBefore(
  runs: StoredRuns,
  before: number,
  listed?: readonly StoredRunName[],
): Promise<readonly StoredRun[]> {
  const all = listed ?? (await runs.list());
  const limit = pLimit(AT_ONCE);
  const earlier = all.filter(({ finishedAt }) => finishedAt < before).slice(0, MOST_BEFORE);
  const read = await Promise.all(earlier.map(({ runId }) => limit(() => runs.read(runId))));
  return read.filter((run) => run !== undefined);
}

/** More than these nobody compares with what was typed. */
const MOST_NAMED = 5;

function named(runId: string, listed: readonly StoredRunName[]): StoredRunName {
  const found = listed.find((one) => one.runId === runId);
  if (found !== undefined) return found;
  const last = listed.slice(0, MOST_NAMED).map((one) => one.runId);
  throw new InputError([
    `--run: no report of a run ${runId} is stored${last.length === 0 ? '' : `; the last ones are ${last.join(', ')}`}`,
  ]);
}

const nothingStored = (): OperationError =>
  new OperationError({
    kind: 'not-found',
    during: 'find a stored report',
    message: 'no run has left one yet',
    nextStep:
      'Wait for the next run, or look now: --live. A deployment that is older than stored reports must be deployed again.',
  });

const notUnderstood = (runId: string): OperationError =>
  new OperationError({
    kind: 'unknown',
    during: 'read a stored report',
    message: `that of run ${runId} can't be understood by this version`,
    nextStep: 'Use the version that is deployed, or another run: --run.',
  });
