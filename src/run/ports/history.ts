import type { HistoryEntry } from '../../domain/rotation/history.ts';

/** What was done, for people who ask. */
export interface History {
  /** Newest first. */
  of(accountId: string): Promise<readonly HistoryEntry[]>;
}
