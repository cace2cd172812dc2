import type { HistoryEntry } from '../../domain/rotation/history.ts';

/** What was done in an account, and by whom. */
export interface History {
  /** Newest first. */
  of(accountId: string): Promise<readonly HistoryEntry[]>;
}
