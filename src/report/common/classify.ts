import { CHANGING, type Reason } from '../../domain/rotation/decision.ts';
import type { Outcome } from '../../domain/report/outcome.ts';
import type { Horizon } from '../../domain/report/unchanged.ts';
import { EXEMPTION_NOTICE } from '../../domain/rotation/policy.ts';
import type { Instant } from '../../domain/time.ts';

/** What kind of news an outcome is; each has its place in a digest. */
export type News = 'person' | 'failed' | 'done' | 'notice' | 'upcoming' | 'held' | 'note';

/** The date of a key that is still needed is near, and people were told. */
const DEADLINE_IS_NEAR: ReadonlySet<Reason> = new Set<Reason>(['deadline-notice', 'deadline-grace']);

/**
 * Whether only a person can bring this on: it is blocked, or a replaced key is still needed although its
 * owner has had the time to move.
 */
export const needsPerson = ({ status, decision }: Outcome, now: Instant): boolean => {
  const { action, reason, notice } = decision;
  if (status !== 'none') return false;
  if (action === 'blocked' || DEADLINE_IS_NEAR.has(reason)) return true;
  return reason === 'still-needed' && (notice === undefined || now >= notice.date);
};

export const hasFailed = ({ status }: Outcome): boolean => status === 'failed' || status === 'partial';

/** What an outcome is worth telling as; undefined for what has nothing to say for now. */
export function newsOf(outcome: Outcome, horizon: Horizon): News | undefined {
  const { decision, status } = outcome;
  if (hasFailed(outcome)) return 'failed';
  if (status === 'held') return 'held';
  if (status === 'applied') return 'done';
  if (needsPerson(outcome, horizon.now)) return 'person';
  // Decided, but not carried out: something before it stopped this user.
  if (CHANGING.has(decision.action)) return 'held';
  if (decision.notice !== undefined) return 'notice';
  // Unknown means wait, and waiting for want of facts is always said.
  if (FACTS_MISSING.has(decision.reason) || decision.action === 'skip') return 'note';
  return fallsDue(outcome, horizon) ? 'upcoming' : undefined;
}

const FACTS_MISSING: ReadonlySet<Reason> = new Set<Reason>([
  'last-use-unknown',
  'date-unknown',
  'delivery-unknown',
]);

function fallsDue({ decision: { action, dueAt } }: Outcome, { now, noticeBefore }: Horizon): boolean {
  const before = action === 'exempt' ? Math.max(noticeBefore, EXEMPTION_NOTICE) : noticeBefore;
  return dueAt !== undefined && dueAt <= now + before;
}

/**
 * What an outcome announces, or repeats, beyond what was done: the key is deactivated or deleted on a
 * date that people are told. A key whose owner has moved goes without a notice; its date is told when
 * it is near.
 */
export function comingChange(outcome: Outcome, horizon: Horizon): 'deactivate' | 'delete' | undefined {
  if (outcome.status === 'applied' || hasFailed(outcome)) return undefined;
  const { notice, reason } = outcome.decision;
  if (notice !== undefined) return notice.about === 'delete' ? 'delete' : 'deactivate';
  return outcome.status === 'none' && reason === 'moved-grace' && fallsDue(outcome, horizon)
    ? 'deactivate'
    : undefined;
}
