import type { HistoryEntry, KeyChange } from '../../domain/rotation/history.ts';
import type { KeyMemory, Told } from '../../domain/rotation/key.ts';
import type { Acceptance, LimitKind } from '../../domain/rotation/limits.ts';
import type { Notice } from '../../domain/rotation/notice.ts';
import type { Instant } from '../../domain/time.ts';

/** A replacement that was begun; open until the new key is delivered or gone again. */
export interface Intent {
  readonly userName: string;
  readonly userArn: string;
  readonly replaces: string;
  readonly knownKeyIds: readonly string[];
  /** Where the secret goes; the settings may say another place by the time this is repaired. */
  readonly secretName?: string;
  readonly startedAt: Instant;
  /** A key created later can't be ours. */
  readonly leaseEndsAt: Instant;
  readonly runId: string;
}

/** A row that can't be understood. */
export interface BadRow {
  /** Whose row it is, where that much can be read. */
  readonly userName?: string;
  /** What is wrong and what would be right, with the row's key. */
  readonly message: string;
}

export interface AccountLedger {
  readonly keys: ReadonlyMap<string, KeyMemory>;
  /** Since when keys are switched off, by their ids; those that were deleted since are among them. */
  readonly offSince: ReadonlyMap<string, Instant>;
  /** Whose keys they are, as far as it was written down. */
  readonly users: ReadonlyMap<string, string>;
  readonly intents: readonly Intent[];
  /** Changes that a run was about to make, and whose end it didn't write down. */
  readonly pendingChanges: readonly KeyChange[];
  readonly badRows: readonly BadRow[];
  readonly acceptances: readonly Acceptance[];
  /** When a digest about the account was published last, where somebody wants one every week. */
  readonly lastDigestAt?: Instant;
  /** The first run that changed something and didn't get to tell. */
  readonly pendingDigest?: { readonly runId: string; readonly since: Instant };
}

export type LeaseAnswer =
  { readonly kind: 'granted' } | { readonly kind: 'held'; readonly holder: string; readonly until: Instant };

/** What was published about a key, and received. */
export interface Published {
  readonly notice?: Notice;
  /** When it was told in full. */
  readonly told?: Told;
}

/** Remembers what IAM can't tell. Losing it makes things slower, never wrong. */
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
  /** What a published digest said about a key. The notice takes the place of an earlier one about the same. */
  recordPublished(accountId: string, userName: string, accessKeyId: string, said: Published): Promise<void>;
  /** Forgets what was announced about a key. */
  voidNotices(accountId: string, userName: string, accessKeyId: string): Promise<void>;
  /** First seen inactive, whoever it was. */
  recordInactive(accountId: string, userName: string, accessKeyId: string, at: Instant): Promise<void>;
  /** Somebody else switched it on again: it is counted, and what was announced is forgotten. */
  recordReactivated(accountId: string, userName: string, accessKeyId: string, at: Instant): Promise<void>;
  /**
   * Written before a key is changed, so that whatever ends the run, the next one looks what became of it.
   * @throws OperationError `conflict` when another run has begun one, and nobody has looked what became of that
   */
  markChangePending(accountId: string, change: KeyChange): Promise<void>;
  /**
   * What we did to a key, together with its place in the history. It is begun no longer.
   * @param since from when on the key was certainly so: graces count from it
   */
  recordChange(accountId: string, change: KeyChange, since: Instant): Promise<void>;
  /** It is begun no longer: it was not made. One that another run has begun since stays. */
  dropPendingChange(accountId: string, change: KeyChange): Promise<void>;
  /** A digest is owed from now on: something is about to be done that people must be told. */
  markDigestPending(accountId: string, runId: string, at: Instant): Promise<void>;
  /**
   * No digest is owed any more.
   * @param at when one was published; undefined: there was nothing to say
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
   * Records that a run goes by an acceptance, together with its place in the history.
   * @throws OperationError `conflict` when it is no longer there
   */
  useAcceptance(accountId: string, limit: LimitKind, entry: HistoryEntry): Promise<void>;
  /** No other run may go by it. */
  endAcceptance(accountId: string, limit: LimitKind): Promise<void>;
}
