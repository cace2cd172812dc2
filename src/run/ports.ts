import type { Account } from '../domain/account.ts';
import type { KeyMemory, LastUse } from '../domain/key.ts';
import type { Notification } from '../domain/notification.ts';
import type { Instant } from '../domain/time.ts';

/* What a run needs from the outside, as narrow as its callers. Failures are thrown as Refusals. */

/** Time as it passes; the run's own `now` is read from it once. */
export interface Clock {
  now(): Instant;
  /** @param duration milliseconds */
  sleep(duration: number): Promise<void>;
}

export interface Organization {
  readonly accounts: readonly Account[];
  /** Ids of the root and all organizational units; empty when they weren't asked for. */
  readonly ous: readonly string[];
}

export interface AccountDirectory {
  /** All accounts in every state. `withOus` fills their paths, which costs calls per unit. */
  list(options: { readonly withOus: boolean }): Promise<Organization>;
}

export interface Sessions {
  /** Enters an account. Refuses a session that belongs to another account. */
  open(account: Account): Promise<AccountSession>;
}

/** Everything that can be done in one account. */
export interface AccountSession {
  readonly inventory: KeyInventory;
  readonly writer: KeyWriter;
  readonly secrets: SecretStore;
  readonly verifier: KeyVerifier;
}

export interface IamUser {
  readonly userName: string;
  readonly arn: string;
}

export interface ListedKey {
  readonly id: string;
  readonly status: 'active' | 'inactive';
  readonly createdAt: Instant;
}

export interface KeyInventory {
  users(): Promise<readonly IamUser[]>;
  keysOf(userName: string): Promise<readonly ListedKey[]>;
  lastUse(accessKeyId: string): Promise<LastUse>;
  rootHasKeys(): Promise<boolean>;
}

/** A key as IAM hands it out, once. It never leaves the function that asked for it. */
export interface CreatedKey extends ListedKey {
  readonly secret: string;
}

export interface KeyWriter {
  /** Sent exactly once: what becomes of an unclear answer is the caller's to find out. */
  create(userName: string): Promise<CreatedKey>;
  deactivate(userName: string, accessKeyId: string): Promise<void>;
  /** A key that is gone already counts as deleted; the answer tells the two apart. */
  delete(userName: string, accessKeyId: string): Promise<'deleted' | 'not-found'>;
}

export interface KeyVerifier {
  /** Whether a call signed with the key is answered, and for the account it should belong to. */
  answers(key: CreatedKey): Promise<boolean>;
}

export interface SecretState {
  readonly name: string;
  readonly exists: boolean;
  /** The version consumers read now. */
  readonly currentVersion?: string;
}

export interface SecretStore {
  /** @throws Refusal when the secret can't take a new version, for instance while it is being deleted */
  look(userName: string): Promise<SecretState>;
  /**
   * Where the key's secret is: `delivered` to consumers of the user's secret, `pending` when it was
   * stored but not shown to them yet, or `none` when it isn't there.
   */
  stageOf(userName: string, accessKeyId: string): Promise<'delivered' | 'pending' | 'none'>;
  /**
   * Stores the key's secret without showing it to consumers yet. Doesn't share it.
   * @returns the state after it
   */
  store(user: IamUser, key: CreatedKey, state: SecretState): Promise<SecretState>;
  /** Lets the user, and nobody else, read its secret. */
  share(user: IamUser, state: SecretState): Promise<void>;
  /**
   * Lets consumers read the key that was stored.
   * @throws Refusal when they read something else by now than the state says
   */
  promote(key: Pick<ListedKey, 'id'>, state: SecretState): Promise<void>;
}

/** A replacement that was begun; open until the new key is delivered or gone again. */
export interface Intent {
  readonly userName: string;
  readonly userArn: string;
  readonly replaces: string;
  readonly knownKeyIds: readonly string[];
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

export interface AccountMemory {
  readonly keys: ReadonlyMap<string, KeyMemory>;
  readonly intents: readonly Intent[];
  readonly badRows: readonly BadRow[];
}

export type LeaseAnswer =
  { readonly granted: true } | { readonly granted: false; readonly holder: string; readonly until: Instant };

/** Remembers what IAM can't tell. Losing it makes things slower, never wrong. */
export interface Ledger {
  read(accountId: string): Promise<AccountMemory>;
  /** Takes the account for a run, or prolongs what the run holds. */
  lease(accountId: string, runId: string, until: Instant, now: Instant): Promise<LeaseAnswer>;
  release(accountId: string, runId: string): Promise<void>;
  openIntent(accountId: string, intent: Intent): Promise<void>;
  /** Does nothing when the user's open intent is another run's. */
  closeIntent(accountId: string, intent: Intent): Promise<void>;
  /**
   * Records the delivery and closes the intent, both or neither.
   * @throws Refusal `conflict` when the intent is no longer open
   */
  delivered(accountId: string, intent: Intent, accessKeyId: string, at: Instant): Promise<void>;
  noticed(accountId: string, userName: string, accessKeyId: string, at: Instant): Promise<void>;
  inactive(accountId: string, userName: string, accessKeyId: string, at: Instant): Promise<void>;
  reactivated(accountId: string, userName: string, accessKeyId: string, at: Instant): Promise<void>;
  deleted(accountId: string, userName: string, accessKeyId: string, at: Instant): Promise<void>;
}

export interface Notifier {
  /** Resolves when the message was accepted. */
  publish(notification: Notification): Promise<void>;
}

/** What one run leaves for the next. */
export interface RunMemory {
  /** The ids of the accounts that the last run could not work on. */
  unreachable(): Promise<readonly string[]>;
  remember(runId: string, unreachable: readonly string[]): Promise<void>;
}
