import { failureOf, type Failure } from '../../domain/errors.ts';
import { changedProblems, isAllKnownBefore, type KeyProblem } from '../../domain/report/key-problems.ts';
import type { StoredRun } from '../../domain/report/stored-run.ts';
import { MOST_AT_ONCE, type FindingHub, type RefusedFinding } from '../ports/findings.ts';
import type { StoredRuns } from '../ports/stored-runs.ts';

export interface FindingSending<Finding> {
  readonly runs: StoredRuns;
  readonly hub: FindingHub<Finding>;
  /** @param run the one that has found it, or has found it gone */
  readonly format: (problem: KeyProblem, state: FindingState, run: StoredRun) => Finding;
}

type FindingState = 'active' | 'archived';

export type FindingsSent =
  | { readonly kind: 'no-such-run' }
  | {
      readonly kind: 'sent';
      readonly runId: string;
      /** How many were sent as they are now, and as gone; refused ones among them. */
      readonly active: number;
      readonly archived: number;
      /** How many were not sent again. */
      readonly unchanged: number;
      readonly refused: readonly RefusedFinding[];
      /** Why nobody knows what was there before: everything is sent then, and nothing is archived. */
      readonly nothingBefore?: Failure;
    };

/** Where an account can't be worked on for longer, what was found there before stays as it is. */
const MOST_EARLIER_RUNS = 10;

/**
 * Sends what a run has found, where it is new, has changed, or wasn't sent on this day; and as archived what the run
 * has found gone. It doesn't remember what it sends: the reports say it, so it can be done again.
 * @throws OperationError when the report can't be read, or nothing can be sent
 */
export async function sendFindings<Finding>(
  runId: string,
  { runs, hub, format }: FindingSending<Finding>,
): Promise<FindingsSent> {
  const run = await runs.read(runId);
  if (run === undefined) return { kind: 'no-such-run' };
  const earlier = await earlierRuns(run, runs);
  const known = earlier.kind === 'read' ? earlier.runs : [];
  const { present, gone, unchanged } = changedProblems(run, known);
  const findings = [
    ...present.map((one) => format(one, 'active', run)),
    ...gone.map((one) => format(one, 'archived', run)),
  ];
  const refused: RefusedFinding[] = [];
  for (let at = 0; at < findings.length; at += MOST_AT_ONCE) {
    refused.push(...(await hub.take(findings.slice(at, at + MOST_AT_ONCE))));
  }
  return {
    kind: 'sent',
    runId,
    ...{ active: present.length, archived: gone.length, unchanged, refused },
    ...(earlier.kind === 'failed' ? { nothingBefore: earlier.failure } : {}),
  };
}

type Earlier =
  | { readonly kind: 'read'; readonly runs: readonly StoredRun[] }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Newest first: the last one, and as many more as it takes where that one couldn't look at everything. */
async function earlierRuns(run: StoredRun, runs: StoredRuns): Promise<Earlier> {
  try {
    const names = (await runs.list())
      .filter(({ runId, finishedAt }) => runId !== run.runId && finishedAt <= run.finishedAt)
      .slice(0, MOST_EARLIER_RUNS);
    const read: StoredRun[] = [];
    for (const { runId } of names) {
      const one = await runs.read(runId);
      if (one !== undefined) read.push(one);
      if (isAllKnownBefore(run, read)) break;
    }
    return { kind: 'read', runs: read };
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error, 'read the reports of earlier runs') };
  }
}
