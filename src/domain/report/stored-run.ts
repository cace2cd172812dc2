import type { Failure } from '../errors.ts';
import type { Action, Adoption, Reason } from '../rotation/decision.ts';
import type { LastUse } from '../rotation/key.ts';
import type { HeldBy, Mode } from '../rotation/limits.ts';
import type { Notice } from '../rotation/notice.ts';
import type { Instant } from '../time.ts';
import type { Exclusion } from './exclusion.ts';
import type { Gap, Outcome } from './outcome.ts';
import type { Exemption } from '../rotation/policy.ts';
import type { SettingName } from '../settings/setting.ts';
import type { AccountReport, Finding, RootKeys, Totals } from './run-report.ts';

export type { QuietKey } from './quiet-key.ts';

/*
 * What a run leaves for whoever looks at it later: the overview, the report page, evidence. Plain JSON: moments are
 * milliseconds since 1970, names and messages are as AWS has them and are escaped where they are shown. No secret
 * is in it: there is none in what it is made of.
 */

/** A whole run. What has this `schemaVersion` only ever gains fields. */
export interface StoredRun {
  readonly schemaVersion: 1;
  readonly runId: string;
  /** That of the organization. */
  readonly mode: Mode;
  readonly isAudit: boolean;
  /** It was about all accounts and all users: only such a run is a picture of the organization. */
  readonly isWhole: boolean;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly accounts: readonly StoredAccount[];
  readonly totals: Totals;
  readonly findings: readonly Finding[];
  /** How many files hold the keys of which IAM's credential report showed nothing due; see `QuietKey`. */
  readonly quietFiles: number;
  /** ARN of the person who asked for it; absent for a scheduled run. */
  readonly requestedBy?: string;
  /** Those of the organization; absent where they could not be read, and in reports older than this field. */
  readonly settings?: readonly StoredSetting[];
}

/** A setting as it held for a run. */
export interface StoredSetting {
  readonly name: SettingName;
  /** As people write it; days, where it is a length of time. */
  readonly value: string;
  /** Where it is set, for people: `default`, `ROTATION_MODE`, `account 111122223333`. */
  readonly from: string;
  /** ARN of who changed the settings of that level last; absent where that isn't known. */
  readonly setBy?: string;
}

export interface StoredAccount {
  readonly id: string;
  readonly name: string;
  /** The ids of the root and the units above, outermost first; empty where nothing depended on them. */
  readonly ouPath: readonly string[];
  /** What these are called, in the same order; absent in reports older than this field, too. */
  readonly ouNames?: readonly string[];
  readonly status: AccountReport['status'];
  /** The account's own; absent where nobody read what is set for it. */
  readonly mode?: Mode;
  /** Why it was skipped or not started. */
  readonly cause?: string;
  /** Why it could not be worked on. */
  readonly failure?: Failure;
  /** Absent: nobody has asked, or the report is older than this field. */
  readonly rootKeys?: RootKeys;
  /** What held for it and not for the organization. */
  readonly settings?: readonly StoredSetting[];
  /** The thresholds that held for most of its keys, in milliseconds. */
  readonly policy?: StoredPolicy;
  /** Each key that was looked at, one by one: whatever is due, open, replaced, exempt, or in turn. */
  readonly keys: readonly StoredKey[];
  /** Users about whom nothing could be decided. */
  readonly gaps: readonly Gap[];
  readonly findings: readonly Finding[];
  /** Users whom the settings leave out, with who answers for that. */
  readonly exclusions: readonly Exclusion[];
  /** The others, of whom the credential report shows nothing that is due. Absent: there was no report. */
  readonly quiet?: StoredQuiet;
}

/** All in milliseconds. `unusedAfter` is absent where no key counts as unused. */
export interface StoredPolicy {
  readonly rotateAfter: number;
  readonly deactivateAfter: number;
  readonly deleteAfter: number;
  readonly unusedAfter?: number;
}

export interface StoredQuiet {
  readonly users: number;
  readonly activeKeys: number;
  /** When the oldest of these keys was made; absent where there is none. */
  readonly oldestAt?: Instant;
  /** How many of them come of age (`rotateAfter`) on a day, by `2026-11-30` in UTC. */
  readonly dueOn: Readonly<Record<string, number>>;
}

/** One key as the run leaves it. */
export interface StoredKey {
  readonly userName: string;
  readonly owner?: string;
  readonly keyId: string;
  /** After what the run did. */
  readonly status: 'active' | 'inactive' | 'deleted';
  readonly createdAt: Instant;
  readonly lastUse: LastUse;
  readonly action: Action;
  readonly reason: Reason;
  readonly message: string;
  /** When what is decided falls due. */
  readonly dueAt?: Instant;
  readonly outcome: Outcome['status'];
  readonly heldBy?: HeldBy | 'failure';
  /** Why it is held, or what failed. */
  readonly cause?: string;
  readonly nextStep?: string;
  /** What happens to it next, and from when on; absent where nothing is planned. */
  readonly next?: NextStep;
  /** The key that it was made by us to replace. */
  readonly replacementOf?: string;
  /** The key that was made by us to replace it, in this run or an earlier one. */
  readonly replacedBy?: string;
  readonly adoption?: Adoption['state'];
  readonly deliveredAt?: Instant;
  readonly inactiveSince?: Instant;
  /** Why we switched it off; absent where somebody else did. */
  readonly deactivatedAs?: string;
  readonly reactivatedAt?: Instant;
  readonly notices: readonly Notice[];
  /** In force, where `action` is `exempt`; otherwise the last one that has ended. */
  readonly exemption?: Exemption;
  /** Its own, where they differ from those of its account. */
  readonly policy?: StoredPolicy;
}

/** A key made by the run itself is among the keys with `reason: 'young'`. */
export interface NextStep {
  readonly what: 'replace' | 'deactivate' | 'delete' | 'person' | 'exemption-ends';
  /** Absent: as soon as something else has happened, like the owner's moving. */
  readonly at?: Instant;
}

/** One stored run among others, as they are listed: newest first. */
export interface StoredRunName {
  readonly runId: string;
  readonly finishedAt: Instant;
  readonly isWhole: boolean;
}
