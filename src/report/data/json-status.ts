import { definedOnly } from '../../domain/defined-only.ts';
import type { Action } from '../../domain/rotation/decision.ts';
import type { EventNotice } from '../../domain/report/event.ts';
import type { AccessKey, Delivery, KeyMemory } from '../../domain/rotation/key.ts';
import type { Mode } from '../../domain/rotation/limits.ts';
import type { Gap, Outcome } from '../../domain/report/outcome.ts';
import type { Finding, RotatedAccount } from '../../domain/report/run-report.ts';
import type { Notice } from '../../domain/rotation/notice.ts';
import { latest, wholeDays, type Instant } from '../../domain/time.ts';
import { keyFacts, noticeFields, type KeyFacts } from '../common/key-facts.ts';
import { isoOf } from '../common/wording.ts';

/** One key: its state in IAM, what the ledger keeps about it, and what comes next. Dates are ISO 8601. */
export interface JsonKeyStatus extends KeyFacts {
  readonly userName: string;
  readonly owner?: string;
  readonly accessKeyId: string;
  readonly status: AccessKey['status'];
  readonly createdAt?: string;
  /** Whole days. */
  readonly age: number;
  readonly lastUse: AccessKey['lastUse']['kind'];
  readonly replacementOf?: string;
  readonly deliveredAt?: string;
  /** Where its secret was stored when it was delivered. */
  readonly secretName?: string;
  /** Instead of the name, where that is in another account than the user's. */
  readonly secretArn?: string;
  /** What the secret holds of a replacement that we made, where somebody looked. */
  readonly delivery?: Delivery;
  /** When its deactivation was announced last for the first time. */
  readonly noticedAt?: string;
  /** What was announced about it. */
  readonly notices?: readonly JsonNotice[];
  readonly inactiveSince?: string;
  /** Why we deactivated it; absent where somebody else did. */
  readonly deactivatedAs?: string;
  readonly reactivatedAt?: string;
  /** When somebody else was seen to have switched it on again. */
  readonly reactivations?: readonly string[];
  /** What the next run says about it. */
  readonly action: Action;
  readonly reason: string;
  readonly message: string;
  readonly dueAt?: string;
  /** Why that isn't done. */
  readonly heldBack?: string;
}

interface JsonNotice extends EventNotice {
  readonly firstAt?: string;
  /** When it was repeated last. */
  readonly lastAt?: string;
}

/** An account's keys for machines. What has this `schemaVersion` only ever gains fields. */
export interface JsonStatus {
  readonly schemaVersion: 1;
  readonly accountId: string;
  readonly accountName: string;
  readonly mode: Mode;
  readonly checkedAt?: string;
  readonly keys: readonly JsonKeyStatus[];
  /** Users of whom nothing could be said. */
  readonly skipped: readonly {
    readonly userName: string;
    readonly reason: Gap['reason'];
    readonly cause: string;
    readonly nextStep: string;
  }[];
  readonly usersNotCovered: number;
  readonly findings: readonly Finding[];
}

export const toJsonStatus = (report: RotatedAccount, now: Instant): JsonStatus => ({
  schemaVersion: 1,
  accountId: report.account.id,
  accountName: report.account.name,
  mode: report.settings.values.mode,
  ...date('checkedAt', now),
  keys: report.outcomes.map((outcome) => keyOf(outcome, now)),
  skipped: report.gaps.map(({ userName, reason, failure }) => ({
    userName,
    reason,
    cause: `${failure.during}: ${failure.message}`,
    nextStep: failure.nextStep,
  })),
  usersNotCovered: report.uncovered.length,
  findings: report.findings,
});

function keyOf(outcome: Outcome, now: Instant): JsonKeyStatus {
  const { userName, owner, key, action, reason, message, dueAt } = outcome.decision;
  return {
    userName,
    ...definedOnly({ owner }),
    accessKeyId: key.id,
    status: key.status,
    ...date('createdAt', key.createdAt),
    age: wholeDays(key.createdAt, now),
    lastUse: key.lastUse.kind,
    ...keyFacts(outcome),
    ...definedOnly({ delivery: key.delivery }),
    ...memoryOf(key.memory),
    action,
    reason,
    message,
    ...date('dueAt', dueAt),
    ...(outcome.status === 'held' ? { heldBack: outcome.why } : {}),
  };
}

const memoryOf = ({ replacementOf, secretName, deactivatedAs, ...dates }: KeyMemory) => ({
  ...definedOnly({ replacementOf }),
  ...date('deliveredAt', dates.deliveredAt),
  ...(secretName === undefined
    ? {}
    : { [secretName.startsWith('arn:') ? 'secretArn' : 'secretName']: secretName }),
  ...noticesOf(dates.notices ?? []),
  ...date('inactiveSince', dates.inactiveSince),
  ...definedOnly({ deactivatedAs }),
  ...date('reactivatedAt', dates.reactivatedAt),
  ...(dates.reactivations === undefined
    ? {}
    : { reactivations: dates.reactivations.map(isoOf).filter((iso) => iso !== undefined) }),
});

function noticesOf(notices: readonly Notice[]): Pick<JsonKeyStatus, 'noticedAt' | 'notices'> {
  if (notices.length === 0) return {};
  const given = notices.filter(({ about }) => about !== 'delete').map(({ firstAt }) => firstAt);
  return {
    ...date('noticedAt', given.length === 0 ? undefined : latest(...given)),
    notices: notices.flatMap((notice) => {
      const fields = noticeFields(notice);
      return fields === undefined
        ? []
        : [{ ...fields, ...date('firstAt', notice.firstAt), ...date('lastAt', notice.lastAt) }];
    }),
  };
}

/** Left out where there is none, or none that a calendar has. */
function date<Name extends string>(
  name: Name,
  instant: Instant | undefined,
): { readonly [Key in Name]?: string } {
  const iso = instant === undefined ? undefined : isoOf(instant);
  return iso === undefined ? {} : ({ [name]: iso } as { [Key in Name]: string });
}
