import type { Instant } from '../time.ts';

export const HISTORY_KINDS = [
  'replaced',
  'deactivated',
  'deleted',
  'restored',
  'limit-accepted',
  'limit-passed',
  /** A key that nobody had the secret of, left by a run that died. */
  'lost-key-deleted',
  /** A key that appeared while a run was replacing another one, and may be a person's. */
  'unexplained-key',
  'settings-changed',
] as const;
export type HistoryKind = (typeof HISTORY_KINDS)[number];

/** What a run or a person did, as the ledger keeps it. Never carries a secret. */
export interface HistoryEntry {
  readonly at: Instant;
  readonly runId: string;
  /** The ARN of who did it, as STS gives it. */
  readonly by: string;
  readonly what: HistoryKind;
  readonly userName?: string;
  readonly accessKeyId?: string;
  readonly newAccessKeyId?: string;
  readonly secretName?: string;
  /** For machines: the reason of the decision, `emergency`, or who is meant by a setting. */
  readonly reason: string;
  /** One sentence for people; what a person gave as the reason is in it. */
  readonly message: string;
}

/** A key of a user that was switched off, deleted or switched on again. */
export interface KeyChange extends HistoryEntry {
  readonly what: (typeof KEY_CHANGES)[number];
  readonly userName: string;
  readonly accessKeyId: string;
}
export const KEY_CHANGES = [
  'deactivated',
  'deleted',
  'restored',
  'lost-key-deleted',
] as const satisfies readonly HistoryKind[];

/** For how many days an entry is kept. By default thirteen months: a year's audit, and a month to do it in. */
export const HISTORY_DAYS = { least: 30, usual: 396, most: 2557 } as const; // most: seven years
