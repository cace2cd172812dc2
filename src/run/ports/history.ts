import type { HistoryEntry } from '../../domain/rotation/history.ts';

/** What was done in an account, and by whom. */
export interface History {
  of(accountId: string): Promise<KeptHistory>;
}

interface KeptHistory {
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  /** The names of the rows that can't be read: whoever did what they tell of can't be told. */
  readonly unreadable: readonly string[];
}
