import type { HistoryEntry } from '../../domain/rotation/history.ts';
import { isoOf } from '../common/wording.ts';

/** What was done, for machines. What has this `schemaVersion` only ever gains fields. */
export interface JsonHistory {
  readonly schemaVersion: 1;
  /** In the order in which they were given; `at` is ISO 8601. */
  readonly entries: readonly (Omit<HistoryEntry, 'at'> & { readonly at: string | null })[];
}

export const toJsonHistory = (entries: readonly HistoryEntry[]): JsonHistory => ({
  schemaVersion: 1,
  entries: entries.map(({ at, ...rest }) => ({ at: isoOf(at) ?? null, ...rest })),
});
