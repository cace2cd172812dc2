import { CHANGING } from '../domain/decision.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Duration, Instant } from '../domain/time.ts';

/** What kind of news an outcome is; each has its place in a digest. */
export type News =
  'person' | 'failed' | 'replaced' | 'deactivated' | 'deleted' | 'notice' | 'upcoming' | 'held' | 'note';

/** Whether only a person can bring this on: it is blocked, or a replaced key is still in use. */
export const needsPerson = ({ status, decision }: Outcome): boolean =>
  status === 'none' && (decision.action === 'blocked' || decision.reason === 'replaced-still-in-use');

export const hasFailed = ({ status }: Outcome): boolean => status === 'failed' || status === 'partial';

const APPLIED: Partial<Record<string, News>> = {
  replace: 'replaced',
  deactivate: 'deactivated',
  delete: 'deleted',
};

/** What an outcome is worth telling as; undefined for what has nothing to say for now. */
export function newsOf(
  outcome: Outcome,
  { now, noticeBefore }: { readonly now: Instant; readonly noticeBefore: Duration },
): News | undefined {
  const { decision, status } = outcome;
  if (hasFailed(outcome)) return 'failed';
  if (status === 'held') return 'held';
  if (status === 'applied') return APPLIED[decision.action];
  if (needsPerson(outcome)) return 'person';
  if (decision.givesNotice === true) return 'notice';
  // Decided, but not carried out: something before it stopped this user.
  if (CHANGING.has(decision.action)) return 'held';
  // Unknown means wait, and waiting for want of facts is always said.
  if (['last-use-unknown', 'date-unknown'].includes(decision.reason) || decision.action === 'skip')
    return 'note';
  return decision.dueAt !== undefined && decision.dueAt <= now + noticeBefore ? 'upcoming' : undefined;
}
