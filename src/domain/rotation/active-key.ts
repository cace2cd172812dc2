import { replaceByHand } from '../commands.ts';
import { definedOnly } from '../defined-only.ts';
import { DAY, dateOf } from '../time.ts';
import { INACTIVE_KEY_RULES } from './inactive-key.ts';
import { isActive, isInactive, type AccessKey } from './key.ts';
import { noticeThatCounts, noticeToGive } from './notice.ts';
import {
  age,
  availableAt,
  awaitsAdoption,
  due,
  hasBeenUsed,
  neverUsed,
  mayHaveLeaked,
  replaces,
  retiredSince,
  switchedOnAgainAndAgain,
  unused,
  unusedFrom,
  usedAt,
} from './predicates.ts';
import { noticeOfReplacing, replaced } from './replaced-key.ts';
import { describeLastUse, firstVerdict, formatDays, type Case, type Rule, type Verdict } from './rule.ts';
import { slotHeldByActiveKey } from './two-keys.ts';

/* Rules A0 to A5: what becomes of a key that is switched on. A3 and A6 have files of their own. */

/** A0. Make sure a key that something switches on again and again is left to a person. */
const switchedOnAgain: Rule = ({ key, now }) =>
  switchedOnAgainAndAgain(key, now)
    ? {
        action: 'blocked',
        reason: 'switched-on-again',
        message: `Switched on again ${key.memory.reactivations?.length ?? 0} times after it was deactivated (by an infrastructure tool, perhaps), so it is left alone. Stop what switches it on, then deactivate or delete it yourself.`,
      }
    : undefined;

/**
 * Make sure a replacement whose secret is gone for good, and that nobody has used, makes way for another one.
 * Somebody may have taken it before and not have used it yet. So it is announced, and rests on what uses
 * the key it replaces: where that was used after the announcement, nothing has moved.
 */
const deliveryLost: Rule = ({ key, other, policy, now }) => {
  if (other === undefined || !replaces(key, other) || !neverUsed(key) || key.delivery !== 'gone') {
    return undefined;
  }
  // Otherwise nothing would be replaced anew, and an inactive key would lose what keeps it from deletion.
  if (!isActive(other) || age(other, now) < policy.rotateAfter) return undefined;
  const counting = noticeThatCounts(key, 'unused', availableAt(key), now);
  const notice = noticeToGive('unused', counting, -Infinity, policy.adoptionGrace, now);
  const why = `Delivered as the replacement of ${other.id}, but nobody has used it and its secret is gone`;
  if (counting === undefined || now < counting.date) {
    return {
      action: 'wait',
      reason: counting === undefined ? 'unused-notice' : 'unused-grace',
      message: `${why}; it is deactivated from ${dateOf(notice.date)} on unless it is used before.`,
      dueAt: notice.date,
      notice,
    };
  }
  return usedAt(other) > counting.firstAt
    ? {
        action: 'deactivate',
        reason: 'delivery-lost',
        message: `${why}; ${other.id}, which is used as before, is replaced anew.`,
        dueAt: now,
        notice,
        restsOnNotice: true,
      }
    : {
        action: 'wait',
        reason: 'replacement-not-adopted',
        message: `${why}; it waits until one of the two is used.`,
        notice,
      };
};

/** A1. Make sure a key nobody uses is announced, left alone for the grace, and then switched off. */
const retire: Rule = ({ key, other, policy, now }) => {
  const since = retiredSince(key, other, policy, now);
  if (since === undefined) return undefined;
  const why = unused(key, policy, now)
    ? `Unused (${describeLastUse(key, now)})`
    : 'Never used, and its place is needed for the replacement of the other key';
  const counting = noticeThatCounts(key, 'unused', since, now);
  const notice = noticeToGive('unused', counting, since, policy.adoptionGrace, now);
  if (counting === undefined || now < notice.date) {
    return {
      action: 'wait',
      reason: counting === undefined ? 'unused-notice' : 'unused-grace',
      message: `${why}; it is deactivated from ${dateOf(notice.date)} on unless it is used before.`,
      dueAt: notice.date,
      notice,
    };
  }
  return {
    action: 'deactivate',
    reason: 'unused',
    message: `${why}, announced for ${dateOf(notice.date)}, and not used since.`,
    dueAt: now,
    notice,
    restsOnNotice: true,
  };
};

/** A2. Make sure young keys are left alone. */
const young: Rule = ({ key, policy, now }) =>
  age(key, now) < policy.rotateAfter
    ? {
        action: 'keep',
        reason: 'young',
        message: `Younger than ${formatDays(policy.rotateAfter)}.`,
        dueAt: key.createdAt + policy.rotateAfter,
      }
    : undefined;

/** Make sure our own replacement is neither retired nor replaced while its owner has not moved to it. */
const notAdopted: Rule = ({ key, other, policy, now }) =>
  other !== undefined &&
  (neverUsed(key) || unused(key, policy, now)) &&
  awaitsAdoption(key, other, policy, now)
    ? {
        action: 'wait',
        reason: 'replacement-not-adopted',
        message: `Delivered as the replacement of ${other.id}, but ${describeLastUse(key, now)}; its owner still has to move to it.`,
      }
    : undefined;

/** A4. Make sure nobody gets a replacement for a key that was never used. */
const notUsedYet: Rule = ({ key, policy, now }) => {
  if (!neverUsed(key) || hasBeenUsed(key, policy) || unused(key, policy, now)) return undefined;
  const retiredFrom = unusedFrom(key, policy);
  return {
    action: 'wait',
    reason: 'never-used',
    message: `Never used, so nobody needs a replacement for it; it is retired if that is still so on ${dateOf(retiredFrom ?? now)}.`,
    ...definedOnly({ dueAt: retiredFrom }),
  };
};

/** A5 and A6. Make sure a key that is due gets its replacement, once there is room for one. */
const replaceWhenThereIsRoom: Rule = (subject) => {
  const { key, other, policy, now } = subject;
  if (!due(key, other, policy, now)) return undefined;
  const denied = testDenied(subject);
  if (denied !== undefined) return denied;
  if (other === undefined) return replacement(subject);
  return isInactive(other) ? behindInactive(subject, other) : slotHeldByActiveKey(subject, other);
};

/** Trying again costs a key that is made and deleted; a policy that denies the test seldom changes. */
const TRIED_AGAIN_AFTER = 28 * DAY;

/** Make sure that no key is made each week whose test call is denied each week. */
function testDenied({ user, key, now }: Case): Verdict | undefined {
  const { testDenied: last } = key.memory;
  if (last === undefined || now - last.at >= TRIED_AGAIN_AFTER) return undefined;
  const again = last.at + TRIED_AGAIN_AFTER;
  return {
    action: 'blocked',
    reason: 'test-denied',
    message: `Due for replacement, but on ${dateOf(last.at)} the test call of a new key was denied: ${last.cause}. Let the user call sts:GetCallerIdentity (a service control policy or a permissions boundary may deny it). It is tried again by itself from ${dateOf(again)} on, or at once by: ${replaceByHand(user, key.id)}`,
    dueAt: again,
  };
}

const replacement = ({ key, policy, now }: Case): Verdict => ({
  action: 'replace',
  reason: 'due',
  message: `Older than ${formatDays(policy.rotateAfter)} and in use.`,
  dueAt: now,
  noticeWhenDone: noticeOfReplacing(key, policy, now),
});

function behindInactive(subject: Case, other: AccessKey): Verdict {
  const verdict = firstVerdict(INACTIVE_KEY_RULES, { ...subject, key: other, other: subject.key });
  // The key that signs the run isn't deleted by it.
  if (verdict.action === 'delete' && other.signsThisRun !== true) return replacement(subject);
  return {
    action: 'wait',
    reason: 'slot-in-recovery',
    message: `Due for replacement, but ${other.id} takes the second place${mayHaveLeaked(other) ? ' until it is deleted' : ' and can still be switched on again'}.`,
    ...definedOnly({ dueAt: verdict.dueAt }),
  };
}

/** Make sure that a key which no other rule covers waits. */
const waitForFacts: Rule = ({ key }) => ({
  action: 'wait',
  reason: 'last-use-unknown',
  message:
    key.lastUse.kind === 'unknown'
      ? 'Its last use could not be read; nothing is done on a guess.'
      : 'No rule covers this key; nothing is done on a guess.',
});

export const ACTIVE_KEY_RULES: readonly Rule[] = [
  switchedOnAgain,
  deliveryLost,
  retire,
  young,
  replaced,
  notAdopted,
  notUsedYet,
  replaceWhenThereIsRoom,
  waitForFacts,
];
