import type { QuietKey, StoredRun, StoredRunName } from '../../domain/report/stored-run.ts';

/** Where runs leave their reports, for a setting's number of days. */
export interface StoredRuns {
  /** Newest first. @throws OperationError when they can't be listed */
  list(): Promise<readonly StoredRunName[]>;
  /**
   * @returns undefined where there is none of this id, or none that can be understood
   * @throws OperationError when it can't be read
   */
  read(runId: string): Promise<StoredRun | undefined>;
  /** The keys that the run did not look at one by one. @throws as `read` does */
  quietKeys(run: Pick<StoredRun, 'runId' | 'quietFiles'>): Promise<readonly QuietKey[]>;
}

/** Where a run leaves its own. */
export interface ReportStore {
  /** @throws OperationError when it can't be written */
  write(run: StoredRun): Promise<void>;
  /** @param file 1 for the first one of the run. @throws as `write` does */
  writeQuietKeys(runId: string, file: number, keys: readonly QuietKey[]): Promise<void>;
}

/** Where the page of a run is kept, as HTML. */
export interface PageStore {
  /** Beside the report of the run. @throws OperationError when it can't be written */
  write(run: StoredRunName, page: string): Promise<void>;
  /** Under the name that never changes. @throws as `write` does */
  writeLatest(page: string): Promise<void>;
}
