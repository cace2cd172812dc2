/** What one run records for the next. */
export interface LastRunStore {
  read(): Promise<LastRun>;
  /**
   * Replaces what is recorded by now: runs may overlap, so another one may have recorded something since this one began.
   * @param how may be asked more than once
   */
  change(runId: string, how: (recorded: LastRun) => LastRun): Promise<void>;
}

export interface LastRun {
  /** The ids of the accounts that it could not work on. */
  readonly unreachable: readonly string[];
  /** What it had no time for: whole accounts, or the users of one from some user on. */
  readonly deferred: readonly Deferred[];
  /** In how many runs each account was looked at, by its id. */
  readonly surveyed: ReadonlyMap<string, number>;
  /** How many runs there were. */
  readonly runs: number;
}

export interface Deferred {
  readonly accountId: string;
  /** The first user it had no time for; absent: the account was not started. */
  readonly userName?: string;
}
