import { dateOf } from '../time.ts';
import type { AccessKey } from './key.ts';
import {
  age,
  enforceAt,
  inUse,
  isOurs,
  noticeOfReplacement,
  replacedReadyAt,
  replaces,
} from './predicates.ts';
import { describeLastUse, type Case, type Rule, type Verdict } from './rule.ts';

/* When a replaced key goes off: rule A3, and rule A6 for two keys of which neither replaces the other. */

/**
 * A3. Make sure a replaced key goes only when its owner has had both the working replacement and
 * the published notice for the whole grace.
 */
export const replaced: Rule = (subject) => {
  const { key, other, policy, now } = subject;
  if (other === undefined || !replaces(other, key, policy, now)) return undefined;
  return retireInFavourOf(other, subject, () =>
    isOurs(other) ? stillInUse(other, subject) : twoKeysInUse(subject),
  );
};

/**
 * The steps of A3 for a key that makes way for `replacement`: notice, grace, deactivation.
 * `whenInUse` decides where the grace is over and the key is still in use; undefined means that
 * nothing speaks against deactivating it.
 */
function retireInFavourOf(
  replacement: AccessKey,
  { key, policy, now }: Case,
  whenInUse: () => Verdict | undefined,
): Verdict {
  const noticedAt = noticeOfReplacement(key, replacement);
  if (noticedAt === undefined) {
    const readyAt = replacedReadyAt(key, replacement, now, policy);
    return {
      action: 'wait',
      reason: 'replaced-notice',
      message: `${replacement.id} takes its place; it is deactivated from ${dateOf(readyAt)} on.`,
      dueAt: readyAt,
      givesNotice: true,
    };
  }
  const readyAt = replacedReadyAt(key, replacement, noticedAt, policy);
  if (now < readyAt) {
    return {
      action: 'wait',
      reason: 'replaced-grace',
      message: `${replacement.id} takes its place; it is deactivated from ${dateOf(readyAt)} on.`,
      dueAt: readyAt,
    };
  }
  if (key.lastUse.kind === 'unknown') {
    return {
      action: 'wait',
      reason: 'last-use-unknown',
      message: `${replacement.id} takes its place, but its last use could not be read; nothing is done on a guess.`,
    };
  }
  const objection = inUse(key, policy, now) ? whenInUse() : undefined;
  return (
    objection ?? {
      action: 'deactivate',
      reason: 'replaced',
      message: `${replacement.id} takes its place and the grace is over (${describeLastUse(key, now)}).`,
      dueAt: now,
    }
  );
}

/** The deadline of A3, for a key that we have replaced and that is still in use. */
function stillInUse(replacement: AccessKey, { key, policy, now }: Case): Verdict {
  const noticedAt = noticeOfReplacement(key, replacement) ?? now;
  const deadline = enforceAt(key, replacedReadyAt(key, replacement, noticedAt, policy), policy);
  if (policy.whenStillInUse === 'wait') {
    return {
      action: 'wait',
      reason: 'replaced-still-in-use',
      message: `STILL IN USE (${describeLastUse(key, now)}) although ${replacement.id} takes its place; it stays active until nobody uses it.`,
    };
  }
  if (now < deadline) {
    return {
      action: 'wait',
      reason: 'replaced-still-in-use',
      message: `STILL IN USE (${describeLastUse(key, now)}) although ${replacement.id} takes its place; it is deactivated on ${dateOf(deadline)} in any case.`,
      dueAt: deadline,
    };
  }
  return {
    action: 'deactivate',
    reason: 'replaced-deadline',
    message: `Still in use (${describeLastUse(key, now)}), but ${replacement.id} was delivered and announced, and the deadline has passed.`,
    dueAt: now,
  };
}

/**
 * A6. Two active keys, both used, neither replacing the other. Which workload to move only a person
 * can know; `deactivate-least-recently-used` is for those who decide it beforehand.
 */
export function twoKeysInUse(subject: Case): Verdict {
  const { key, other, policy, now } = subject;
  if (other === undefined) throw new Error(`rule A6 asked about ${key.id}, the only key of its user`);

  if (policy.whenTwoKeysInUse === 'deactivate-least-recently-used') {
    return lessRecentlyUsed(key, other) === key
      ? retireInFavourOf(other, subject, () => stillInUse(other, subject))
      : waitForTheOther(subject, other);
  }
  const deadline = key.createdAt + policy.deactivateAfter;
  if (age(key, now) < policy.deactivateAfter) {
    return {
      action: 'wait',
      reason: 'two-keys-in-use',
      message: `Both keys of this user are in use, so there is no room for a replacement; move one workload to the other key by ${dateOf(deadline)}.`,
      dueAt: deadline,
    };
  }
  return {
    action: 'blocked',
    reason: 'two-keys-in-use',
    message: `Both keys of this user are in use (this one ${describeLastUse(key, now)}, ${other.id} ${describeLastUse(other, now)}) and only a person can choose: move one workload to the other key, then deactivate the key that is left over.`,
  };
}

function waitForTheOther({ key, policy, now }: Case, loser: AccessKey): Verdict {
  const readyAt = replacedReadyAt(loser, key, noticeOfReplacement(loser, key) ?? now, policy);
  return {
    action: 'wait',
    reason: 'slot-being-freed',
    message: `Both keys of this user are in use; it is replaced once ${loser.id}, the less recently used one, is gone.`,
    ...(readyAt > now ? { dueAt: readyAt } : {}),
  };
}

/** The key with the older last use; the older key where that doesn't decide. */
function lessRecentlyUsed(one: AccessKey, two: AccessKey): AccessKey {
  const usedAt = (key: AccessKey) => (key.lastUse.kind === 'used' ? key.lastUse.at : -Infinity);
  if (usedAt(one) !== usedAt(two)) return usedAt(one) < usedAt(two) ? one : two;
  if (one.createdAt !== two.createdAt) return one.createdAt < two.createdAt ? one : two;
  return one.id < two.id ? one : two;
}
