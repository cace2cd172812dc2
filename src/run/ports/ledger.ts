import type { HistoryEntry, KeyChange } from '../../domain/rotation/history.ts';
import type { KeyMemory, Told } from '../../domain/rotation/key.ts';
import type { Acceptance } from '../../domain/rotation/acceptance.ts';
import type { LimitKind } from '../../domain/rotation/limits.ts';
import type { Notice } from '../../domain/rotation/notice.ts';
import type { Instant } from '../../domain/time.ts';

/** A replacement that was started; open until the new key is delivered or deleted again. */
export interface Intent {
  readonly userName: string;
  readonly userArn: string;
  readonly replaces: string;
  readonly knownKeyIds: readonly string[];
  /** Where the secret goes; the settings may name another place by the time of a recovery. */
  readonly secretName?: string;
  readonly startedAt: Instant;
  /** A key created later can't be ours. */
  readonly leaseEndsAt: Instant;
  readonly runId: string;
}

/** A row that can't be read, and what its own key says it is about. */
export interface BadRow {
  readonly userName?: string;
  /** Whose key it is IAM tells. */
  readonly accessKeyId?: string;
  /** What is wrong and what would be right, with the row's key. */
  readonly message: string;
}

export interface AccountLedger {
  readonly keys: ReadonlyMap<string, KeyMemory>;
  /** Since when keys are switched off, by their ids; those that were deleted since are among them. */
  readonly offSince: ReadonlyMap<string, Instant>;
  /** The users the keys belong to, as far as it was recorded. */
  readonly users: ReadonlyMap<string, string>;
  /** The ids of the keys that were deleted, or that IAM had no more when it was looked last. */
  readonly gone: ReadonlySet<string>;
  readonly intents: readonly Intent[];
  /** Changes that a run was about to make, and whose result it didn't record. */
  readonly pendingChanges: readonly KeyChange[];
  readonly badRows: readonly BadRow[];
  readonly acceptances: readonly Acceptance[];
  /** When a digest about the account was published last, where somebody wants one every week. */
  readonly lastDigestAt?: Instant;
  /** The first run that changed something and whose digest was not published. */
  readonly pendingDigest?: { readonly runId: string; readonly since: Instant };
}

export type LeaseAnswer =
  | {
      readonly kind: 'granted';
      /** Who held it, and until when, by a row that can't be true: no lease is that long. */
      readonly notBelieved?: string;
    }
  | { readonly kind: 'held'; readonly holder: string; readonly until: Instant };

/** What was published about a key, and received. */
export interface Published {
  /** Takes the place of an earlier one about the same. */
  readonly notice?: Notice;
  /** When it was told in full. */
  readonly told?: Told;
}

interface OfKey {
  readonly userName: string;
  readonly accessKeyId: string;
}

/** Something that is recorded of a key. */
export type KeyRecord =
  /** What a published digest said about it. */
  | (OfKey & Published & { readonly kind: 'published' })
  /** First seen inactive, whoever deactivated it. */
  | (OfKey & { readonly kind: 'inactive'; readonly at: Instant })
  /** Somebody else switched it on again: it is counted, and what was announced is forgotten. */
  | (OfKey & { readonly kind: 'reactivated'; readonly at: Instant })
  /** What was announced about it is forgotten. */
  | (OfKey & { readonly kind: 'notices-void' })
  /** The test call of a replacement made for it was denied. */
  | (OfKey & { readonly kind: 'test-denied'; readonly denied: NonNullable<KeyMemory['testDenied']> })
  /** IAM doesn't have it any more: in time its row ends. */
  | (Pick<OfKey, 'accessKeyId'> & { readonly kind: 'gone'; readonly at: Instant });

/** As many keys may be recorded of at once: DynamoDB takes no longer transaction. */
export const MOST_RECORDS = 100;

/** What IAM doesn't know. Losing it makes things slower, never wrong. */
export interface Ledger {
  read(accountId: string): Promise<AccountLedger>;
  /** Takes the account for a run, or prolongs what the run holds. */
  acquireLease(accountId: string, runId: string, until: Instant, now: Instant): Promise<LeaseAnswer>;
  releaseLease(accountId: string, runId: string): Promise<void>;
  openIntent(accountId: string, intent: Intent): Promise<void>;
  /**
   * Does nothing when the user's open intent is another run's.
   * @param entry what the history is to say about it, if anything
   */
  closeIntent(accountId: string, intent: Intent, entry?: HistoryEntry): Promise<void>;
  /**
   * Records the delivery and closes the intent, both or neither.
   * @param entry about the key that was replaced
   * @throws OperationError `conflict` when the intent is no longer open
   */
  recordDelivery(accountId: string, intent: Intent, accessKeyId: string, entry: HistoryEntry): Promise<void>;
  /**
   * Records something of keys: all of it or nothing, and harmless when it is repeated.
   * @param records of at most {@link MOST_RECORDS} keys, each of another one
   */
  record(accountId: string, records: readonly KeyRecord[]): Promise<void>;
  /**
   * Written before a key is changed, so that the next run finds out what became of it if this one is killed.
   * @throws OperationError `conflict` when a change of the key by another run is still pending
   */
  markChangePending(accountId: string, change: KeyChange): Promise<void>;
  /**
   * Records what we did to a key and its entry in the history. The change is then no longer pending.
   * @param since when the key certainly was in its new state: graces count from it
   */
  recordChange(accountId: string, change: KeyChange, since: Instant): Promise<void>;
  /** The change was not made and is no longer pending. One that another run has marked since stays. */
  dropPendingChange(accountId: string, change: KeyChange): Promise<void>;
  /** A digest is pending from now on: something is about to be changed that people must be told. */
  markDigestPending(accountId: string, runId: string, at: Instant): Promise<void>;
  /**
   * No digest is pending any more.
   * @param at when one was published; undefined: there was nothing to report
   */
  markDigestSent(accountId: string, at: Instant | undefined): Promise<void>;
  /**
   * Takes from what a run may deactivate at a deadline in the whole organization; what many workers of
   * the run take together is never more than that.
   * @returns how many are granted
   */
  claimDeadlines(runId: string, wanted: number, most: number, now: Instant): Promise<number>;
  accept(accountId: string, acceptance: Acceptance, entry: HistoryEntry): Promise<void>;
  /**
   * Records that a run uses an acceptance, with its entry in the history.
   * @throws OperationError `conflict` when it is no longer there
   */
  useAcceptance(accountId: string, limit: LimitKind, entry: HistoryEntry): Promise<void>;
  /** No other run may use it. */
  endAcceptance(accountId: string, limit: LimitKind): Promise<void>;
}
