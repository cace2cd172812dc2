import { definedOnly } from '../../defined-only.ts';
import type { Mode } from '../../rotation/limits.ts';
import type { Instant } from '../../time.ts';
import { deedsOf, type Deed } from '../deeds.ts';
import type { QuietKey, StoredRun, StoredRunName, StoredSetting } from '../stored-run.ts';
import { checkRun, countsByAccount, countsIn, type CheckResult, type Counts } from './checks.ts';
import { CHECKS, CHECK_TITLES, CONTROLS, type CheckName, type Control } from './control.ts';
import { exceptionsIn, type ListedException } from './exceptions.ts';

/* What an auditor is given: what the controls say of the organization, and by what rules and doings it came to that. */

export interface Evidence {
  readonly runId: string;
  readonly finishedAt: Instant;
  /** That of the organization. */
  readonly mode: Mode;
  /** False: it is about a part of the organization only. */
  readonly isWhole: boolean;
  readonly controls: readonly AssessedControl[];
  readonly checks: readonly AssessedCheck[];
  readonly exceptions: readonly ListedException[];
  readonly period: Period;
  readonly actions: readonly ActionDone[];
  readonly settings: readonly SettingThatHeld[];
}

/** Its list is that of its check. */
export interface AssessedControl extends Control {
  readonly counts: Counts;
  /** What fails where nothing is excepted. */
  readonly strictFail: number;
}

export interface AssessedCheck {
  readonly name: CheckName;
  readonly title: string;
  readonly counts: Counts;
  readonly byAccount: ReturnType<typeof countsByAccount>;
  readonly results: readonly CheckResult[];
}

interface Period {
  readonly since: Instant;
  readonly until: Instant;
  /** Newest first. */
  readonly runs: readonly PeriodRun[];
}

export interface PeriodRun extends StoredRunName {
  /** False: its report can't be understood, and what it did is missing here. */
  readonly isRead: boolean;
  /** ARN of the person who asked for it; absent for a scheduled run. */
  readonly requestedBy?: string;
}

export interface ActionDone {
  readonly at: Instant;
  readonly runId: string;
  readonly requestedBy?: string;
  readonly accountId: string;
  readonly accountName: string;
  readonly userName: string;
  readonly keyId: string;
  readonly what: Deed['what'];
  readonly reason: string;
  readonly why: string;
  readonly newKeyId?: string;
}

export interface SettingThatHeld extends StoredSetting {
  /** Absent for what is set for the organization. */
  readonly accountId?: string;
}

export interface EvidenceInput {
  readonly run: StoredRun;
  readonly quiet: readonly QuietKey[];
  /** The runs of the period, newest first, this one among them; `run` is absent where it can't be understood. */
  readonly period: readonly { readonly name: StoredRunName; readonly run?: StoredRun }[];
  readonly since: Instant;
}

/** The same for the same runs, whenever it is made. */
export function evidenceOf({ run, quiet, period, since }: EvidenceInput): Evidence {
  const results = checkRun(run, quiet);
  return {
    runId: run.runId,
    finishedAt: run.finishedAt,
    mode: run.mode,
    isWhole: run.isWhole,
    controls: CONTROLS.map((control) => {
      const counts = countsIn(results[control.check]);
      return { ...control, counts, strictFail: counts.fail + counts.excepted };
    }),
    checks: CHECKS.map((name) => ({
      name,
      title: CHECK_TITLES[name],
      counts: countsIn(results[name]),
      byAccount: countsByAccount(results[name]),
      results: results[name],
    })),
    exceptions: exceptionsIn(run, results['one-active-key']),
    period: {
      since,
      until: run.finishedAt,
      runs: period.map(({ name: { runId, finishedAt, isWhole }, run: read }) => ({
        runId,
        finishedAt,
        isWhole,
        isRead: read !== undefined,
        ...definedOnly({ requestedBy: read?.requestedBy }),
      })),
    },
    actions: period.flatMap((one) => (one.run === undefined ? [] : deedsOf(one.run))).map(actionOf),
    settings: settingsIn(run),
  };
}

const actionOf = ({ runId, requestedBy, at, account, key, what }: Deed): ActionDone => ({
  at,
  runId,
  ...definedOnly({ requestedBy }),
  accountId: account.id,
  accountName: account.name,
  userName: key.userName,
  keyId: key.keyId,
  what,
  reason: key.reason,
  why: key.message,
  ...definedOnly({ newKeyId: what === 'delete' || what === 'restore' ? undefined : key.replacedBy }),
});

const settingsIn = ({ settings = [], accounts }: StoredRun): readonly SettingThatHeld[] => [
  ...settings,
  ...accounts.flatMap(({ id, settings: own = [] }) => own.map((one) => ({ ...one, accountId: id }))),
];
