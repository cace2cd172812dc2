import { isActive, type AccessKey, type KeyMemory } from './key.ts';
import type { Policy } from './policy.ts';
import { latest, MINUTE, type Duration, type Instant } from '../time.ts';

/*
 * The words of the rotation policy, one function each. Thresholds are reached at the exact
 * millisecond (>=). Whatever depends on a last use that is unknown is false here, in both
 * directions: such a key is neither used nor unused nor never used.
 */

export const age = (key: AccessKey, now: Instant): Duration => now - key.createdAt;

export const neverUsed = (key: AccessKey): boolean => key.lastUse.kind === 'never';

/** With `unusedAfter` off every key counts as used, except where nothing is known. */
export const hasBeenUsed = (key: AccessKey, policy: Policy): boolean =>
  key.lastUse.kind === 'used' || (neverUsed(key) && policy.unusedAfter === undefined);

/** The last use, or for a key that was never used its creation; undefined when unknown. */
const lastSignOfLife = (key: AccessKey): Instant | undefined => {
  if (key.lastUse.kind === 'unknown') return undefined;
  return key.lastUse.kind === 'used' ? key.lastUse.at : availableAt(key);
};

export function unused(key: AccessKey, policy: Policy, now: Instant): boolean {
  const last = lastSignOfLife(key);
  return last !== undefined && policy.unusedAfter !== undefined && now - last >= policy.unusedAfter;
}

export const inUse = (key: AccessKey, policy: Policy, now: Instant): boolean =>
  key.lastUse.kind === 'used' && now - key.lastUse.at <= policy.inUseWindow;

/** When a key falls unused if nobody uses it again; undefined when that can't be said. */
export function unusedFrom(key: AccessKey, policy: Policy): Instant | undefined {
  const last = lastSignOfLife(key);
  return last === undefined || policy.unusedAfter === undefined ? undefined : last + policy.unusedAfter;
}

/** Created by us, whatever became of it. */
export const isOurs = (key: AccessKey): boolean => key.memory.replacementOf !== undefined;

/**
 * Whether `candidate` replaces `key`: (a) we created it for that and delivered it, or (b) a person
 * did: it is younger, was used after the key's own last use, and isn't unused. A young second key
 * nobody has used is nobody's replacement. Where the key itself was never used, (b) has nothing to
 * compare with and doesn't hold.
 */
export function replaces(candidate: AccessKey, key: AccessKey, policy: Policy, now: Instant): boolean {
  if (!isActive(candidate) || candidate.createdAt <= key.createdAt) return false;
  if (isOurs(candidate)) {
    return candidate.memory.replacementOf === key.id && candidate.memory.deliveredAt !== undefined;
  }
  return (
    candidate.lastUse.kind === 'used' &&
    key.lastUse.kind === 'used' &&
    candidate.lastUse.at > key.lastUse.at &&
    !unused(candidate, policy, now)
  );
}

/** Active, old enough, used and not unused: this key needs a replacement unless it has one. */
export const due = (key: AccessKey, other: AccessKey | undefined, policy: Policy, now: Instant): boolean =>
  isActive(key) &&
  age(key, now) >= policy.rotateAfter &&
  hasBeenUsed(key, policy) &&
  !unused(key, policy, now) &&
  !(other !== undefined && replaces(other, key, policy, now));

/** The user has two keys and the other one is due, so this one is in its way. */
export const slotNeeded = (
  key: AccessKey,
  other: AccessKey | undefined,
  policy: Policy,
  now: Instant,
): boolean => other !== undefined && due(other, key, policy, now);

/**
 * Our replacement of a key that is still active and not itself unused. Retiring it, however long
 * its owner takes to adopt it, could leave that owner with no working key at all once the old one
 * reaches its deadline; so A1 leaves it alone.
 */
export const awaitsAdoption = (
  key: AccessKey,
  other: AccessKey | undefined,
  policy: Policy,
  now: Instant,
): boolean =>
  other !== undefined && isActive(other) && replaces(key, other, policy, now) && !unused(other, policy, now);

/** A1: unused, or never used for half of that time while it takes a slot that is needed. */
export function toBeRetired(
  key: AccessKey,
  other: AccessKey | undefined,
  policy: Policy,
  now: Instant,
): boolean {
  if (awaitsAdoption(key, other, policy, now)) return false;
  if (unused(key, policy, now)) return true;
  return (
    policy.unusedAfter !== undefined &&
    neverUsed(key) &&
    now - availableAt(key) >= policy.unusedAfter / 2 &&
    slotNeeded(key, other, policy, now)
  );
}

/** How far our clock may be behind AWS's. */
const CLOCK_SKEW: Duration = 5 * MINUTE;

/** A new key is tested by the run that made it, under one lease. */
const TESTED_WITHIN: Duration = 10 * MINUTE;

/**
 * The key as its owner has used it. Before a replacement is delivered we sign a call with it to see
 * that it works; counting that as use would keep replacing, for ever, keys that nobody has adopted. A
 * delivery that a later run has finished may be recorded when the owner uses the key already.
 */
export function asItsOwnerUsedIt(key: AccessKey): AccessKey {
  const { deliveredAt } = key.memory;
  if (deliveredAt === undefined || key.lastUse.kind !== 'used') return key;
  const lastTest = Math.min(deliveredAt, key.createdAt + TESTED_WITHIN);
  const onlyTested = key.lastUse.at <= lastTest + CLOCK_SKEW;
  return onlyTested ? { ...key, lastUse: { kind: 'never' } } : key;
}

/** A person who switches a key on again starts its graces anew (A0). */
export function afterReactivation(memory: KeyMemory, now: Instant): KeyMemory {
  const { inactiveSince: _inactive, noticedAt: _noticed, ...rest } = memory;
  return { ...rest, reactivatedAt: now };
}

/**
 * The notice that counts for retiring an unused key: one published when it was unused already (or,
 * in the way of another key, never used for half of that time). An older one was answered by using
 * the key, or announced something else.
 */
export function noticeOfRetirement(key: AccessKey, policy: Policy): Instant | undefined {
  const { noticedAt } = key.memory;
  const last = lastSignOfLife(key);
  if (noticedAt === undefined || last === undefined || policy.unusedAfter === undefined) return undefined;
  return noticedAt >= last + policy.unusedAfter / (neverUsed(key) ? 2 : 1) ? noticedAt : undefined;
}

/** From when a key could be used: delivered by us, which may take weeks, or created by a person. */
export const availableAt = ({ createdAt, memory: { deliveredAt } }: AccessKey): Instant =>
  latest(createdAt, deliveredAt);

/**
 * The notice that counts for a replaced key: one published after this replacement was there. An
 * older one announced something else.
 */
export function noticeOfReplacement(key: AccessKey, replacement: AccessKey): Instant | undefined {
  const { noticedAt } = key.memory;
  return noticedAt !== undefined && noticedAt >= availableAt(replacement) ? noticedAt : undefined;
}

/** A1: when an unused key may be deactivated. */
export const retirementReadyAt = (key: AccessKey, noticedAt: Instant, policy: Policy): Instant =>
  latest(noticedAt, key.memory.reactivatedAt) + policy.adoptionGrace;

/** A3: when a replaced key may be deactivated. */
export const replacedReadyAt = (
  key: AccessKey,
  replacement: AccessKey,
  noticedAt: Instant,
  policy: Policy,
): Instant =>
  latest(
    key.createdAt + policy.deactivateAfter,
    latest(availableAt(replacement), noticedAt, key.memory.reactivatedAt) + policy.adoptionGrace,
  );

/** A3: when `whenStillInUse` decides about a replaced key that is still in use. */
export const enforceAt = (key: AccessKey, readyAt: Instant, policy: Policy): Instant =>
  latest(key.createdAt + policy.deleteAfter, readyAt + policy.adoptionGrace);
