import { definedOnly } from '../defined-only.ts';
import { CHANGING, type Decision, type Reason } from '../rotation/decision.ts';
import type { Told } from '../rotation/key.ts';
import { lastNotice, NOTICE_LASTS } from '../rotation/notice.ts';
import { CLOCK_SKEW, DAY, HOUR, type Duration, type Instant } from '../time.ts';
import { noticeGiven } from './notice-given.ts';
import type { Outcome } from './outcome.ts';

/* Quiet mail: what a digest has told in full takes one line in those after it, until it changes. */

/** The moment of a report, and how long before its due date something is reported. */
export interface Horizon {
  readonly now: Instant;
  readonly noticeBefore: Duration;
}

/** Every fourth week; runs don't start to the minute. */
const IN_FULL_EVERY: Duration = 28 * DAY - 12 * HOUR;

/** The same story in its first week and in those after it. */
const SAME_AS: Partial<Record<Reason, Reason>> = {
  'unused-notice': 'unused-grace',
  'deadline-notice': 'deadline-grace',
  'least-recently-used-notice': 'least-recently-used-grace',
  'newly-inactive': 'recovery-grace',
  'deletion-notice': 'recovery-grace',
  'not-old-enough-to-delete': 'recovery-grace',
};

/** What a digest that tells this in full says of the key; undefined for what has no next week. */
export function toldNow({ status, decision }: Outcome, now: Instant): Told | undefined {
  const { action, reason } = decision;
  if (status !== 'applied') {
    return { reason: SAME_AS[reason] ?? reason, ...definedOnly({ dueAt: dateOf(decision) }), at: now };
  }
  if (action !== 'deactivate') return undefined;
  // From now on it waits for its deletion.
  return { reason: 'recovery-grace', ...definedOnly({ dueAt: decision.noticeWhenDone?.date }), at: now };
}

/** What is to be done now is due now, in every run anew. */
const dateOf = ({ action, dueAt }: Decision): Instant | undefined =>
  CHANGING.has(action) || !Number.isFinite(dueAt) ? undefined : dueAt;

/** Whether the last digests have told this already, and nothing has to be told in full again. */
export function isUnchanged(outcome: Outcome, { now, noticeBefore }: Horizon): boolean {
  const before = outcome.decision.key.memory.told;
  const current = toldNow(outcome, now);
  if (before === undefined || current === undefined || before.at > now + CLOCK_SKEW) return false;
  const isLastWeek = current.dueAt !== undefined && current.dueAt <= now + noticeBefore;
  return (
    before.reason === current.reason &&
    before.dueAt === current.dueAt &&
    !isLastWeek &&
    now - before.at < IN_FULL_EVERY &&
    !mustBeRepeated(outcome, now) &&
    !hasComeSince(outcome, before.at, now)
  );
}

/** A notice is void when it is not repeated in time, and the next run may be weeks away. */
function mustBeRepeated(outcome: Outcome, now: Instant): boolean {
  const about = noticeGiven(outcome)?.about;
  const last = about === undefined ? undefined : lastNotice(outcome.decision.key, about);
  return last !== undefined && now - last.lastAt >= NOTICE_LASTS / 2;
}

/** From its first date on, a replaced key that is still needed is a thing for a person. */
function hasComeSince({ decision: { reason, notice } }: Outcome, at: Instant, now: Instant): boolean {
  return reason === 'still-needed' && notice !== undefined && at < notice.date && notice.date <= now;
}
