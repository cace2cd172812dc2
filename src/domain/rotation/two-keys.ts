import { MINUTE, dateOf, type Duration } from '../time.ts';
import type { AccessKey } from './key.ts';
import { lastNotice, noticeThatCounts, noticeToGive } from './notice.ts';
import { age, lastUseUnknown, replaces, retiredSince, unusedFrom, usedAt } from './predicates.ts';
import { describeLastUse, type Case, type Verdict } from './rule.ts';

/*
 * Rule A6: a key is due, and the user's other key, which is active too, takes the place that its
 * replacement needs. Which workload is to move only a person can know.
 */

export function slotHeldByActiveKey(subject: Case, other: AccessKey): Verdict {
  const { key, policy, now } = subject;
  if (retiredSince(other, key, policy, now) !== undefined) {
    return {
      action: 'wait',
      reason: 'slot-being-freed',
      message: `Due for replacement once ${other.id}, which is being retired, is gone.`,
    };
  }
  if (lastUseUnknown(other)) {
    return {
      action: 'wait',
      reason: 'last-use-unknown',
      message: `Due for replacement, but the last use of ${other.id}, which takes the second place, could not be read.`,
    };
  }
  const bothUsed = key.lastUse.kind === 'used' && other.lastUse.kind === 'used';
  if (bothUsed && !replaces(key, other) && policy.whenTwoKeysInUse === 'deactivate-least-recently-used') {
    return leastRecentlyUsed(subject, other) ?? askAPerson(subject, other);
  }
  return askAPerson(subject, other);
}

/** Wait, and from `deactivateAfter` on say that a person must choose. */
function askAPerson({ key, policy, now }: Case, other: AccessKey): Verdict {
  const deadline = key.createdAt + policy.deactivateAfter;
  const makesWay = replaces(key, other)
    ? `${other.id}, whose place it takes, is still there`
    : other.lastUse.kind === 'used'
      ? `${other.id} is in use too`
      : `${other.id}, which was never used, takes the second place`;
  const reason = other.lastUse.kind === 'used' ? 'two-keys-in-use' : 'slot-held';
  const uses = `this one ${describeLastUse(key, now)}, ${other.id} ${describeLastUse(other, now)}`;
  if (age(key, now) < policy.deactivateAfter) {
    return {
      action: 'wait',
      reason: replaces(key, other) ? 'slot-being-freed' : reason,
      message: `Due for replacement, but ${makesWay} (${uses}): there is room for two keys. Move to one of them and delete the other by ${dateOf(deadline)}.`,
      dueAt: deadline,
    };
  }
  const freedAt = unusedFrom(other, policy);
  const byItself =
    other.lastUse.kind === 'never' && freedAt !== undefined
      ? ` If nobody uses ${other.id}, it is retired in time.`
      : '';
  return {
    action: 'blocked',
    reason,
    message: `Two keys, and only a person can say which may go: it is due for replacement, but ${makesWay} (${uses}). Move one workload to the other key, then deactivate the key that is left over.${byItself}`,
  };
}

/** Last uses this close together don't tell which key was used longer ago: IAM rounds them. */
const TOLD_APART: Duration = 15 * MINUTE;

/** For those who decided beforehand: the key used longer ago goes, after a notice that using it answers. */
function leastRecentlyUsed({ key, policy, now }: Case, other: AccessKey): Verdict | undefined {
  if (Math.abs(usedAt(key) - usedAt(other)) <= TOLD_APART) return undefined;
  if (usedAt(key) > usedAt(other)) {
    return {
      action: 'wait',
      reason: 'slot-being-freed',
      message: `Both keys of this user are in use; it is replaced once ${other.id}, the less recently used one, is gone.`,
    };
  }
  const last = lastNotice(key, 'least-recently-used');
  // It was announced and is used all the same: only a person can say more.
  if (last !== undefined && usedAt(key) > last.firstAt) return undefined;
  const counting = noticeThatCounts(key, 'least-recently-used', usedAt(key), now);
  const wanted = key.createdAt + policy.deactivateAfter;
  const notice = noticeToGive('least-recently-used', counting, wanted, policy.adoptionGrace, now);
  const why = `Both keys of this user are in use, and this is the less recently used one (${describeLastUse(key, now)})`;
  return counting === undefined || now < notice.date
    ? {
        action: 'wait',
        reason: counting === undefined ? 'least-recently-used-notice' : 'least-recently-used-grace',
        message: `${why}; it is deactivated on ${dateOf(notice.date)} unless it is used before.`,
        dueAt: notice.date,
        notice,
      }
    : {
        action: 'deactivate',
        reason: 'least-recently-used',
        message: `${why}; that was announced for ${dateOf(notice.date)}, and it was not used since.`,
        dueAt: now,
        notice,
        restsOnNotice: true,
      };
}
