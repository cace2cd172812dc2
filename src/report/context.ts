import type { Decision } from '../domain/decision.ts';
import { isActive, type AccessKey } from '../domain/key.ts';
import type { Mode } from '../domain/limits.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Duration, Instant } from '../domain/time.ts';
import { groupBy } from './order.ts';

/** What a digest needs to know about the run it tells of. */
export interface DigestContext {
  readonly runId: string;
  readonly mode: Mode;
  /** The run's own time: everything was decided at this moment. */
  readonly now: Instant;
  /** What falls due within this time is listed. */
  readonly noticeBefore: Duration;
  /** Where the secrets are. */
  readonly region: string;
  /** From this age a replaced key may be deactivated. */
  readonly deactivateAfter: Duration;
  /** Least time between a notice and the deactivation it announces. */
  readonly adoptionGrace: Duration;
  /** Least time between deactivation and deletion. */
  readonly recoveryGrace: Duration;
}

/** What an entry is written from, besides its own outcome. */
export interface Scene extends DigestContext {
  readonly accountId: string;
  /** What was decided about each user's keys. */
  readonly decisions: ReadonlyMap<string, readonly Decision[]>;
}

export const sceneOf = (context: DigestContext, accountId: string, outcomes: readonly Outcome[]): Scene => ({
  ...context,
  accountId,
  decisions: groupBy(
    outcomes.map(({ decision }) => decision),
    ({ userName }) => userName,
  ),
});

/** The user's keys, as they were when this was decided. */
export const keysOf = ({ userName, key }: Decision, { decisions }: Scene): readonly AccessKey[] =>
  decisions.get(userName)?.map((decision) => decision.key) ?? [key];

/** The user's other active key. */
export const otherActiveKey = (decision: Decision, scene: Scene): AccessKey | undefined =>
  keysOf(decision, scene).find((other) => other.id !== decision.key.id && isActive(other));
