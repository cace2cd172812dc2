import type { Reason } from '../../../../src/domain/rotation/decision.ts';
import { NOTICE_LASTS, type NoticeAbout, type NoticeToGive } from '../../../../src/domain/rotation/notice.ts';
import { DAY, HOUR, latest, type Instant } from '../../../../src/domain/time.ts';
import { T0 } from '../../../support/builders.ts';
import { hasTrouble, otherThan, type Announcement, type Key, type Life } from './world.ts';

/*
 * The promises of the policy, asked of what really happened: of keys, uses and announcements that
 * reached somebody. Never of the ledger.
 */

/** IAM may tell a use so late. */
const TOLD_LATE = 6 * HOUR;

/** What readers remember: a repeated announcement is the same one, unless it names an earlier date. */
export function announce(life: Life, key: Key, { about, date, inAnyCase }: NoticeToGive, now: Instant): void {
  const { adoptionGrace, recoveryGrace } = life.times.policyAt(now);
  const last = stands(key, about, now);
  const again = last !== undefined && date >= last.date && (inAnyCase ?? 0) >= (last.inAnyCase ?? 0);
  key.announced.set(about, {
    firstAt: again ? last.firstAt : now,
    grace: again ? last.grace : about === 'delete' ? recoveryGrace : adoptionGrace,
    lastAt: now,
    date,
    ...(inAnyCase === undefined ? {} : { inAnyCase }),
  });
}

/** What was announced last, unless it is so long ago that nobody remembers it. */
function stands(key: Key, about: NoticeAbout, now: Instant): Announcement | undefined {
  const last = key.announced.get(about);
  return last !== undefined && now - last.lastAt <= NOTICE_LASTS ? last : undefined;
}

/** What speaks against doing now what was to be announced. */
function notAnnounced(life: Life, key: Key, about: NoticeAbout, now: Instant): string | undefined {
  const last = stands(key, about, now);
  if (last === undefined) return `nobody was told of it (${about}) within 45 days`;
  if (now < last.date) return 'the date that was told has not come';
  if (now - last.firstAt < last.grace) return 'it was announced for less than the grace';
  if (hasTrouble(life, 'no-readers', now)) return 'nobody is there to read of it';
  return undefined;
}

/** By the rules that may switch a key off; any other one breaks a promise. */
const GROUNDS: Partial<Record<Reason, (life: Life, key: Key, now: Instant) => string | undefined>> = {
  moved: (life, key, now) => {
    const replacement = otherThan(key, life);
    const told = stands(key, 'replaced', now);
    if (replacement?.usedAt === undefined) return 'nobody has ever used its replacement';
    if (told !== undefined && now < told.date) return 'the date that was told has not come';
    return notReplaced(life, key, life.times.policyAt(now).adoptionGrace, now);
  },
  deadline: (life, key, now) => {
    const replacement = otherThan(key, life);
    const { deadlineGrace, deleteAfter, whenStillInUse, whenNotAdopted } = life.times.policyAt(now);
    const told = stands(key, 'replaced', now);
    if (whenStillInUse !== 'deactivate') return 'the settings say to wait';
    if (now - key.createdAt < deleteAfter) return 'it was too young';
    if (told?.inAnyCase !== undefined && now < told.inAnyCase) return 'it was told for later, in any case';
    if ((key.usedAt ?? 0) <= (replacement?.deliveredAt ?? 0) && whenNotAdopted === 'wait')
      return 'what uses it had no chance to move';
    if (
      replacement?.usedAt === undefined &&
      (life.secret.state !== 'kept' || life.secret.holds !== replacement)
    )
      return 'the secret does not hold its replacement';
    return notReplaced(life, key, deadlineGrace, now) ?? notAnnounced(life, key, 'deadline', now);
  },
  unused: (life, key, now) => {
    const { unusedAfter = Infinity } = life.times.policyAt(now);
    const there = latest(key.createdAt, key.deliveredAt, key.seenOn);
    const enough = key.usedAt === undefined ? unusedAfter / 2 : unusedAfter;
    // IAM may not have told the last use yet; then the key is never deleted.
    const idle = now - latest(there, key.usedAt);
    if (idle < enough && now - latest(key.usedAt) > TOLD_LATE) return `it was used ${idle / DAY} days ago`;
    return notAnnounced(life, key, 'unused', now);
  },
  'least-recently-used': (life, key, now) =>
    life.times.policyAt(now).whenTwoKeysInUse === 'escalate'
      ? 'the settings say to ask'
      : notAnnounced(life, key, 'least-recently-used', now),
  'delivery-lost': (life, key, now) =>
    now - (key.usedAt ?? now) > TOLD_LATE
      ? 'it was used'
      : life.secret.state !== 'gone'
        ? 'its secret is there'
        : notAnnounced(life, key, 'unused', now),
};

function notReplaced(life: Life, key: Key, grace: number, now: Instant): string | undefined {
  const replacement = otherThan(key, life);
  if (replacement?.replaces !== key) return 'we have made no replacement for it';
  if (!replacement.active) return 'its replacement is switched off';
  const there = latest(replacement.deliveredAt, replacement.seenOn);
  return now - there < grace ? 'its replacement has not been there for long enough' : undefined;
}

/** Within a year we switch off the same key so often, and no more. */
const AT_MOST = 3;

export function brokenByDeactivation(life: Life, key: Key, reason: Reason, now: Instant): string | undefined {
  const { adoptionGrace } = life.times.policyAt(now);
  if (now - latest(key.seenOn) < adoptionGrace) return 'somebody had switched it on within the grace';
  const often = key.deactivations.filter((at) => now - at < 365 * DAY).length;
  if (often >= AT_MOST) return `that for the time no. ${often + 1} within a year`;
  const ground = GROUNDS[reason];
  return ground === undefined ? 'that is no reason' : ground(life, key, now);
}

export function brokenByDeletion(life: Life, key: Key, now: Instant): string | undefined {
  const { recoveryGrace } = life.times.policyAt(now);
  if (key.active) return 'it was on';
  if (now - (key.seenOff ?? now) < recoveryGrace) return 'it was not off for the recovery grace';
  const { offBy, usedAt } = key;
  const answered = key.announced.get('unused')?.firstAt ?? Infinity;
  if (
    (offBy === 'unused' || offBy === 'delivery-lost') &&
    usedAt !== undefined &&
    usedAt > answered &&
    now - usedAt > TOLD_LATE
  )
    return 'it was used after it was announced as unused';
  return notAnnounced(life, key, 'delete', now);
}

/** A key in use is replaced so long after it is due, if the key before it has to make way first. */
const REPLACED_WITHIN = 55 * DAY;

/** What has to be so in ordinary times, at the end of a day. */
export function brokenByWaiting(life: Life, now: Instant): readonly (readonly [Key, string])[] {
  const { habit, keys, times } = life;
  if (habit.also !== undefined || habit.workloads.some(({ key }) => key !== 1)) return [];
  const {
    rotateAfter,
    adoptionGrace,
    deadlineGrace,
    deleteAfter,
    unusedAfter = Infinity,
  } = times.policyAt(now);
  const broken: (readonly [Key, string])[] = [];
  for (const key of keys.filter(({ active }) => active)) {
    const replacement = keys.find(({ replaces, active }) => replaces === key && active);
    const used = key.usedAt !== undefined && now - key.usedAt < unusedAfter;
    if (used && replacement === undefined) {
      const due = latest(key.createdAt + rotateAfter, T0, key.inUseSince);
      if (now - due > REPLACED_WITHIN + 3 * times.longestGap * DAY)
        broken.push([key, 'in use and not replaced']);
    }
    // Who switches a key on again after it was off gets its graces anew.
    if (replacement === undefined || key.touchedAt === undefined || key.seenOn !== undefined) continue;
    const deadline = latest(
      key.createdAt + deleteAfter,
      (replacement.deliveredAt ?? now) + deadlineGrace,
      key.touchedAt,
    );
    if (now > deadline + adoptionGrace + 3 * times.longestGap * DAY)
      broken.push([key, 'still on after its deadline']);
  }
  return broken;
}
