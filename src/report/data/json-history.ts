import type { HistoryEntry } from '../../domain/rotation/history.ts';
import { isoOf } from '../common/wording.ts';

/** What was done, for machines. What has this `schemaVersion` only ever gains fields. */
export interface JsonHistory {
  readonly schemaVersion: 1;
  /** In the order in which they were given; `at` is ISO 8601. */
  readonly entries: readonly (Omit<HistoryEntry, 'at'> & { readonly at: string | null })[];
  /** The names of the rows that can't be read, of whatever user and run; absent when there are none. */
  readonly unreadable?: readonly string[];
}

export const toJsonHistory = (
  entries: readonly HistoryEntry[],
  unreadable: readonly string[] = [],
): JsonHistory => ({
  schemaVersion: 1,
  entries: entries.map(({ at, ...rest }) => ({ at: isoOf(at) ?? null, ...rest })),
  ...(unreadable.length === 0 ? {} : { unreadable }),
});
