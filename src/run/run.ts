import type { AccountSelection } from '../domain/account.ts';
import type { Limits, Mode } from '../domain/limits.ts';
import type { Digest, Notification } from '../domain/notification.ts';
import type { Policy } from '../domain/policy.ts';
import type { AccountReport, RunReport } from '../domain/report.ts';
import { SECOND, type Instant } from '../domain/time.ts';
import type { AccountDirectory, Clock, Ledger, Notifier, Sessions } from './ports.ts';

/** One run over the organization: what it may do, with what, and for whom. */
export interface Run {
  readonly runId: string;
  readonly mode: Mode;
  /** Read once; every decision of the run is about this moment. */
  readonly now: Instant;
  readonly policy: Policy;
  readonly limits: Limits;
  readonly selection: AccountSelection;
  /** Only these users; empty for all. */
  readonly userNames: readonly string[];
  /** Counts up from run to run; decides which account goes first. */
  readonly turn: number;
  readonly accountConcurrency: number;
  readonly userConcurrency: number;
  /** When the run must have ended, where something ends it. */
  readonly deadline?: Instant;

  readonly clock: Clock;
  readonly directory: AccountDirectory;
  readonly sessions: Sessions;
  readonly ledger: Ledger;
  /** Absent: nobody is told, and so no notice counts. */
  readonly notifier?: Notifier;
  readonly digestOf: (report: AccountReport) => Digest | undefined;
  readonly summaryOf: (report: RunReport) => Notification;
  readonly progress: Progress;
}

/** Told what happens while it happens. */
export interface Progress {
  readonly accountsFound: (count: number) => void;
  readonly accountDone: (report: AccountReport) => void;
}

/** Longer than one user takes with every retry; nobody is begun with less time left. */
const TIME_FOR_A_USER = 60 * SECOND;

export const timeForAnotherUser = ({ deadline, clock }: Run): boolean =>
  deadline === undefined || deadline - clock.now() >= TIME_FOR_A_USER;

export const concerns = ({ userNames }: Run, userName: string): boolean =>
  userNames.length === 0 || userNames.some((name) => name.toLowerCase() === userName.toLowerCase());
