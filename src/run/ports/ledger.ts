import type { Account } from '../../domain/account.ts';
import type { Event } from '../../domain/report/event.ts';
import type { Acceptance, HistoryEntry, KeyChange, LimitKind } from '../../domain/rotation/history.ts';
import type { KeyMemory, LastUse } from '../../domain/rotation/key.ts';
import type { Notification } from '../../domain/report/notification.ts';
import type { SecretDelivery, SettingsBook } from '../../domain/settings/setting.ts';
import type { Instant } from '../../domain/time.ts';

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

/** All settings of the deployment. */
export interface SettingsSource {
  /** @throws Refusal when they can't be read: nothing is done on a guess of what is set */
  read(): Promise<SettingsBook>;
}

/** How an account is entered. */
export interface Entrance {
  /** Whatever the role allows, this session can only read. */
  readonly readOnly: boolean;
  readonly secrets: SecretPlace;
}

/** Where the secrets of an account's users are kept. */
export interface SecretPlace {
  readonly delivery: SecretDelivery;
  readonly kmsKeyId?: string;
  readonly replicaRegions: readonly string[];
}

export interface Sessions {
  /** Enters an account. Refuses a session that belongs to another account. */
  open(account: Account, entrance: Entrance): Promise<AccountSession>;
  /** The ARN of who runs this, as STS tells it. */
  caller(): Promise<string>;
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
  /** With a slash at both ends. */
  readonly path: string;
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
  tagsOf(userName: string): Promise<Readonly<Record<string, string>>>;
  /** The names of a group's users; none where the account has no such group. */
  membersOf(group: string): Promise<readonly string[]>;
  /** The user a key belongs to; undefined where the account has no such key. */
  userOf(accessKeyId: string): Promise<string | undefined>;
}

/** A key as IAM hands it out, once. It never leaves the function that asked for it. */
export interface CreatedKey extends ListedKey {
  readonly secret: string;
}

export interface KeyWriter {
  /** Sent exactly once: what becomes of an unclear answer is the caller's to find out. */
  create(userName: string): Promise<CreatedKey>;
  deactivate(userName: string, accessKeyId: string): Promise<void>;
  activate(userName: string, accessKeyId: string): Promise<void>;
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
  /** Where it is not in the user's own account, so that a name alone doesn't find it. */
  readonly arn?: string;
  /** The version consumers read now. */
  readonly currentVersion?: string;
}

/** Whose secret it is. */
export type SecretOwner = Pick<IamUser, 'userName' | 'arn'>;

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
  store(user: SecretOwner, key: CreatedKey, state: SecretState): Promise<SecretState>;
  /** Lets the user, and nobody else, read its secret. */
  share(user: SecretOwner, state: SecretState): Promise<void>;
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

export interface AccountMemory {
  readonly keys: ReadonlyMap<string, KeyMemory>;
  /** Whose keys they are, as far as it was written down. */
  readonly users: ReadonlyMap<string, string>;
  readonly intents: readonly Intent[];
  /** Changes that a run was about to make, and whose end it didn't write down. */
  readonly begunChanges: readonly KeyChange[];
  readonly badRows: readonly BadRow[];
  readonly acceptances: readonly Acceptance[];
  /** When a digest about the account was published last, where somebody wants one every week. */
  readonly lastDigestAt?: Instant;
  /** The first run that changed something and didn't get to tell. */
  readonly owedDigest?: { readonly runId: string; readonly since: Instant };
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
  /**
   * Does nothing when the user's open intent is another run's.
   * @param entry what the history is to say about it, if anything
   */
  closeIntent(accountId: string, intent: Intent, entry?: HistoryEntry): Promise<void>;
  /**
   * Records the delivery and closes the intent, both or neither.
   * @param entry about the key that was replaced
   * @throws Refusal `conflict` when the intent is no longer open
   */
  delivered(accountId: string, intent: Intent, accessKeyId: string, entry: HistoryEntry): Promise<void>;
  noticed(accountId: string, userName: string, accessKeyId: string, at: Instant): Promise<void>;
  /** First seen inactive, whoever it was. */
  inactive(accountId: string, userName: string, accessKeyId: string, at: Instant): Promise<void>;
  reactivated(accountId: string, userName: string, accessKeyId: string, at: Instant): Promise<void>;
  /**
   * Written before a key is changed, so that whatever ends the run, the next one looks what became of it.
   * @throws Refusal `conflict` when another run has begun one, and nobody has looked what became of that
   */
  beginChange(accountId: string, change: KeyChange): Promise<void>;
  /**
   * What we did to a key, together with its place in the history. It is begun no longer.
   * @param since from when on the key was certainly so: graces count from it
   */
  changed(accountId: string, change: KeyChange, since: Instant): Promise<void>;
  /** It is begun no longer: it was not made. One that another run has begun since stays. */
  dropChange(accountId: string, change: KeyChange): Promise<void>;
  /** A digest is owed from now on: something is about to be done that people must be told. */
  owe(accountId: string, runId: string, at: Instant): Promise<void>;
  /**
   * No digest is owed any more.
   * @param at when one was published; undefined: there was nothing to say
   */
  told(accountId: string, at: Instant | undefined): Promise<void>;
  accept(accountId: string, acceptance: Acceptance, entry: HistoryEntry): Promise<void>;
  /**
   * Records that a run goes by an acceptance, together with its place in the history.
   * @throws Refusal `conflict` when it is no longer there
   */
  useAcceptance(accountId: string, limit: LimitKind, entry: HistoryEntry): Promise<void>;
  /** No other run may go by it. */
  endAcceptance(accountId: string, limit: LimitKind): Promise<void>;
}

/** What was done, for people who ask. */
export interface History {
  /** Newest first. */
  of(accountId: string): Promise<readonly HistoryEntry[]>;
}

export interface Notifier {
  /** Resolves when the message was accepted. */
  publish(notification: Notification): Promise<void>;
}

/** Tells other systems what was done and what is due. */
export interface EventSink {
  /** @throws Refusal when some could not be delivered, after some tries */
  put(events: readonly Event[]): Promise<void>;
}

/** Publishes secrets to a topic, for those who have asked for it by that word. */
export interface PlaintextSender {
  /** Whether anybody gets the topic's messages by e-mail. */
  hasEmailReaders(): Promise<boolean>;
  send(account: Account, user: Pick<IamUser, 'userName'>, key: CreatedKey): Promise<void>;
}

/** What one run leaves for the next. */
export interface RunMemory {
  recall(): Promise<LastRun>;
  remember(runId: string, last: LastRun): Promise<void>;
}

export interface LastRun {
  /** The ids of the accounts that it could not work on. */
  readonly unreachable: readonly string[];
  /** What it had no time for: whole accounts, or one from some user on. */
  readonly late: readonly Late[];
}

export interface Late {
  readonly accountId: string;
  /** The first user it had no time for; absent: the account was not begun. */
  readonly userName?: string;
}
