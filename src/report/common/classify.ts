import { CHANGING, type Reason } from '../../domain/rotation/decision.ts';
import type { Outcome } from '../../domain/report/outcome.ts';
import { days, type Duration, type Instant } from '../../domain/time.ts';

/** What kind of news an outcome is; each has its place in a digest. */
export type News = 'person' | 'failed' | 'done' | 'notice' | 'upcoming' | 'held' | 'note';

/** The moment of a report, and how long before its due date something is reported. */
export interface Horizon {
  readonly now: Instant;
  readonly noticeBefore: Duration;
}

/** Whether only a person can bring this on: it is blocked, or a replaced key is still in use. */
export const needsPerson = ({ status, decision }: Outcome): boolean =>
  status === 'none' && (decision.action === 'blocked' || decision.reason === 'replaced-still-in-use');

export const hasFailed = ({ status }: Outcome): boolean => status === 'failed' || status === 'partial';

/** Whoever extends an exemption may have to ask somebody first. */
const EXEMPTION_NOTICE: Duration = days(14);

/** What an outcome is worth telling as; undefined for what has nothing to say for now. */
export function newsOf(outcome: Outcome, horizon: Horizon): News | undefined {
  const { decision, status } = outcome;
  if (hasFailed(outcome)) return 'failed';
  if (status === 'held') return 'held';
  if (status === 'applied') return 'done';
  if (needsPerson(outcome)) return 'person';
  if (decision.givesNotice === true) return 'notice';
  // Decided, but not carried out: something before it stopped this user.
  if (CHANGING.has(decision.action)) return 'held';
  // Unknown means wait, and waiting for want of facts is always said.
  if (['last-use-unknown', 'date-unknown'].includes(decision.reason) || decision.action === 'skip')
    return 'note';
  return fallsDue(outcome, horizon) ? 'upcoming' : undefined;
}

function fallsDue({ decision: { action, dueAt } }: Outcome, { now, noticeBefore }: Horizon): boolean {
  const before = action === 'exempt' ? Math.max(noticeBefore, EXEMPTION_NOTICE) : noticeBefore;
  return dueAt !== undefined && dueAt <= now + before;
}

/** Why a key waits that is deactivated next. */
const AWAITS_DEACTIVATION: ReadonlySet<Reason> = new Set<Reason>([
  'unused-notice',
  'unused-grace',
  'replaced-notice',
  'replaced-grace',
  'replaced-still-in-use',
]);

/** Whether a key's deactivation is announced by this run, or falls due soon. */
export const deactivationIsDue = (outcome: Outcome, horizon: Horizon): boolean =>
  outcome.status === 'none' &&
  (outcome.decision.givesNotice === true ||
    (AWAITS_DEACTIVATION.has(outcome.decision.reason) && fallsDue(outcome, horizon)));
