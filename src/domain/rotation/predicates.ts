import { isActive, type AccessKey, type KeyMemory } from './key.ts';
import type { Policy } from './policy.ts';
import { CLOCK_SKEW, DAY, latest, MINUTE, type Duration, type Instant } from '../time.ts';

/*
 * The words of the rotation policy, one function each (docs/policy.md, "Words"). Thresholds are
 * reached at the exact millisecond (>=). Whatever depends on a last use that is unknown is false here,
 * in both directions: such a key is neither used nor unused nor never used.
 */

export const age = (key: AccessKey, now: Instant): Duration => now - key.createdAt;

export const neverUsed = (key: AccessKey): boolean => key.lastUse.kind === 'never';

export const lastUseUnknown = (key: AccessKey): boolean => key.lastUse.kind === 'unknown';

/** When the key was used last; -Infinity for one that never was, or of which nothing is known. */
export const usedAt = ({ lastUse }: AccessKey): Instant => (lastUse.kind === 'used' ? lastUse.at : -Infinity);

/** With `unusedAfter` off every key counts as used, except where nothing is known. */
export const hasBeenUsed = (key: AccessKey, policy: Policy): boolean =>
  key.lastUse.kind === 'used' || (neverUsed(key) && policy.unusedAfter === undefined);

/** From when a key could be used: created, delivered by us (which may take weeks), or switched on again. */
export const availableAt = ({ createdAt, memory }: AccessKey): Instant =>
  latest(createdAt, memory.deliveredAt, memory.reactivatedAt);

/**
 * Since when nobody has used the key; undefined when unknown. A replacement that was never used is idle
 * from when its predecessor was switched off, at the earliest: until then nobody needed it.
 */
const idleSince = (key: AccessKey): Instant | undefined => {
  if (lastUseUnknown(key)) return undefined;
  return neverUsed(key)
    ? latest(availableAt(key), key.predecessorOffSince)
    : latest(usedAt(key), key.memory.reactivatedAt);
};

/** When a key falls unused if nobody uses it again; undefined when that can't be said. */
export function unusedFrom(key: AccessKey, policy: Policy): Instant | undefined {
  const idle = idleSince(key);
  return idle === undefined || policy.unusedAfter === undefined ? undefined : idle + policy.unusedAfter;
}

export function unused(key: AccessKey, policy: Policy, now: Instant): boolean {
  const from = unusedFrom(key, policy);
  return from !== undefined && now >= from;
}

export const inUse = (key: AccessKey, policy: Policy, now: Instant): boolean =>
  key.lastUse.kind === 'used' && now - key.lastUse.at <= policy.inUseWindow;

/**
 * Replaced or switched off in an emergency: the key may have leaked, and nothing we say suggests switching it
 * on again. Rows of older versions say only why it is off.
 */
export const mayHaveLeaked = ({ memory }: AccessKey): boolean =>
  memory.mayHaveLeaked === true || memory.deactivatedAs === 'emergency';

/** Created by us, whatever became of it. */
export const isOurs = (key: AccessKey): boolean => key.memory.replacementOf !== undefined;

/**
 * Whether `candidate` is the *replacement* of `key`: we made it for that and delivered it, and it is
 * active. A key that a person made is nobody's replacement, however recently it was used.
 */
export const replaces = (candidate: AccessKey, key: AccessKey): boolean =>
  isActive(candidate) &&
  candidate.memory.replacementOf === key.id &&
  candidate.memory.deliveredAt !== undefined;

/** The key's replacement, if it has one. */
export const replacementOf = (key: AccessKey, other: AccessKey | undefined): AccessKey | undefined =>
  other !== undefined && replaces(other, key) ? other : undefined;

/** *Adopted*: the owner has used the replacement after the key it replaces. */
export const adopted = (key: AccessKey, replacement: AccessKey): boolean =>
  replacement.lastUse.kind === 'used' && !lastUseUnknown(key) && usedAt(replacement) > usedAt(key);

/** *Touched*: the key was used after its replacement was there. */
export const touched = (key: AccessKey, replacement: AccessKey): boolean =>
  usedAt(key) > availableAt(replacement);

/**
 * *Moved*: the owner works with the replacement and no longer with the key. Something else that seldom
 * uses the key shows itself by using it after the others have moved; then it takes half of
 * `unusedAfter` without a use to believe it.
 */
export function moved(key: AccessKey, replacement: AccessKey, policy: Policy, now: Instant): boolean {
  if (!adopted(key, replacement) || inUse(key, policy, now)) return false;
  const last = usedAt(key);
  return (
    last <= availableAt(replacement) + policy.adoptionGrace ||
    (policy.unusedAfter !== undefined && now - last >= policy.unusedAfter / 2)
  );
}

/** *Due*: active, old enough, used and not unused: this key needs a replacement unless it has one. */
export const due = (key: AccessKey, other: AccessKey | undefined, policy: Policy, now: Instant): boolean =>
  isActive(key) &&
  age(key, now) >= policy.rotateAfter &&
  hasBeenUsed(key, policy) &&
  !unused(key, policy, now) &&
  replacementOf(key, other) === undefined;

/** *Slot needed*: the user has two keys and the other one is due, so this one is in its way. */
export const slotNeeded = (
  key: AccessKey,
  other: AccessKey | undefined,
  policy: Policy,
  now: Instant,
): boolean => other !== undefined && due(other, key, policy, now);

/**
 * Our replacement of a key that is still active, and that is not itself unused or of which the replacement
 * was never used. Retiring it, however long its owner takes to adopt it, could leave that owner with no
 * working key at all; so A1 leaves it alone. One that was never used is idle only from when its
 * predecessor is off.
 */
export const awaitsAdoption = (
  key: AccessKey,
  other: AccessKey | undefined,
  policy: Policy,
  now: Instant,
): boolean =>
  other !== undefined &&
  isActive(other) &&
  replaces(key, other) &&
  (neverUsed(key) || !unused(other, policy, now));

/**
 * A1: since when a key is to be retired, as unused, or as never used for half of that time while it
 * takes a slot that is needed. Undefined when it isn't.
 */
export function retiredSince(
  key: AccessKey,
  other: AccessKey | undefined,
  policy: Policy,
  now: Instant,
): Instant | undefined {
  const idle = idleSince(key);
  if (idle === undefined || policy.unusedAfter === undefined) return undefined;
  if (awaitsAdoption(key, other, policy, now)) return undefined;
  const inTheWay = neverUsed(key) && slotNeeded(key, other, policy, now);
  const since = idle + (inTheWay ? policy.unusedAfter / 2 : policy.unusedAfter);
  return now >= since ? since : undefined;
}

/** A new key is tested by the run that made it, under one lease. */
export const TESTED_WITHIN: Duration = 10 * MINUTE;

/**
 * The key as its owner has used it. A use before the creation is IAM's mistake. Before a replacement is
 * delivered we sign a call with it to see that it works; counting that as use would keep replacing, for
 * ever, keys that nobody has adopted. A delivery that a later run has finished may be recorded when the
 * owner uses the key already.
 */
export function asItsOwnerUsedIt(key: AccessKey): AccessKey {
  if (key.lastUse.kind !== 'used') return key;
  const { deliveredAt } = key.memory;
  const lastTest =
    deliveredAt === undefined ? undefined : Math.min(deliveredAt, key.createdAt + TESTED_WITHIN) + CLOCK_SKEW;
  const onlyTested = lastTest !== undefined && key.lastUse.at <= lastTest;
  return onlyTested || key.lastUse.at < key.createdAt ? { ...key, lastUse: { kind: 'never' } } : key;
}

/** So often within {@link REACTIVATIONS_WITHIN}, and a key is left alone: something keeps switching it on (A0). */
const TOO_MANY_REACTIVATIONS = 3;
const REACTIVATIONS_WITHIN: Duration = 365 * DAY;

export const switchedOnAgainAndAgain = ({ memory }: AccessKey, now: Instant): boolean =>
  (memory.reactivations ?? []).filter((at) => now - at <= REACTIVATIONS_WITHIN).length >=
  TOO_MANY_REACTIVATIONS;

/** A0: somebody has switched the key on again. It is counted, its notices are void, its graces start anew. */
export function afterReactivation(memory: KeyMemory, now: Instant): KeyMemory {
  const { inactiveSince: _inactive, deactivatedAs: _reason, notices: _notices, ...rest } = memory;
  return { ...rest, reactivatedAt: now, reactivations: [...(memory.reactivations ?? []), now] };
}
