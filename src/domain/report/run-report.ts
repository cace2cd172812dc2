import type { Account } from '../account.ts';
import type { Failure } from '../errors.ts';
import type { HistoryEntry } from '../rotation/history.ts';
import { isActive } from '../rotation/key.ts';
import type { HeldBy, Mode } from '../rotation/limits.ts';
import type { AccountSettings } from '../settings/account-settings.ts';
import type { Instant } from '../time.ts';
import type { RecentUse } from '../usage/recent-use.ts';
import type { Exclusion } from './exclusion.ts';
import type { Gap, Outcome } from './outcome.ts';
import type { QuietKey } from './quiet-key.ts';

/** Something about an account as a whole that people should know. */
export interface Finding {
  /** `critical` needs a person, `failure` makes the run end with an error, `note` is to be known. */
  readonly severity: 'critical' | 'failure' | 'note';
  readonly message: string;
  readonly nextStep?: string;
  /** The run ends with an error although this is no failure of its own. */
  readonly failsRun?: boolean;
  /** The name of a user who was asked for, and whom no account of the run has. */
  readonly userNotFound?: string;
}

export interface RotatedAccount {
  readonly status: 'rotated';
  readonly account: Account;
  readonly outcomes: readonly Outcome[];
  readonly gaps: readonly Gap[];
  readonly findings: readonly Finding[];
  readonly settings: AccountSettings;
  /** A digest is wanted every week, and none was published for so long. */
  readonly digestIsDue?: boolean;
  /** The ledger says that a digest is pending: this run's, or still an earlier one's. */
  readonly digestIsPending?: boolean;
  /** What earlier runs did without reporting it, or only this run could finish. Oldest first. */
  readonly recoveredEntries?: readonly HistoryEntry[];
  /** Names of the users that the settings leave out. */
  readonly uncovered: readonly string[];
  /** Who used keys that are soon switched off; absent where nobody asked for it, or it could not be looked up. */
  readonly recentUse?: readonly RecentUse[];
  /** The users who were not asked for one by one: nothing is due or open of them. */
  readonly notLookedAt?: NotLookedAt;
  /** Absent: nobody has asked. */
  readonly rootKeys?: RootKeys;
  /** The same users, with what leaves them out and how old their keys are; absent where nobody is left out. */
  readonly exclusions?: readonly Exclusion[];
}

/** Whether the root user has access keys; `unknown`: it could not be read. */
export type RootKeys = 'present' | 'none' | 'unknown';

/** What the credential report says of users of whom it shows nothing that is due. */
export interface NotLookedAt {
  readonly users: number;
  readonly activeKeys: number;
  /** Absent where there is no active key. */
  readonly oldest?: { readonly userName: string; readonly createdAt: Instant };
  /** How many of these keys come of age on a day, by `2026-11-30` in UTC. */
  readonly dueOn: Readonly<Record<string, number>>;
  /** The keys themselves, until the account is done: the report of a run has no room for those of all accounts. */
  readonly keys?: readonly QuietKey[];
}

export type AccountReport =
  | RotatedAccount
  | {
      readonly status: 'unreachable';
      readonly account: Account;
      readonly failure: Failure;
      /** Absent: they are what could not be read. */
      readonly settings?: AccountSettings;
    }
  | {
      readonly status: 'skipped' | 'not-started';
      readonly account: Account;
      readonly cause: string;
      /** Skipped because somebody else holds its lease. */
      readonly isHeld?: boolean;
    };

export interface RunReport {
  readonly runId: string;
  /** That of the organization; an account may have one of its own. */
  readonly mode: Mode;
  /** No account could have been changed: that was asked for, or is set for all of them. */
  readonly isAudit: boolean;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly accounts: readonly AccountReport[];
  readonly findings: readonly Finding[];
}

export interface Totals {
  readonly accounts: {
    readonly rotated: number;
    readonly unreachable: number;
    readonly skipped: number;
    readonly notStarted: number;
  };
  /** Users that have at least one access key, or whose keys could not be read. */
  readonly users: number;
  /** Of those: the credential report shows nothing of them that is due, and nobody asked for more. */
  readonly usersNotLookedAt: number;
  /** Keys as the run leaves them. */
  readonly activeKeys: number;
  readonly inactiveKeys: number;
  readonly replaced: number;
  readonly deactivated: number;
  readonly deleted: number;
  readonly restored: number;
  readonly held: number;
  /** Of those: over the limit of the whole organization. */
  readonly heldByOrganizationLimit: number;
  /** Of those: because nobody receives what is published. */
  readonly heldByReaders: number;
  readonly failed: number;
  readonly partial: number;
  readonly blocked: number;
  readonly exempt: number;
  readonly skippedUsers: number;
}

export const rotated = (accounts: readonly AccountReport[]): readonly RotatedAccount[] =>
  accounts.filter((report) => report.status === 'rotated');

export function totalsOf(accounts: readonly AccountReport[]): Totals {
  const withStatus = (status: AccountReport['status']) =>
    accounts.filter((report) => report.status === status).length;
  const reports = rotated(accounts);
  const outcomes = reports.flatMap((report) => report.outcomes);
  const count = (matches: (outcome: Outcome) => boolean) => outcomes.filter(matches).length;
  const applied = (action: string) =>
    count(({ status, decision }) => status === 'applied' && decision.action === action);

  const heldBy = (by: HeldBy) => count((outcome) => outcome.status === 'held' && outcome.by === by);
  const replaced = applied('replace');
  const deactivated = applied('deactivate');
  const deleted = applied('delete');
  const restored = applied('restore');
  // In an emergency two things are done about one key.
  const keys = new Map(
    reports.flatMap(({ account, outcomes: own }) =>
      own.map(({ decision: { userName, key } }) => [`${account.id} ${userName} ${key.id}`, key] as const),
    ),
  );
  const foundActive = [...keys.values()].filter(isActive).length;
  const leftOver = count((outcome) => outcome.status === 'partial' && outcome.createdKeyId !== undefined);
  const rest = reports.flatMap(({ notLookedAt = [] }) => notLookedAt);
  const users = reports.map(
    ({ outcomes: own, gaps }) =>
      new Set([...own.map(({ decision }) => decision.userName), ...gaps.map(({ userName }) => userName)])
        .size,
  );
  return {
    accounts: {
      rotated: reports.length,
      unreachable: withStatus('unreachable'),
      skipped: withStatus('skipped'),
      notStarted: withStatus('not-started'),
    },
    users: sum([...users, ...rest.map((one) => one.users)]),
    usersNotLookedAt: sum(rest.map((one) => one.users)),
    activeKeys:
      sum(rest.map((one) => one.activeKeys)) + foundActive - deactivated + restored + replaced + leftOver,
    inactiveKeys: keys.size - foundActive + deactivated - restored - deleted,
    replaced,
    deactivated,
    deleted,
    restored,
    held: count(({ status }) => status === 'held'),
    heldByOrganizationLimit: heldBy('organization-limit'),
    heldByReaders: heldBy('readers'),
    failed: count(({ status }) => status === 'failed'),
    partial: count(({ status }) => status === 'partial'),
    blocked: count(({ decision }) => decision.action === 'blocked'),
    exempt: count(({ decision }) => decision.action === 'exempt'),
    skippedUsers: sum(reports.map(({ gaps }) => gaps.length)),
  };
}

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

/** Whether nothing failed, somebody reads what counts, every account was entered, and every user was read. */
export const isClean = ({ accounts, findings }: RunReport): boolean =>
  !hasFailure(findings) &&
  accounts.every((report) => {
    if (report.status === 'skipped') return true;
    if (report.status !== 'rotated') return false;
    return (
      report.gaps.length === 0 &&
      !hasFailure(report.findings) &&
      report.outcomes.every(({ status }) => status !== 'failed' && status !== 'partial')
    );
  });

const hasFailure = (findings: readonly Finding[]) =>
  findings.some(({ severity, failsRun }) => severity === 'failure' || failsRun === true);
