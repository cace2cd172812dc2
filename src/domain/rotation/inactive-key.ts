import {
  adopted,
  age,
  lastUseUnknown,
  mayHaveLeaked,
  replacementOf,
  slotNeeded,
  usedAt,
} from './predicates.ts';
import { lastNotice, noticeThatCounts, noticeToGive, type NoticeAbout } from './notice.ts';
import { dateOf, latest } from '../time.ts';
import { formatDays, describeLastUse, type Case, type Rule, type Verdict } from './rule.ts';

/* Rules I1 to I4: what becomes of a key that is switched off. */

const startGrace = ({ policy, now }: Case, reason: Verdict['reason'], message: string): Verdict => ({
  action: 'wait',
  reason,
  message,
  dueAt: now + policy.recoveryGrace,
  notice: { about: 'delete', date: now + policy.recoveryGrace },
  observation: { kind: 'seen-inactive', at: now },
});

/** I1. Make sure a key that a person has just switched off stays theirs for the grace. */
const firstSeenInactive: Rule = (subject) =>
  subject.key.memory.inactiveSince === undefined
    ? startGrace(
        subject,
        'newly-inactive',
        `Found inactive; ${mayHaveLeaked(subject.key) ? 'it stays' : 'it can be switched on again'} for at least ${formatDays(subject.policy.recoveryGrace)}.`,
      )
    : undefined;

/** By the reason of a deactivation: the notice that using the key would have answered. */
const ANSWERED_BY_USE: Readonly<Record<string, NoticeAbout>> = {
  unused: 'unused',
  'delivery-lost': 'unused',
  'least-recently-used': 'least-recently-used',
};

/**
 * I2. Make sure a key that was switched off as unused, and was used after the announcement all the
 * same (IAM tells uses hours late), is left to a person.
 */
const usedAfterNotice: Rule = ({ key, now }) => {
  const { deactivatedAs = '' } = key.memory;
  const about = ANSWERED_BY_USE[deactivatedAs];
  const notice = about === undefined ? undefined : lastNotice(key, about);
  if (notice === undefined || usedAt(key) <= notice.firstAt) return undefined;
  return {
    action: 'blocked',
    reason: 'used-after-notice',
    message: `Switched off because nobody seemed to use it, but it was used after that was announced on ${dateOf(notice.firstAt)} (${describeLastUse(key, now)}). It is not deleted: ${mayHaveLeaked(key) ? '' : 'switch it on again, or '}delete it yourself.`,
  };
};

/**
 * Make sure a key that was switched on and off again between two runs gets its grace: it was used
 * after we believed it to be inactive. Asked when it would be deleted, as its last use isn't read before.
 */
const onMeanwhile: Rule = (subject) =>
  usedAt(subject.key) > latest(subject.key.memory.inactiveSince)
    ? startGrace(
        subject,
        'used-after-deactivation',
        'Used after it was first seen inactive, so somebody had switched it on; its grace starts anew.',
      )
    : undefined;

/**
 * I3 and I4. Make sure nothing is deleted before its grace is over, before the date that was announced
 * for it, and before its age unless its slot is needed.
 */
const remove: Rule = (subject) => {
  const { key, other, policy, now } = subject;
  const since = latest(key.memory.inactiveSince);
  const counting = noticeThatCounts(key, 'delete', since, now);
  // What was announced stands for the whole grace, whatever the settings said then.
  const notice = noticeToGive('delete', counting, since + policy.recoveryGrace, policy.recoveryGrace, now);
  const needed = slotNeeded(key, other, policy, now);
  const oldEnoughAt = key.createdAt + policy.deleteAfter;
  const dueAt = needed ? notice.date : latest(notice.date, oldEnoughAt);
  const ready = counting !== undefined && now >= notice.date;

  if (!ready || (!needed && age(key, now) < policy.deleteAfter)) {
    const reason =
      counting === undefined ? 'deletion-notice' : ready ? 'not-old-enough-to-delete' : 'recovery-grace';
    const unless = mayHaveLeaked(key) ? '' : ' unless it is switched on again';
    const message = needed
      ? `Inactive, and its place is needed: it is deleted from ${dateOf(dueAt)} on${unless}.`
      : dueAt > notice.date
        ? `Inactive; it is deleted from ${dateOf(dueAt)} on, or from ${dateOf(notice.date)} on if its place is needed${unless === '' ? '' : `,${unless}`}.`
        : `Inactive; it is deleted from ${dateOf(dueAt)} on${unless}.`;
    return { action: 'wait', reason, message, dueAt, notice };
  }
  if (lastUseUnknown(key)) {
    return {
      action: 'wait',
      reason: 'last-use-unknown',
      message:
        'Inactive and due for deletion, but its last use could not be read; nothing is done on a guess.',
      notice,
    };
  }
  return (
    onMeanwhile(subject) ??
    withoutReplacement(subject) ?? {
      action: 'delete',
      reason: 'recovery-grace-over',
      message: needed
        ? 'Inactive for the whole grace, announced, and its place is needed for the replacement of the other key.'
        : `Inactive for the whole grace, announced, and older than ${formatDays(policy.deleteAfter)}.`,
      dueAt: now,
      notice,
      restsOnNotice: true,
    }
  );
};

/** Make sure a key stays restorable while its replacement, which nobody has taken, is not where it should be. */
const withoutReplacement = ({ key, other }: Case): Verdict | undefined => {
  const replacement = replacementOf(key, other);
  if (replacement === undefined || adopted(key, replacement)) return undefined;
  const { delivery = 'unknown', id } = replacement;
  if (delivery === 'current') return undefined;
  return delivery === 'unknown' || lastUseUnknown(replacement)
    ? {
        action: 'wait',
        reason: 'delivery-unknown',
        message: `Inactive and due for deletion, but whether its owner has ${id}, its replacement, could not be read.`,
      }
    : {
        action: 'blocked',
        reason: 'delivery-void',
        message: `It is not deleted: nobody has used ${id}, its replacement, and the secret does not hold that any more (${delivery}). ${mayHaveLeaked(key) ? 'Restore the secret, or replace that key.' : 'Switch this key on again, or restore the secret.'}`,
      };
};

export const INACTIVE_KEY_RULES: readonly Rule[] = [firstSeenInactive, usedAfterNotice, remove];
