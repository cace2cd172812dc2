import { replaceByHand } from '../commands.ts';
import { definedOnly } from '../defined-only.ts';
import { ACTIVE_KEY_RULES } from './active-key.ts';
import { CHANGING, type Action, type Decision } from './decision.ts';
import { INACTIVE_KEY_RULES } from './inactive-key.ts';
import { isActive, isInactive, type AccessKey, type UserKeys } from './key.ts';
import type { NoticeToGive } from './notice.ts';
import type { Exemption, Policy } from './policy.ts';
import { afterReactivation, age, asItsOwnerUsedIt, adopted, isOurs, replaces } from './predicates.ts';
import { voidWhereNotAsDelivered } from './replaced-key.ts';
import { firstVerdict, type Verdict } from './rule.ts';
import { dateOf, type Instant } from '../time.ts';

/**
 * What the policy says about each key of a user, in the order in which it is to be done: what frees
 * a place comes before what needs it. Pure: the same facts, policy and time give the same decisions.
 */
export function decide(user: UserKeys, policy: Policy, now: Instant): readonly Decision[] {
  const keys = user.keys.map((found) => {
    const key = asItsOwnerUsedIt(found);
    return wasSwitchedOnAgain(key) ? restarted(key, now) : key;
  });
  return user.keys
    .map((found, index) => {
      const key = keys[index] ?? found;
      const other = keys.find(({ id }) => id !== key.id);
      const decision = decideKey(user, key, other, policy, now);
      return wasSwitchedOnAgain(found)
        ? { ...decision, observation: { kind: 'seen-reactivated', at: now } as const }
        : decision;
    })
    .sort((one, two) => ORDER[one.action] - ORDER[two.action]);
}

const ORDER: Record<Action, number> = {
  delete: 0,
  deactivate: 1,
  replace: 2,
  blocked: 3,
  wait: 4,
  keep: 5,
  exempt: 6,
  skip: 7,
  restore: 8,
};

function decideKey(
  user: UserKeys,
  key: AccessKey,
  other: AccessKey | undefined,
  policy: Policy,
  now: Instant,
): Decision {
  const verdict =
    exempt(key, policy, now) ??
    dateUnknown(user) ??
    ownSignature(user, key, byRule(user, key, other, policy, now));
  const { userName, userArn, userId, owner } = user;
  const told = verdict.action === 'deactivate' ? { noticeWhenDone: noticeOfDeletion(policy, now) } : {};
  return { userName, userArn, userId, key, policy, ...definedOnly({ owner }), ...told, ...verdict };
}

/** The message that tells of a deactivation announces the deletion, too (I3). */
export const noticeOfDeletion = (policy: Policy, now: Instant): NoticeToGive => ({
  about: 'delete',
  date: now + policy.recoveryGrace,
});

const exemptionAt = ({ exemption }: Policy, now: Instant): Exemption | undefined =>
  exemption !== undefined && now < exemption.until ? exemption : undefined;

/** Make sure an exempt user is left alone until the date its exemption ends. */
function exempt(key: AccessKey, policy: Policy, now: Instant): Verdict | undefined {
  const exemption = exemptionAt(policy, now);
  if (exemption === undefined) return undefined;
  const { until, reason, owner } = exemption;
  return {
    action: 'exempt',
    reason: 'exempt',
    message: `Exempt until ${dateOf(until)}: ${reason} (${owner}).`,
    dueAt: until,
    // Its date would pass while nobody has to heed it, and count on the day the exemption ends.
    // Those of an inactive key say whether it was used after it was announced (I2).
    ...(isActive(key) && (key.memory.notices ?? []).length > 0
      ? { observation: { kind: 'notices-void', at: now } as const }
      : {}),
  };
}

/** Make sure that a date which is no date leads nowhere: every comparison with it would be false. */
const dateUnknown = ({ keys }: UserKeys): Verdict | undefined =>
  keys.flatMap(datesOf).every(Number.isFinite)
    ? undefined
    : {
        action: 'wait',
        reason: 'date-unknown',
        message: "A date of this user's keys could not be understood; nothing is done on a guess.",
      };

const datesOf = ({ createdAt, lastUse, memory, predecessorOffSince }: AccessKey): readonly Instant[] =>
  [
    createdAt,
    predecessorOffSince,
    lastUse.kind === 'used' ? lastUse.at : undefined,
    memory.deliveredAt,
    memory.inactiveSince,
    memory.reactivatedAt,
    memory.testDenied?.at,
    ...(memory.reactivations ?? []),
    ...(memory.notices ?? []).flatMap(({ firstAt, lastAt, date, inAnyCase }) => [
      firstAt,
      lastAt,
      date,
      inAnyCase,
    ]),
  ].filter((date) => date !== undefined);

function byRule(
  user: UserKeys,
  key: AccessKey,
  other: AccessKey | undefined,
  policy: Policy,
  now: Instant,
): Verdict {
  const subject = { user, key, other, policy, now };
  if (!isActive(key)) return firstVerdict(INACTIVE_KEY_RULES, subject);
  const verdict = firstVerdict(ACTIVE_KEY_RULES, subject);
  // Of a young key nothing is read that would tell.
  return CHANGING.has(verdict.action) || age(key, now) < policy.rotateAfter
    ? verdict
    : { ...verdict, ...voidWhereNotAsDelivered(key, other, now) };
}

/** Make sure a run doesn't switch off the key that its own calls are signed with. */
const ownSignature = (user: UserKeys, key: AccessKey, verdict: Verdict): Verdict =>
  key.signsThisRun === true && CHANGING.has(verdict.action)
    ? {
        action: 'blocked',
        reason: 'signs-this-run',
        message: `This run is signed with it, so it is left alone (it would be: ${verdict.action}). Run from elsewhere, with a role for instance, or: ${replaceByHand(user, key.id)}`,
      }
    : verdict;

/** A0. Make sure a key that a person has switched on again is treated as such from now on. */
const wasSwitchedOnAgain = (key: AccessKey): boolean =>
  isActive(key) && key.memory.inactiveSince !== undefined;

const restarted = (key: AccessKey, now: Instant): AccessKey => ({
  ...key,
  memory: afterReactivation(key.memory, now),
});

/**
 * The keys whose last use can make a difference to {@link decide}. Reading it costs one call a key
 * in a service that is throttled per account, so it isn't read for the others.
 */
export function keysWhoseLastUseMatters(user: UserKeys, policy: Policy, now: Instant): ReadonlySet<string> {
  if (exemptionAt(policy, now) !== undefined) return new Set();
  const oldEnough = Math.min(policy.rotateAfter, policy.unusedAfter ?? Infinity);
  const old = (key: AccessKey) => age(key, now) >= oldEnough;
  const anyOldActive = user.keys.some((key) => isActive(key) && old(key));

  const mayBeDeleted = (key: AccessKey): boolean => {
    const { inactiveSince } = key.memory;
    const oldEnoughToDelete = age(key, now) >= policy.deleteAfter || anyOldActive;
    return (
      isInactive(key) &&
      oldEnoughToDelete &&
      inactiveSince !== undefined &&
      now >= inactiveSince + policy.recoveryGrace
    );
  };
  const matters = (key: AccessKey): boolean => {
    // What was switched off as unused may have been used a moment before; IAM tells that hours late.
    if (isInactive(key)) return mayBeDeleted(key) || key.memory.deactivatedAs !== undefined;
    const other = user.keys.find(({ id }) => id !== key.id);
    if (other === undefined) return anyOldActive;
    // Whether the owner works with this key by now: the limits ask when the other one may go.
    return mayBeDeleted(other) || anyOldActive;
  };
  return new Set(user.keys.filter(matters).map(({ id }) => id));
}

/**
 * The replacements of which it can make a difference to {@link decide} whether the user's secret still
 * holds them: nobody has shown yet that they are known. Ask it when the last uses are known.
 */
export const replacementsToLookFor = (user: UserKeys): readonly AccessKey[] => {
  const keys = user.keys.map(asItsOwnerUsedIt);
  return keys.filter(
    (key) => isOurs(key) && keys.some((other) => replaces(key, other) && !adopted(other, key)),
  );
};
