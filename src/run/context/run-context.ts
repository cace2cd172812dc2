import type { Account, AccountSelection } from '../../domain/account.ts';
import type { Event } from '../../domain/report/event.ts';
import type { Digest, Notification, OwnerMessage } from '../../domain/report/notification.ts';
import type { AccountReport, RunReport } from '../../domain/report/run-report.ts';
import type { QuietKey } from '../../domain/report/stored-run.ts';
import { meansUser } from '../../domain/named-users.ts';
import type { ChangeKind, Mode } from '../../domain/rotation/limits.ts';
import { SECOND, type Instant } from '../../domain/time.ts';
import type { AccountDirectory, FormerMembers, Sessions } from '../ports/accounts.ts';
import type { Clock } from '../ports/clock.ts';
import type { History } from '../ports/history.ts';
import type { Deferred } from '../ports/last-run.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { EventSink, Notifier, PlaintextSender, ReaderLookup } from '../ports/messaging.ts';
import type { OpenAccounts } from '../ports/open-accounts.ts';
import type { AsOf } from '../ports/secrets.ts';
import type { SettingsSource } from '../ports/settings.ts';

/** One run over the organization: what it is about, its limits, and the ports it works with. */
export interface RunContext {
  readonly runId: string;
  /** The mode asked for in this run; the settings of an account may allow less, never more. */
  readonly cap?: Mode;
  /** The kinds of change asked for in this run; absent: all that the settings allow. */
  readonly only?: readonly ChangeKind[];
  /** Read once; every decision of the run is about this moment. */
  readonly now: Instant;
  readonly selection: AccountSelection;
  /** Only these users, as src/domain/named-users.ts says; empty for all. */
  readonly userNames: readonly string[];
  /** What the last run had no time for: it goes first. */
  readonly deferred: readonly Deferred[];
  /** The ids of the accounts that the last run could not work on. */
  readonly notWorkedOn: readonly string[];
  /** In how many runs each account was looked at, by its id; empty where nobody remembers. */
  readonly surveyed: ReadonlyMap<string, number>;
  /** Grows by one from run to run: which of the other accounts goes first. */
  readonly turn: number;
  readonly accountConcurrency: number;
  readonly userConcurrency: number;
  /** How to find out whom to look at. `auto`: by the credential report, but in small accounts. */
  readonly inventory: 'auto' | 'list' | 'credential-report';
  /** When the run must have ended, where something ends it. */
  readonly deadline?: Instant;
  /** Also read the last uses that no decision depends on, for people to see. */
  readonly everyLastUse?: boolean;

  readonly clock: Clock;
  readonly settings: SettingsSource;
  readonly directory: AccountDirectory;
  /** Absent where there is no table that would know. */
  readonly formerMembers?: FormerMembers;
  readonly sessions: Sessions;
  readonly ledger: Ledger;
  /** Absent where there is no ledger. */
  readonly openAccounts?: OpenAccounts;
  readonly history: History;
  /** Where reports go. Absent: nothing is published, and so no notice counts. */
  readonly publishing?: Publishing;
  readonly plaintextTo: (topicArn: string) => PlaintextSender;
  readonly progress: Progress;
  /** Absent where nothing is kept of the run. */
  readonly quietKeys?: QuietKeys;
}

/** Who keeps the keys that the run does not look at one by one: they come account by account, and don't stay here. */
export interface QuietKeys {
  /** Never throws: a run goes on without them. */
  add(keys: readonly QuietKey[]): Promise<void>;
}

export interface Publishing {
  readonly to: (topicArn: string) => Notifier;
  /** For what concerns no account, and accounts whose settings can't be used. */
  readonly sharedTopicArn?: string;
  /** Who gets what is published. */
  readonly readers: ReaderLookup;
  readonly events: EventSink;
  /** @param evenIfNothing asks for a digest even when there is nothing to report */
  readonly digestOf: (report: AccountReport, evenIfNothing: boolean) => Digest | undefined;
  /** Those of an account whose settings ask for them. */
  readonly ownerMessagesOf: (report: AccountReport) => readonly OwnerMessage[];
  readonly eventsOf: (report: AccountReport) => readonly Event[];
  /** The ids of the keys whose notices these events give. */
  readonly announcedBy: (events: readonly Event[]) => ReadonlySet<string>;
  readonly summaryOf: (report: RunReport) => Notification;
}

/** Called while the run goes on. */
export interface Progress {
  readonly accountsFound: (count: number) => void;
  readonly accountDone: (report: AccountReport) => void;
  /** How many users of an account are looked at. Absent, as the next: nobody counts them. */
  readonly usersFound?: (accountId: string, count: number) => void;
  readonly userDone?: (accountId: string) => void;
}

/** Longer than one user takes with every retry; no user is started with less time left. */
const TIME_FOR_A_USER = 60 * SECOND;

/** The last moment at which a user may be started. */
export const lastStart = ({ deadline = Infinity }: RunContext): Instant => deadline - TIME_FOR_A_USER;

export const timeForAnotherUser = (run: RunContext): boolean => run.clock.now() <= lastStart(run);

/** Whether the run is about a user of this account. */
export const concerns = (
  { userNames }: Pick<RunContext, 'userNames'>,
  { id }: Pick<Account, 'id'>,
): ((userName: string) => boolean) => meansUser(userNames, id);

/** How secrets are looked at where nothing goes because of it: one by one for the few users that are named. */
export const asOf = ({ userNames }: RunContext): AsOf => (userNames.length === 0 ? 'listed' : 'now');
