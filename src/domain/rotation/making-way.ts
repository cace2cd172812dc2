import type { AccessKey } from './key.ts';
import { enforceAt, inUse, noticeOfReplacement, replacedReadyAt } from './predicates.ts';
import { dateOf } from '../time.ts';
import { useInWords, type Case, type Verdict } from './rule.ts';

/**
 * The steps of A3 for a key that makes way for `heir`: notice, grace, deactivation.
 * `whenInUse` decides where the grace is over and the key is still in use; undefined means that
 * nothing speaks against deactivating it.
 */
export function retireInFavourOf(
  heir: AccessKey,
  { key, policy, now }: Case,
  whenInUse: () => Verdict | undefined,
): Verdict {
  const noticedAt = noticeOfReplacement(key, heir);
  if (noticedAt === undefined) {
    const readyAt = replacedReadyAt(key, heir, now, policy);
    return {
      action: 'wait',
      reason: 'replaced-notice',
      message: `${heir.id} takes its place; it is deactivated from ${dateOf(readyAt)} on.`,
      dueAt: readyAt,
      givesNotice: true,
    };
  }
  const readyAt = replacedReadyAt(key, heir, noticedAt, policy);
  if (now < readyAt) {
    return {
      action: 'wait',
      reason: 'replaced-grace',
      message: `${heir.id} takes its place; it is deactivated from ${dateOf(readyAt)} on.`,
      dueAt: readyAt,
    };
  }
  if (key.lastUse.kind === 'unknown') {
    return {
      action: 'wait',
      reason: 'last-use-unknown',
      message: `${heir.id} takes its place, but its last use could not be read; nothing is done on a guess.`,
    };
  }
  const objection = inUse(key, policy, now) ? whenInUse() : undefined;
  return (
    objection ?? {
      action: 'deactivate',
      reason: 'replaced',
      message: `${heir.id} takes its place and the grace is over (${useInWords(key, now)}).`,
      dueAt: now,
    }
  );
}

/** The deadline of A3, for a key that we have replaced and that is still in use. */
export function stillInUse(heir: AccessKey, { key, policy, now }: Case): Verdict {
  const noticedAt = noticeOfReplacement(key, heir) ?? now;
  const deadline = enforceAt(key, replacedReadyAt(key, heir, noticedAt, policy), policy);
  if (policy.whenStillInUse === 'wait') {
    return {
      action: 'wait',
      reason: 'replaced-still-in-use',
      message: `STILL IN USE (${useInWords(key, now)}) although ${heir.id} takes its place; it stays active until nobody uses it.`,
    };
  }
  if (now < deadline) {
    return {
      action: 'wait',
      reason: 'replaced-still-in-use',
      message: `STILL IN USE (${useInWords(key, now)}) although ${heir.id} takes its place; it is deactivated on ${dateOf(deadline)} in any case.`,
      dueAt: deadline,
    };
  }
  return {
    action: 'deactivate',
    reason: 'replaced-deadline',
    message: `Still in use (${useInWords(key, now)}), but ${heir.id} was delivered and announced, and the deadline has passed.`,
    dueAt: now,
  };
}
