import { OperationError } from '../../domain/errors.ts';
import type { StoredRunName } from '../../domain/report/stored-run.ts';
import type { PageStore, StoredRuns } from '../ports/stored-runs.ts';
import { withEarlier, type Abridge, type RunAndEarlier } from './with-earlier.ts';

/** Where runs are read, and pages are kept. */
export interface PagePlaces {
  /** Each time anew, as they are then. */
  readonly openRuns: () => StoredRuns;
  readonly pages: PageStore;
}

export interface PageKeeping<Earlier> extends PagePlaces {
  readonly abridge: Abridge<Earlier>;
  readonly format: (shown: RunAndEarlier<Earlier>) => string;
}

export type PageKept =
  | {
      readonly kind: 'kept';
      readonly runId: string;
      /** It is about the last whole run, and is kept as that, too. */
      readonly isLatest: boolean;
    }
  /** There is no such report, or the end of its run was done again and has left another one. */
  | { readonly kind: 'nothing-to-do' };

/**
 * Keeps the page of a run beside its report. The same again makes the same page again.
 * @throws OperationError when reports can't be read or understood, or the page can't be written
 */
export async function keepPage<Earlier>(
  name: StoredRunName,
  { openRuns, pages, abridge, format }: PageKeeping<Earlier>,
): Promise<PageKept> {
  const runs = openRuns();
  const listed = await runs.list();
  if (!listed.some((one) => isSame(one, name))) return { kind: 'nothing-to-do' };
  const run = await runs.read(name.runId);
  if (run === undefined) throw notUnderstood(name.runId);
  const page = format(await withEarlier(run, runs, listed, abridge));
  await pages.write(name, page);
  // Listed anew: while this page was made, a later run may have left its own.
  const last = (await openRuns().list()).find(({ isWhole }) => isWhole);
  const isLatest = last !== undefined && isSame(last, name);
  if (isLatest) await pages.writeLatest(page);
  return { kind: 'kept', runId: name.runId, isLatest };
}

const isSame = (one: StoredRunName, other: StoredRunName): boolean =>
  one.runId === other.runId && one.finishedAt === other.finishedAt && one.isWhole === other.isWhole;

const notUnderstood = (runId: string): OperationError =>
  new OperationError({
    kind: 'not-found',
    during: 'make the page of a run',
    message: `the report of run ${runId} can't be understood`,
    nextStep:
      'Deploy one version of all functions; if somebody has written over the report, S3 has its earlier versions.',
  });
