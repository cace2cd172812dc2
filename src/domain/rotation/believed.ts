import { definedOnly } from '../defined-only.ts';
import { CLOCK_SKEW, days, type Duration, type Instant } from '../time.ts';
import type { KeyMemory } from './key.ts';
import type { Notice } from './notice.ts';
import type { Policy } from './policy.ts';

/** What the ledger says of a key, without what can't be true. */
export interface Believed {
  readonly memory: KeyMemory;
  /** The names of the fields that were left out, wholly or in part; empty when everything is believed. */
  readonly disbelieved: readonly (keyof KeyMemory)[];
}

/** What IAM and the settings tell, which a row can't argue with. */
export interface KnownOfKey {
  readonly createdAt: Instant;
  /** When the user's other keys were created; undefined for one that IAM doesn't list. */
  readonly createdAtOf: (accessKeyId: string) => Instant | undefined;
  /** The furthest ahead of its announcement that a date can be, in milliseconds. */
  readonly longestNotice: Duration;
}

/** Whether it can have happened: nothing has in the future. False for a date that is none, too. */
export const hasHappened = (at: Instant, now: Instant): boolean => at <= now + CLOCK_SKEW;

/** Dates that were promised stand when settings become shorter, so only what no setting would give is none. */
const LONGEST_PROMISE = days(400);

export const longestNotice = ({
  deactivateAfter,
  deleteAfter,
  adoptionGrace,
  deadlineGrace,
  recoveryGrace,
  unusedAfter = 0,
}: Policy): Duration =>
  Math.max(
    LONGEST_PROMISE,
    deactivateAfter,
    deleteAfter,
    adoptionGrace,
    deadlineGrace,
    recoveryGrace,
    unusedAfter,
  );

/**
 * Leaves out what can't be true. A moment further ahead than clocks differ would hold up what depends on it
 * for years, or let it through; so would a date that nobody can have announced. Nothing happens to a key
 * before it is there, and none replaces a younger one: a user has two places, so the key that was replaced
 * had its own before.
 */
export function believed(memory: KeyMemory, now: Instant, known?: KnownOfKey): Believed {
  const there = known === undefined ? -Infinity : known.createdAt - CLOCK_SKEW;
  const happened = (at: Instant) => hasHappened(at, now);
  const moment = (at: Instant | undefined, from = -Infinity) =>
    at !== undefined && happened(at) && at >= from ? at : undefined;
  const announceable = ({ lastAt, date, inAnyCase = date }: Notice) =>
    known === undefined || Math.max(date, inAnyCase) <= lastAt + known.longestNotice;
  const all = <Of>(list: readonly Of[] | undefined, when: (one: Of) => boolean) =>
    list?.every(when) === true ? list : list?.filter(when);
  const { replacementOf, deliveredAt, inactiveSince, reactivatedAt, reactivations, notices, ...others } =
    memory;
  const { told, testDenied, ...rest } = others;
  const replacedAt = replacementOf === undefined ? undefined : known?.createdAtOf(replacementOf);
  const kept = {
    replacementOf:
      known !== undefined && replacedAt !== undefined && replacedAt > known.createdAt
        ? undefined
        : replacementOf,
    deliveredAt: moment(deliveredAt, there),
    inactiveSince: moment(inactiveSince, there),
    reactivatedAt: moment(reactivatedAt),
    reactivations: all(reactivations, happened),
    notices: all(
      notices,
      (notice) => happened(notice.firstAt) && happened(notice.lastAt) && announceable(notice),
    ),
    testDenied: testDenied !== undefined && happened(testDenied.at) ? testDenied : undefined,
    told: told !== undefined && happened(told.at) ? told : undefined,
  };
  const names = Object.keys(kept) as (keyof typeof kept)[];
  return {
    memory: { ...rest, ...definedOnly(kept) },
    disbelieved: names.filter((name) => kept[name] !== memory[name]),
  };
}
