import { age, slotNeeded } from './predicates.ts';
import { latest } from '../time.ts';
import { formatDays, type Case, type Rule, type Verdict } from './rule.ts';

/* Rules I1 to I3: what becomes of a key that is switched off. */

const startGrace = ({ policy, now }: Case, reason: Verdict['reason'], message: string): Verdict => ({
  action: 'wait',
  reason,
  message,
  dueAt: now + policy.recoveryGrace,
  observation: { kind: 'seen-inactive', at: now },
});

/** I1. Make sure a key that a person has just switched off stays theirs for the grace. */
const firstSeenInactive: Rule = (subject) =>
  subject.key.memory.inactiveSince === undefined
    ? startGrace(
        subject,
        'newly-inactive',
        `Found inactive; it can be switched on again for at least ${formatDays(subject.policy.recoveryGrace)}.`,
      )
    : undefined;

/** I3. Make sure nothing is deleted before its grace is over, and before its age unless its slot is needed. */
const notYet: Rule = ({ key, other, policy, now }) => {
  const graceOver = latest(key.memory.inactiveSince) + policy.recoveryGrace;
  const needed = slotNeeded(key, other, policy, now);
  const dueAt = needed ? graceOver : latest(graceOver, key.createdAt + policy.deleteAfter);
  if (now >= graceOver && (needed || age(key, now) >= policy.deleteAfter)) return undefined;
  return now < graceOver
    ? {
        action: 'wait',
        reason: 'recovery-grace',
        message: 'Inactive; it can still be switched on again.',
        dueAt,
      }
    : {
        action: 'wait',
        reason: 'not-old-enough-to-delete',
        message: `Inactive; it is deleted from an age of ${formatDays(policy.deleteAfter)}.`,
        dueAt,
      };
};

/** Make sure an unreadable last use never leads to a deletion. */
const unknownLastUse: Rule = ({ key }) =>
  key.lastUse.kind === 'unknown'
    ? {
        action: 'wait',
        reason: 'last-use-unknown',
        message:
          'Inactive and due for deletion, but its last use could not be read; nothing is done on a guess.',
      }
    : undefined;

/**
 * Make sure a key that was switched on and off again between two runs gets its grace: it was used, or
 * announced, after we believed it to be inactive. Only active keys are announced.
 */
const onMeanwhile: Rule = (subject) => {
  const { lastUse, memory } = subject.key;
  const usedAt = lastUse.kind === 'used' ? lastUse.at : undefined;
  return latest(usedAt, memory.noticedAt) > latest(memory.inactiveSince)
    ? startGrace(
        subject,
        'used-after-deactivation',
        'Used or announced after it was first seen inactive, so somebody had switched it on; its grace starts anew.',
      )
    : undefined;
};

/** I2. */
const remove: Rule = ({ key, other, policy, now }) => ({
  action: 'delete',
  reason: 'recovery-grace-over',
  message: slotNeeded(key, other, policy, now)
    ? 'Inactive for the whole grace, and its place is needed for the replacement of the other key.'
    : `Inactive for the whole grace and older than ${formatDays(policy.deleteAfter)}.`,
  dueAt: now,
});

export const INACTIVE_KEY_RULES: readonly Rule[] = [
  firstSeenInactive,
  notYet,
  unknownLastUse,
  onMeanwhile,
  remove,
];
