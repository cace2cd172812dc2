import { definedOnly } from '../../domain/defined-only.ts';
import type { Failure } from '../../domain/errors.ts';
import type { Gap, Outcome } from '../../domain/report/outcome.ts';
import {
  totalsOf,
  type NotLookedAt,
  type AccountReport,
  type Finding,
  type RunReport,
  type Totals,
} from '../../domain/report/run-report.ts';
import { jsonExclusions, type JsonExclusion } from '../digest/left-out.ts';
import type { Action } from '../../domain/rotation/decision.ts';
import type { HeldBy, Mode } from '../../domain/rotation/limits.ts';
import type { Instant } from '../../domain/time.ts';
import { modeOf } from '../common/account-mode.ts';
import { keyFacts, type KeyFacts } from '../common/key-facts.ts';
import { isoOf } from '../common/wording.ts';

/** What became of one key, or of a user whose keys could not be read. */
interface JsonOutcome extends KeyFacts {
  readonly userName: string;
  /** Who answers for the keys, where somebody said so. */
  readonly owner?: string;
  /** `null` for a user about whom nothing could be decided. */
  readonly accessKeyId: string | null;
  readonly action: Action;
  readonly reason: string;
  readonly message: string;
  /** ISO 8601. */
  readonly dueAt?: string;
  readonly status: Outcome['status'];
  readonly newAccessKeyId?: string;
  readonly secretName?: string;
  /** Where the secret is in another account than the user's. */
  readonly secretArn?: string;
  /** The region whose SMTP password of Amazon SES has changed with the key. */
  readonly sesRegion?: string;
  /** What holds it back, for machines. */
  readonly heldBy?: HeldBy | 'failure';
  /** Why it is held, or what failed. */
  readonly cause?: string;
  readonly nextStep?: string;
}

export interface JsonAccount {
  readonly accountId: string;
  readonly accountName: string;
  readonly status: AccountReport['status'];
  /** The account's own; absent where nobody read what is set for it. */
  readonly mode?: Mode;
  /** Why the account was not rotated. */
  readonly cause?: string;
  readonly outcomes: readonly JsonOutcome[];
  readonly findings: readonly Finding[];
  /** Users that the settings leave out; absent where nobody looked. */
  readonly usersNotCovered?: number;
  /** Users with keys of whom IAM's credential report shows nothing due, and who were not asked for one by one. */
  readonly notLookedAt?: {
    readonly users: number;
    readonly activeKeys: number;
    /** ISO 8601: when the oldest of these keys was made, or last switched on. */
    readonly oldestKeyCreatedAt?: string;
  };
  /** Those of them who have keys, by what leaves them out; absent where nobody is left out. */
  readonly exclusions?: readonly JsonExclusion[];
}

/** A whole run for machines. What has this `schemaVersion` only ever gains fields. */
export interface JsonReport {
  readonly schemaVersion: 1;
  readonly runId: string;
  /** That of the organization. */
  readonly mode: Mode;
  /** ISO 8601, as is `finishedAt`. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly accounts: readonly JsonAccount[];
  readonly totals: Totals;
  readonly findings: readonly Finding[];
}

/** The run as plain data: names and messages exactly as they are, to be escaped where they are shown. */
export const jsonReportOf = (report: RunReport): JsonReport => ({
  schemaVersion: 1,
  runId: report.runId,
  mode: report.mode,
  startedAt: isoOrEpoch(report.startedAt),
  finishedAt: isoOrEpoch(report.finishedAt),
  accounts: report.accounts.map(accountOf),
  totals: totalsOf(report.accounts),
  findings: report.findings.map(findingOf),
});

/** A date that readers can parse, even where the moment is nonsense. */
const isoOrEpoch = (instant: Instant): string => isoOf(instant) ?? new Date(0).toISOString();

function accountOf(report: AccountReport): JsonAccount {
  const { account, status } = report;
  const mode = modeOf(report);
  const whose = {
    accountId: account.id,
    accountName: account.name,
    status,
    ...definedOnly({ mode }),
  };
  switch (report.status) {
    case 'rotated':
      return {
        ...whose,
        outcomes: [...report.outcomes.map(outcomeOf), ...report.gaps.map(gapOf)],
        findings: report.findings.map(findingOf),
        usersNotCovered: report.uncovered.length,
        ...(report.notLookedAt === undefined ? {} : { notLookedAt: jsonNotLookedAt(report.notLookedAt) }),
        ...(report.exclusions === undefined ? {} : { exclusions: jsonExclusions(report) }),
      };
    case 'unreachable': {
      const { failure } = report;
      const cause = [during(failure), failure.nextStep].filter((part) => part !== '').join(' Next step: ');
      return { ...whose, cause, outcomes: [], findings: [] };
    }
    default:
      return { ...whose, cause: report.cause, outcomes: [], findings: [] };
  }
}

const jsonNotLookedAt = ({
  users,
  activeKeys,
  oldest,
}: NotLookedAt): NonNullable<JsonAccount['notLookedAt']> => ({
  users,
  activeKeys,
  ...definedOnly({ oldestKeyCreatedAt: oldest === undefined ? undefined : isoOf(oldest.createdAt) }),
});

const during = (failure: Failure): string => `${failure.during}: ${failure.message}`;

function outcomeOf(outcome: Outcome): JsonOutcome {
  const { decision } = outcome;
  const dueAt = decision.dueAt === undefined ? undefined : isoOf(decision.dueAt);
  return {
    userName: decision.userName,
    ...definedOnly({ owner: decision.owner }),
    accessKeyId: decision.key.id,
    action: decision.action,
    reason: decision.reason,
    message: decision.message,
    ...definedOnly({ dueAt }),
    ...keyFacts(outcome),
    status: outcome.status,
    ...resultOf(outcome),
  };
}

function resultOf(
  outcome: Outcome,
): Pick<
  JsonOutcome,
  'newAccessKeyId' | 'secretName' | 'secretArn' | 'sesRegion' | 'heldBy' | 'cause' | 'nextStep'
> {
  switch (outcome.status) {
    case 'none':
      return {};
    case 'held':
      return { heldBy: outcome.by, cause: outcome.why };
    case 'applied': {
      if (outcome.replacement === undefined) return {};
      const { accessKeyId: newAccessKeyId, secretName, secretArn, sesRegion } = outcome.replacement;
      return { newAccessKeyId, secretName, ...definedOnly({ secretArn, sesRegion }) };
    }
    default: {
      const created = outcome.status === 'partial' ? outcome.createdKeyId : undefined;
      return {
        ...definedOnly({ newAccessKeyId: created }),
        cause: during(outcome.failure),
        nextStep: outcome.failure.nextStep,
      };
    }
  }
}

const gapOf = ({ userName, reason, failure }: Gap): JsonOutcome => ({
  userName,
  accessKeyId: null,
  action: 'skip',
  reason,
  message: failure.message,
  status: 'failed',
  cause: during(failure),
  nextStep: failure.nextStep,
});

const findingOf = ({ severity, message, nextStep }: Finding): Finding => ({
  severity,
  message,
  ...definedOnly({ nextStep }),
});
