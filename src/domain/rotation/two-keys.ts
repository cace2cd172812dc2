import type { AccessKey } from './key.ts';
import { retireInFavourOf, stillInUse } from './making-way.ts';
import { age, noticeOfReplacement, replacedReadyAt } from './predicates.ts';
import { dateOf } from '../time.ts';
import { useInWords, type Case, type Verdict } from './rule.ts';

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
    message: `Both keys of this user are in use (this one ${useInWords(key, now)}, ${other.id} ${useInWords(other, now)}) and only a person can choose: move one workload to the other key, then deactivate the key that is left over.`,
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

/** The key with the older last use; the older key where that doesn't tell. */
function lessRecentlyUsed(one: AccessKey, two: AccessKey): AccessKey {
  const usedAt = (key: AccessKey) => (key.lastUse.kind === 'used' ? key.lastUse.at : -Infinity);
  if (usedAt(one) !== usedAt(two)) return usedAt(one) < usedAt(two) ? one : two;
  if (one.createdAt !== two.createdAt) return one.createdAt < two.createdAt ? one : two;
  return one.id < two.id ? one : two;
}
