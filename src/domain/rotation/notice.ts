import { DAY, latest, type Duration, type Instant } from '../time.ts';

/* Notices: what was announced about a key, when, and for which date. docs/policy.md, "Notices". */

/** What a notice is about. A key can have one of each. */
export const NOTICES = ['unused', 'replaced', 'deadline', 'least-recently-used', 'delete'] as const;
export type NoticeAbout = (typeof NOTICES)[number];

/** An announcement that was published, and that somebody received. */
export interface Notice {
  readonly about: NoticeAbout;
  readonly firstAt: Instant;
  /** When it was repeated last. */
  readonly lastAt: Instant;
  /** What it announces does not happen before this date, whatever the settings say later. */
  readonly date: Instant;
  /** `replaced` only: when the key goes even if its owner has not moved. */
  readonly inAnyCase?: Instant;
}

/** An announcement that the digest with this decision makes, or repeats. */
export interface NoticeToGive {
  readonly about: NoticeAbout;
  readonly date: Instant;
  readonly inAnyCase?: Instant;
  /** When the notice that it repeats was first given; absent for a new one. */
  readonly firstAt?: Instant;
}

/** A key, as far as notices go. */
interface Announced {
  readonly memory: { readonly notices?: readonly Notice[] };
}

/** A notice nobody was reminded of for longer than this is void (docs/policy.md, "Notices"). */
export const NOTICE_LASTS: Duration = 45 * DAY;

/** What was announced last about this, whether or not it still counts. */
export const lastNotice = ({ memory }: Announced, about: NoticeAbout): Notice | undefined =>
  memory.notices?.find((notice) => notice.about === about);

/**
 * The notice about this that counts.
 * @param since what it announces has been so from this moment on; an older one announced something else
 */
export function noticeThatCounts(
  key: Announced,
  about: NoticeAbout,
  since: Instant,
  now: Instant,
): Notice | undefined {
  const notice = lastNotice(key, about);
  return notice !== undefined && notice.firstAt >= since && now - notice.lastAt <= NOTICE_LASTS
    ? notice
    : undefined;
}

/**
 * No date is nearer to its announcement, where the grace is that long: what the row says could be anybody's
 * word, and what is in use shows itself in that time.
 */
const LEAST_NOTICE: Duration = 7 * DAY;

/**
 * What is to be announced: the notice that counts again, or a new one. A date moves only to a later
 * one: nothing happens before the date that people were told.
 * @param wanted from when on the facts and the settings would allow it
 * @param grace the least time between a new notice and its date
 */
export function noticeToGive(
  about: NoticeAbout,
  counting: Notice | undefined,
  wanted: Instant,
  grace: Duration,
  now: Instant,
): NoticeToGive {
  return counting === undefined
    ? { about, date: latest(wanted, now + grace) }
    : {
        about,
        date: latest(counting.date, wanted, counting.firstAt + Math.min(grace, LEAST_NOTICE)),
        firstAt: counting.firstAt,
      };
}

/** What the ledger keeps of a notice that was published at this moment. */
export const published = ({ firstAt, ...notice }: NoticeToGive, at: Instant): Notice => ({
  ...notice,
  firstAt: firstAt ?? at,
  lastAt: at,
});
