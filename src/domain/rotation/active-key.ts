import { definedOnly } from '../defined-only.ts';
import { INACTIVE_KEY_RULES } from './inactive-key.ts';
import { isInactive, type AccessKey } from './key.ts';
import { replaced, twoKeysInUse } from './replaced-key.ts';
import {
  age,
  availableAt,
  awaitsAdoption,
  due,
  hasBeenUsed,
  neverUsed,
  noticeOfRetirement,
  replaces,
  retirementReadyAt,
  toBeRetired,
  unused,
  unusedFrom,
} from './predicates.ts';
import { dateOf, latest } from '../time.ts';
import { formatDays, describeLastUse, type Case, type Rule, type Verdict } from './rule.ts';

/* Rules A1, A2, A4 and A5: what becomes of a key that is switched on. A3 and A6 have files of their own. */

/** A1. Make sure a key nobody uses is announced, left alone for the grace, and then switched off. */
const retire: Rule = ({ key, other, policy, now }) => {
  if (!toBeRetired(key, other, policy, now)) return undefined;
  const why = unused(key, policy, now)
    ? `Unused (${describeLastUse(key, now)})`
    : 'Never used, and its place is needed for the replacement of the other key';
  const noticedAt = noticeOfRetirement(key, policy);
  const readyAt = retirementReadyAt(key, noticedAt ?? now, policy);
  if (noticedAt === undefined) {
    return {
      action: 'wait',
      reason: 'unused-notice',
      message: `${why}; it is deactivated from ${dateOf(readyAt)} on unless it is used before.`,
      dueAt: readyAt,
      givesNotice: true,
    };
  }
  return now < readyAt
    ? {
        action: 'wait',
        reason: 'unused-grace',
        message: `${why}; it is deactivated from ${dateOf(readyAt)} on unless it is used before.`,
        dueAt: readyAt,
      }
    : {
        action: 'deactivate',
        reason: 'unused',
        message: `${why}, announced, and the grace is over.`,
        dueAt: now,
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
  if (other === undefined) return replacement(subject);
  return isInactive(other) ? behindInactive(subject, other) : behindActive(subject, other);
};

const replacement = ({ policy, now }: Case): Verdict => ({
  action: 'replace',
  reason: 'due',
  message: `Older than ${formatDays(policy.rotateAfter)} and in use.`,
  dueAt: now,
});

function behindInactive(subject: Case, other: AccessKey): Verdict {
  const verdict = firstVerdict(INACTIVE_KEY_RULES, { ...subject, key: other, other: subject.key });
  if (verdict.action === 'delete') return replacement(subject);
  return {
    action: 'wait',
    reason: 'slot-in-recovery',
    message: `Due for replacement, but ${other.id} takes the second place and can still be switched on again.`,
    ...definedOnly({ dueAt: verdict.dueAt }),
  };
}

function behindActive(subject: Case, other: AccessKey): Verdict {
  const { key, policy, now } = subject;
  if (toBeRetired(other, key, policy, now)) {
    return {
      action: 'wait',
      reason: 'slot-being-freed',
      message: `Due for replacement once ${other.id}, which is being retired, is gone.`,
      dueAt:
        latest(retirementReadyAt(other, noticeOfRetirement(other, policy) ?? now, policy), now) +
        policy.recoveryGrace,
    };
  }
  if (replaces(key, other, policy, now)) {
    return {
      action: 'wait',
      reason: 'slot-being-freed',
      message: `Due for replacement once ${other.id}, whose place it takes, is gone.`,
    };
  }
  if (other.lastUse.kind === 'unknown') {
    return {
      action: 'wait',
      reason: 'last-use-unknown',
      message: `Due for replacement, but the last use of ${other.id}, which takes the second place, could not be read.`,
    };
  }
  if (neverUsed(other) && policy.unusedAfter !== undefined) {
    return {
      action: 'wait',
      reason: 'slot-held-by-young-key',
      message: `Due for replacement, but ${other.id} takes the second place: move to that key, or delete it.`,
      dueAt: availableAt(other) + policy.unusedAfter / 2,
    };
  }
  return twoKeysInUse(subject);
}

/** Make sure that what is left, a key nothing is known of, is waited for. */
const waitForFacts: Rule = ({ key }) => ({
  action: 'wait',
  reason: 'last-use-unknown',
  message:
    key.lastUse.kind === 'unknown'
      ? 'Its last use could not be read; nothing is done on a guess.'
      : 'No rule covers this key; nothing is done on a guess.',
});

export const ACTIVE_KEY_RULES: readonly Rule[] = [
  retire,
  young,
  replaced,
  notAdopted,
  notUsedYet,
  replaceWhenThereIsRoom,
  waitForFacts,
];

/** The first rule of the chain that decides. Both chains end in a rule that always does. */
export function firstVerdict(rules: readonly Rule[], subject: Case): Verdict {
  for (const rule of rules) {
    const verdict = rule(subject);
    if (verdict !== undefined) return verdict;
  }
  throw new Error(`no rule decided about ${subject.key.id}`);
}
