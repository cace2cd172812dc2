import { definedOnly } from '../../domain/defined-only.ts';
import type { Decision } from '../../domain/rotation/decision.ts';
import { isActive, type AccessKey } from '../../domain/rotation/key.ts';
import type { Mode } from '../../domain/rotation/limits.ts';
import type { RotatedAccount } from '../../domain/report/run-report.ts';
import type { SettingValues } from '../../domain/settings/setting.ts';
import { days, type Duration, type Instant } from '../../domain/time.ts';
import type { RecentUse } from '../../domain/usage/recent-use.ts';
import { groupBy } from '../common/order.ts';

/** What a digest needs to know about the run. */
export interface DigestOptions {
  readonly runId: string;
  /** The mode of the run; used for an account only where its own settings aren't known. */
  readonly mode: Mode;
  /** The run's own time: everything was decided at this moment. */
  readonly now: Instant;
  /** Where the secrets are that are kept in the account itself. */
  readonly region: string;
  /** Whether a digest is written even if there is nothing to report. */
  readonly evenIfNothing: boolean;
}

/** What an entry is written from, besides its own outcome. */
export interface DigestContext extends Pick<SettingValues, 'secretDelivery' | 'secretKmsKeyId'> {
  readonly accountId: string;
  /** The account's own. */
  readonly mode: Mode;
  readonly now: Instant;
  /** What falls due within this time is listed. */
  readonly noticeBefore: Duration;
  readonly region: string;
  /** What was decided about each user's keys. */
  readonly decisions: ReadonlyMap<string, readonly Decision[]>;
  /** Who used keys lately, by their ids, where that was looked up. */
  readonly recentUse: ReadonlyMap<string, RecentUse>;
}

export function digestContextOf(
  { account, settings: { values }, outcomes, recentUse = [] }: RotatedAccount,
  { now, region }: DigestOptions,
): DigestContext {
  const { mode, secretDelivery, secretKmsKeyId } = values;
  return {
    accountId: account.id,
    mode,
    now,
    noticeBefore: days(values.noticeBefore),
    region,
    secretDelivery,
    ...definedOnly({ secretKmsKeyId }),
    decisions: groupBy(
      outcomes.map(({ decision }) => decision),
      ({ userName }) => userName,
    ),
    recentUse: new Map(recentUse.map((use) => [use.accessKeyId, use])),
  };
}

/** The user's keys, as they were when this was decided. */
export const keysOf = ({ userName, key }: Decision, { decisions }: DigestContext): readonly AccessKey[] =>
  decisions.get(userName)?.map((decision) => decision.key) ?? [key];

/** The user's other active key. */
export const otherActiveKey = (decision: Decision, context: DigestContext): AccessKey | undefined =>
  keysOf(decision, context).find((other) => other.id !== decision.key.id && isActive(other));
