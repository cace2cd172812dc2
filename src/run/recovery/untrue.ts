import type { Finding } from '../../domain/report/run-report.ts';
import { hasHappened } from '../../domain/rotation/believed.ts';
import type { KeyChange } from '../../domain/rotation/history.ts';
import { CLOCK_SKEW, days, type Duration, type Instant } from '../../domain/time.ts';
import { LEASE_DURATION } from '../context/lease.ts';
import { untrueRow } from '../context/untrue-row.ts';
import type { Intent } from '../ports/ledger.ts';

/* What no run can have written down. Nothing rests on such a row, and it holds up nobody. */

/** Why an intent can't be true: a run opens it now, and for a lease at most. */
export function whyUntrueIntent({ startedAt, leaseEndsAt }: Intent, now: Instant): string | undefined {
  if (!hasHappened(startedAt, now)) return 'it was opened in the future';
  const length = leaseEndsAt - startedAt;
  return length >= 0 && length <= LEASE_DURATION ? undefined : 'no lease is that long';
}

export const whyUntrueChange = ({ at }: KeyChange, now: Instant): string | undefined =>
  hasHappened(at, now) ? undefined : 'it was begun in the future';

/** The next run resolves what is pending. What claims to be older is dated by when it is found. */
const LONGEST_PENDING: Duration = days(45);

/** When a change was begun, as far as its row is believed. */
export const begunAt = ({ at }: KeyChange, now: Instant): Instant =>
  at <= now + CLOCK_SKEW && now - at <= LONGEST_PENDING ? at : now;

export const untrueIntent = ({ userName }: Intent, why: string): Finding =>
  untrueRow(`intent#${userName}`, why);

export const untrueChange = ({ accessKeyId }: KeyChange, why: string): Finding =>
  untrueRow(`begun#${accessKeyId}`, why);
