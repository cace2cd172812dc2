import type { Account } from '../../domain/account.ts';
import type { AccountReport, Finding } from '../../domain/report/run-report.ts';
import type { QuietKey } from '../../domain/report/stored-run.ts';
import type { ChangeKind, Mode } from '../../domain/rotation/limits.ts';
import type { SettingsSnapshot } from '../../domain/settings/setting.ts';
import type { Instant } from '../../domain/time.ts';
import type { Deferred, LastRun } from '../ports/last-run.ts';

/* What the processes of a run by map tell each other, and the names of the files that say it. */

/** What one account of the run needs to know. */
export interface RunPlan {
  readonly runId: string;
  readonly startedAt: Instant;
  /** As it was asked for. */
  readonly request: {
    readonly mode?: Mode;
    readonly accountIds: readonly string[];
    readonly userNames: readonly string[];
    readonly only?: readonly ChangeKind[];
  };
  /** The settings as they were when the run began: the same for every account. */
  readonly snapshot: SettingsSnapshot;
  /** Whether the accounts say which units they are in: something depends on it. */
  readonly withOus: boolean;
  /** Whom an account looks at in turn that no earlier run has looked at. */
  readonly turn: number;
}

/** What only the end of the run needs to know. */
export interface OrganizationPlan {
  /** All of the organization, in the order of the report. */
  readonly accounts: readonly Account[];
  readonly findings: readonly Finding[];
  readonly skipped: readonly AccountReport[];
  /** Those that have a process of their own. */
  readonly selected: readonly Account[];
  /** What the run before this one left. */
  readonly last: LastRun;
  readonly counts: Counts;
}

/** Calls to AWS that a process made, and how many of them were throttled. */
export interface Counts {
  readonly calls: number;
  readonly throttles: number;
}

/** What the map makes a process for. */
export interface MapItem {
  readonly account: Account;
  /** How many earlier runs have looked at it; absent: none. */
  readonly surveyed?: number;
  /** What of this account the last run had no time for. */
  readonly deferred?: Deferred;
}

/**
 * What became of an account. Without its settings: they are those of the plan, which would be in the file of
 * every account, with those of all the others.
 */
export interface AccountFile {
  readonly report: AccountReport;
  readonly hasSettings: boolean;
  readonly counts: Counts;
  /** Its keys that were not looked at one by one. */
  readonly quietKeys: readonly QuietKey[];
}

const folderOf = (runId: string): string => `runs/${runId}`;

export const planFile = (runId: string): string => `${folderOf(runId)}/plan`;
export const organizationFile = (runId: string): string => `${folderOf(runId)}/organization`;
export const itemsFile = (runId: string): string => `${folderOf(runId)}/items`;
export const accountFile = (runId: string, accountId: string): string =>
  `${folderOf(runId)}/accounts/${accountId}`;
/** Written by the state machine, which has it in its definition: resources/map.asl.json. */
export const lostFile = (runId: string, accountId: string): string => `${folderOf(runId)}/lost/${accountId}`;
