import type { AccountSelection } from '../../domain/account.ts';
import type { Event } from '../../domain/report/event.ts';
import type { Digest, Notification } from '../../domain/report/notification.ts';
import type { AccountReport, RunReport } from '../../domain/report/run-report.ts';
import type { Mode } from '../../domain/rotation/limits.ts';
import { SECOND, type Instant } from '../../domain/time.ts';
import type { AccountDirectory, Sessions } from '../ports/accounts.ts';
import type { Clock } from '../ports/clock.ts';
import type { History } from '../ports/history.ts';
import type { Deferred } from '../ports/last-run.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { EventSink, Notifier, PlaintextSender } from '../ports/messaging.ts';
import type { SettingsSource } from '../ports/settings.ts';

/** One run over the organization: what it may do at most, with what, and for whom. */
export interface RunContext {
  readonly runId: string;
  /** What was asked for in this one run; the settings of an account may allow less, never more. */
  readonly cap?: Mode;
  /** Read once; every decision of the run is about this moment. */
  readonly now: Instant;
  readonly selection: AccountSelection;
  /** Only these users; empty for all. */
  readonly userNames: readonly string[];
  /** What the last run had no time for: it goes first. */
  readonly deferred: readonly Deferred[];
  /** Counts up from run to run; decides which of the other accounts goes first. */
  readonly turn: number;
  readonly accountConcurrency: number;
  readonly userConcurrency: number;
  /** When the run must have ended, where something ends it. */
  readonly deadline?: Instant;
  /** Also read the last uses that make no difference, for people to see. */
  readonly everyLastUse?: boolean;

  readonly clock: Clock;
  readonly settings: SettingsSource;
  readonly directory: AccountDirectory;
  readonly sessions: Sessions;
  readonly ledger: Ledger;
  readonly history: History;
  /** Who is told, and how. Absent: nobody is told, and so no notice counts. */
  readonly publishing?: Publishing;
  readonly plaintextTo: (topicArn: string) => PlaintextSender;
  readonly progress: Progress;
}

export interface Publishing {
  readonly to: (topicArn: string) => Notifier;
  /** For what concerns no account, and accounts whose settings can't be used. */
  readonly sharedTopicArn?: string;
  readonly events: EventSink;
  /** @param evenIfQuiet when nothing happened there is a digest all the same */
  readonly digestOf: (report: AccountReport, evenIfQuiet: boolean) => Digest | undefined;
  readonly eventsOf: (report: AccountReport) => readonly Event[];
  readonly summaryOf: (report: RunReport) => Notification;
}

/** Told what happens while it happens. */
export interface Progress {
  readonly accountsFound: (count: number) => void;
  readonly accountDone: (report: AccountReport) => void;
}

/** Longer than one user takes with every retry; nobody is begun with less time left. */
const TIME_FOR_A_USER = 60 * SECOND;

/** Until when a user may be begun with. */
export const lastStart = ({ deadline = Infinity }: RunContext): Instant => deadline - TIME_FOR_A_USER;

export const timeForAnotherUser = (run: RunContext): boolean => run.clock.now() <= lastStart(run);

export const concerns = ({ userNames }: RunContext, userName: string): boolean =>
  userNames.length === 0 || userNames.some((name) => name.toLowerCase() === userName.toLowerCase());
