import { NOTICE_LASTS, type NoticeAbout } from '../../src/domain/rotation/notice.ts';
import { DAY, type Instant } from '../../src/domain/time.ts';
import { DEFAULT_POLICY } from '../../src/domain/rotation/policy.ts';
import { movesInTime } from '../support/habits.ts';
import { living, otherThan, type KeyLife, type Person } from './lives.ts';

/*
 * The promises of the policy, asked of what really happened: the keys that are there, the digests that
 * were published, the secrets that are stored. Never of the ledger.
 */

const { rotateAfter, deactivateAfter, deleteAfter, adoptionGrace, recoveryGrace, unusedAfter, inUseWindow } =
  DEFAULT_POLICY;
const UNUSED = Number(unusedAfter) * DAY;
const DEADLINE_GRACE = (deleteAfter - rotateAfter) * DAY;

/** Whether somebody depends on it: used, and not so long ago that it counts as unused. */
const isUsed = ({ usedAt }: KeyLife, at: Instant) => usedAt !== undefined && at - usedAt < UNUSED;
const isDue = (key: KeyLife, at: Instant) =>
  key.active && isUsed(key, at) && at - key.createdAt >= rotateAfter * DAY;

/** What speaks against doing now what was to be announced, a whole grace before, and repeated. */
function notAnnounced(
  { seenBackOn: since = -Infinity, notices }: Pick<KeyLife, 'seenBackOn' | 'notices'>,
  about: NoticeAbout,
  grace: number,
  at: Instant,
): string | undefined {
  const given = notices.filter((notice) => notice.about === about && notice.at >= since && notice.at < at);
  const last = given.at(-1);
  if (last === undefined || at - last.at > NOTICE_LASTS) return `no digest announced it (${about})`;
  if (at < last.date) return 'the announced date has not come';
  const longAgo = given.some((notice) => at - notice.at >= grace * DAY);
  return longAgo ? undefined : `it was announced (${about}) less than the grace before`;
}

/** @param at when the run began that switched the key off, which is the moment its decisions are about */
export function brokenByDeactivation(key: KeyLife, person: Person, at: Instant): string | undefined {
  const since = key.seenBackOn ?? -Infinity;
  if (at - since < adoptionGrace * DAY) return 'was switched on by a person within the adoption grace';
  const other = otherThan(key, person);
  const idleSince = Math.max(key.usedAt ?? key.deliveredAt ?? key.createdAt, since);
  const inTheWay = key.usedAt === undefined && other !== undefined && isDue(other, at);
  const replaced = brokenByReplaced(key, other, at);
  // Whoever has moved may also have left it unused for long: either is enough.
  return replaced !== undefined && at - idleSince >= UNUSED / (inTheWay ? 2 : 1)
    ? notAnnounced(key, 'unused', adoptionGrace, at)
    : replaced;
}

/** What speaks against switching a key off because another one replaces it. */
function brokenByReplaced(key: KeyLife, other: KeyLife | undefined, at: Instant): string | undefined {
  if (other?.active !== true) return 'it was in use, and its owner has no other key';
  if (other.madeBy === 'person') return 'it was in use, and the other key is not ours';
  if (other.createdAt < key.createdAt) return 'it was in use, and the other key is older';
  if (other.deliveredAt === undefined) return `${other.id} was not delivered`;
  const there = Math.max(other.deliveredAt, other.seenBackOn ?? -Infinity);
  // The time to move begins when the delivery is written down, by a later run if need be.
  const moveBy = Math.max(other.surelyDeliveredAt ?? at, there) + adoptionGrace * DAY;
  const used = key.usedAt ?? -Infinity;
  const hasMoved = (other.usedAt ?? -Infinity) > used && at - used > inUseWindow * DAY;
  if (hasMoved && (used <= moveBy || at - used >= UNUSED / 2)) {
    if (at - key.createdAt < deactivateAfter * DAY) return 'its owner had moved, and it was too young';
    return at - there < adoptionGrace * DAY
      ? `${other.id} has not been there for the adoption grace`
      : undefined;
  }
  if (used <= there) return 'what uses it had no chance to move';
  if (at < Math.max(key.createdAt + deleteAfter * DAY, there + DEADLINE_GRACE))
    return 'it was needed, and its deadline had not come';
  return notAnnounced(key, 'deadline', adoptionGrace, at);
}

export function brokenByDeletion(key: KeyLife, person: Person, at: Instant): string | undefined {
  // Nobody has its secret: taken back, or found by the recovery.
  if (key.madeBy === 'service' && key.deliveredAt === undefined && key.usedAt === undefined) return undefined;
  if (key.active) return 'it was active';
  if (key.seenOff === undefined || at - key.seenOff < recoveryGrace * DAY)
    return 'it was not inactive for the recovery grace';
  const other = otherThan(key, person);
  const slotNeeded = other !== undefined && isDue(other, at);
  if (at - key.createdAt < deleteAfter * DAY && !slotNeeded) return 'it was too young';
  return notAnnounced(key, 'delete', recoveryGrace, at);
}

/**
 * What has to be done for a user by the end of a run that had no trouble.
 *
 * One key, or another one that is certainly past its recovery grace and announced: a key in use and due is
 * replaced in this very run. Otherwise another active key holds the slot, and retiring it takes, at
 * weekly runs, so long from the moment its owner has left it: 90 days until it is unused, 7 until a run
 * gives notice, 14 until one deactivates it and 14 until one deletes it and replaces the due one: 125, and
 * 15 more for what isn't on a Monday. Whoever does something by hand starts that anew. Each week that was
 * skipped, or in which something failed for this user, adds a week.
 */
const LONGEST_WAIT = 140;

/** From the third time on that somebody switches a key on, it is left alone. */
const leftAlone = ({ backOn }: KeyLife, at: Instant): boolean =>
  backOn.filter((back) => at - back <= 365 * DAY).length >= 3;

/** After a new key was denied its test call, so long no other one is made. */
const TRIED_AGAIN_AFTER = 28 * DAY;

const isHeld = ({ testDeniedAt = -Infinity }: KeyLife, at: Instant): boolean =>
  at - testDeniedAt < TRIED_AGAIN_AFTER;

export function brokenByWaiting(person: Person, at: Instant): readonly string[] {
  return living(person).flatMap((key) => {
    if (!isDue(key, at) || leftAlone(key, at) || isHeld(key, at)) return [];
    const other = otherThan(key, person);
    if (other === undefined) return [`${key.id} is due and has no replacement`];
    if (!other.active) {
      const off = other.surelySeenOff !== undefined && at - other.surelySeenOff >= recoveryGrace * DAY;
      const announced = { ...other, notices: other.notices.filter(({ isSure }) => isSure) };
      const over = off && notAnnounced(announced, 'delete', recoveryGrace, at) === undefined;
      return over ? [`${key.id} is due, and ${other.id} still takes its place`] : [];
    }
    const replaced = other.createdAt > key.createdAt && other.madeBy === 'service';
    const alone = person.workloads.length === 1 && person.workloads.every(({ habit }) => movesInTime(habit));
    if (replaced || !alone || leftAlone(other, at)) return [];
    const from = Math.max(key.createdAt, person.touchedAt, other.triedAt ?? -Infinity);
    const lost = person.lostWeeks.filter((week) => week > from).length;
    return at - from < (LONGEST_WAIT + 7 * lost) * DAY
      ? []
      : [`${key.id} is in use for longer than the policy allows (${lost} weeks were lost)`];
  });
}
