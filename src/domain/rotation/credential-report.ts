import { isInTurn } from '../in-turn.ts';
import { CLOCK_SKEW, DAY, type Duration, type Instant } from '../time.ts';
import { EXEMPTION_NOTICE, type Policy } from './policy.ts';

/*
 * IAM's credential report tells of all users of an account in one call. It has no key ids, and is up to four
 * hours old. So it only narrows down whom to look at; what is done rests on what IAM lists of these.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
 */

/** One of the two places that a user has for keys. */
export type ReportedKey =
  | {
      readonly kind: 'active';
      /** When the key was made, or last switched on: it may be older. */
      readonly changedAt: Instant;
      /** It may have been used since the report was made. Absent: it was not used before. */
      readonly lastUse?: ReportedUse;
    }
  /** Something that isn't active, and that there is a trace of. */
  | { readonly kind: 'inactive'; readonly changedAt?: Instant }
  /** No trace of a key. By the documentation an inactive key may look like this, too. */
  | { readonly kind: 'none' }
  /** It says what this version doesn't understand. */
  | { readonly kind: 'unclear' };

export interface ReportedUse {
  readonly at: Instant;
  readonly service?: string;
  readonly region?: string;
}

export interface ReportedUser {
  readonly userName: string;
  /** With a slash at both ends. */
  readonly path: string;
  readonly keys: readonly ReportedKey[];
}

export interface CredentialReport {
  readonly rootHasKeys: boolean;
  readonly users: readonly ReportedUser[];
}

/** The report is hours old, and its dates are rounded. */
const MARGIN: Duration = DAY;

/** Of users without any trace of a key, of whom an inactive one may be hidden: a quarter in each run. */
export const RUNS_FOR_NO_TRACE = 4;

/** Each account is worked through in one of so many runs, even where nothing seems to be due or open. */
const RUNS_FOR_ACCOUNT = 4;

/**
 * Everybody else: in half a year of weekly runs. Who switches a key off and on again makes the report
 * show a young one. They are looked at when their account is worked through: otherwise in nearly every
 * account somebody would be in turn in nearly every run, and none could be left with its report.
 */
export const RUNS_FOR_EVERYBODY = 7 * RUNS_FOR_ACCOUNT;

/** Which run over an account it is. */
export interface Turn {
  /** Nothing is known of earlier runs. */
  readonly isFirst: boolean;
  /** Grows by one from run to run over the account. */
  readonly number: number;
  readonly accountId: string;
}

/** Whether an account is worked through in a run, whatever its report says. */
export const isAccountInTurn = ({ accountId, number }: Omit<Turn, 'isFirst'>): boolean =>
  isInTurn(accountId, number, RUNS_FOR_ACCOUNT);

/**
 * Whether any rule may have something to say about one of the keys of a user, a digest lists it as due soon, or the
 * report leaves room for that.
 */
export function isDueByReport(
  { keys }: ReportedUser,
  {
    rotateAfter,
    unusedAfter = Infinity,
    noticeBefore,
    exemption,
  }: Pick<Policy, 'rotateAfter' | 'unusedAfter' | 'noticeBefore' | 'exemption'>,
  now: Instant,
): boolean {
  const oldEnough = Math.min(rotateAfter - noticeBefore, unusedAfter) - MARGIN;
  const endsSoon =
    exemption !== undefined && exemption.until - now <= Math.max(noticeBefore, EXEMPTION_NOTICE);
  return keys.some((key) => {
    switch (key.kind) {
      case 'none':
        return false;
      case 'active':
        return endsSoon || now - key.changedAt >= oldEnough || contradicts(key, now);
      default:
        return true;
    }
  });
}

/** Whether a user is looked at in a run although the report shows nothing of it that is due. */
export function isUserInTurn({ userName, keys }: ReportedUser, turn: Turn): boolean {
  if (keys.every(({ kind }) => kind === 'none')) {
    return turn.isFirst || isInTurn(userName, turn.number, RUNS_FOR_NO_TRACE);
  }
  const times = Math.floor(turn.number / RUNS_FOR_ACCOUNT);
  return isAccountInTurn(turn) && isInTurn(userName, times, RUNS_FOR_EVERYBODY / RUNS_FOR_ACCOUNT);
}

/** It was used before it is said to be there, so it was there before; or its date is no date that can be. */
const contradicts = (
  { changedAt, lastUse }: Extract<ReportedKey, { kind: 'active' }>,
  now: Instant,
): boolean => changedAt > now + CLOCK_SKEW || (lastUse !== undefined && lastUse.at < changedAt - CLOCK_SKEW);

/** When the oldest of its keys was made or last switched on; undefined where there is no date. */
export function oldestIn({ keys }: ReportedUser): Instant | undefined {
  const dates = keys.flatMap((key) => ('changedAt' in key ? (key.changedAt ?? []) : []));
  return dates.length === 0 ? undefined : Math.min(...dates);
}

/** Dates of the report have whole seconds. */
const SAME_MOMENT: Duration = 1_000;

/**
 * The last use that the report knows of the key that was made at a moment: a lower bound, since the key may
 * have been used since. Undefined where there is none, or no single key of this date.
 */
export function useOf({ keys }: ReportedUser, createdAt: Instant): ReportedUse | undefined {
  const [only, ...others] = keys.flatMap((key) =>
    key.kind === 'active' && Math.abs(key.changedAt - createdAt) < SAME_MOMENT ? [key] : [],
  );
  return others.length === 0 ? only?.lastUse : undefined;
}
