import { DAY, type Instant } from '../../src/domain/time.ts';
import { DEFAULT_POLICY } from '../../src/domain/rotation/policy.ts';
import { adopts, living, otherThan, type KeyLife, type Person } from './lives.ts';

/*
 * The promises of the policy, asked of what really happened: the keys that are there, the digests that
 * were published, the secrets that are stored. Never of the ledger.
 */

const { rotateAfter, deactivateAfter, deleteAfter, adoptionGrace, recoveryGrace, unusedAfter, inUseWindow } =
  DEFAULT_POLICY;
const UNUSED = Number(unusedAfter) * DAY;

/** Whether somebody depends on it: used, and not so long ago that it counts as unused. */
const isUsed = ({ usedAt }: KeyLife, at: Instant) => usedAt !== undefined && at - usedAt < UNUSED;
const isDue = (key: KeyLife, at: Instant) =>
  key.active && isUsed(key, at) && at - key.createdAt >= rotateAfter * DAY;

/** @param at when the run began that switched the key off, which is the moment its decisions are about */
export function brokenByDeactivation(key: KeyLife, person: Person, at: Instant): string | undefined {
  const since = key.seenBackOn ?? -Infinity;
  if (at - since < adoptionGrace * DAY) return 'was switched on by a person within the adoption grace';
  const graceOver = ({ at: noticed }: KeyLife['notices'][number]) =>
    noticed >= since && at - noticed >= adoptionGrace * DAY;
  const notices = key.notices.filter(graceOver);
  if (notices.length === 0) return 'no digest announced it, or not for long enough';

  const idleSince = key.usedAt ?? key.createdAt;
  const other = otherThan(key, person);
  const inTheWay = key.usedAt === undefined && other !== undefined && isDue(other, at);
  const counts = UNUSED / (inTheWay ? 2 : 1);
  const announcedUnused = notices.some(
    (notice) => notice.about === 'unused' && notice.at - idleSince >= counts,
  );
  if (at - idleSince >= counts && announcedUnused) return undefined;

  if (other?.active !== true) return 'it was in use, and its owner has no other key';
  if (at - key.createdAt < deactivateAfter * DAY) return 'it was in use, and too young';
  const there = other.madeBy === 'service' ? other.deliveredAt : other.createdAt;
  if (there === undefined) return `${other.id} was not delivered`;
  if (at - there < adoptionGrace * DAY) return `${other.id} has not been there for the adoption grace`;
  const announced = notices.filter(({ at: noticed }) => noticed >= there - DAY);
  if (announced.length === 0) return `no digest announced it since ${other.id} is there`;
  if (key.usedAt === undefined || at - key.usedAt > inUseWindow * DAY) return undefined;
  if (other.madeBy === 'person') return 'it was in use, and the other key is not ours';
  const ready = Math.max(there, since, Math.min(...announced.map((notice) => notice.at)));
  const deadline = Math.max(key.createdAt + deleteAfter * DAY, ready + 2 * adoptionGrace * DAY);
  return at < deadline ? 'it was in use, and its deadline has not come' : undefined;
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
  return undefined;
}

/**
 * What has to be done for a user by the end of a run that had no trouble.
 *
 * One key, or another one that is certainly past its recovery grace: a key in use and due is
 * replaced in this very run. Otherwise another active key holds the slot, and retiring it takes, at
 * weekly runs, so long from the moment both are there: 45 days until a key nobody uses is in the way,
 * 7 until a run gives notice, 14 until one deactivates it and 14 until one deletes it and replaces
 * the due one: 80, and 15 more for what isn't on a Monday. Whoever does something by hand starts that
 * anew. Each week that was skipped, or in which something failed for this user, adds a week.
 */
const LONGEST_WAIT = 95;

export function brokenByWaiting(person: Person, at: Instant): readonly string[] {
  return living(person).flatMap((key) => {
    if (!isDue(key, at)) return [];
    const other = otherThan(key, person);
    if (other === undefined) return [`${key.id} is due and has no replacement`];
    if (!other.active) {
      const over = other.surelySeenOff !== undefined && at - other.surelySeenOff >= recoveryGrace * DAY;
      return over ? [`${key.id} is due, and ${other.id} still takes its place`] : [];
    }
    const replaced = other.createdAt > key.createdAt && other.madeBy === 'service';
    if (replaced || person.habit.workloads !== 1 || !adopts(person)) return [];
    const from = Math.max(key.createdAt, person.touchedAt);
    const lost = person.lostWeeks.filter((week) => week > from).length;
    return at - from < (LONGEST_WAIT + 7 * lost) * DAY
      ? []
      : [`${key.id} is in use for longer than the policy allows (${lost} weeks were lost)`];
  });
}
