import { wholeDays, type Instant } from '../time.ts';
import type { StoredAccount, StoredKey, StoredPolicy, StoredRun } from './stored-run.ts';

/** Active keys by age, against the thresholds that hold for each; and those that are switched off. */
export interface AgeCounts {
  readonly active: number;
  /** Younger than rotateAfter. */
  readonly young: number;
  /** From rotateAfter on. */
  readonly due: number;
  /** From deactivateAfter on. */
  readonly late: number;
  /** From deleteAfter on. */
  readonly over: number;
  /** Nobody knows the thresholds, or its date. */
  readonly unknown: number;
  readonly inactive: number;
}

export const NO_COUNTS: AgeCounts = {
  active: 0,
  young: 0,
  due: 0,
  late: 0,
  over: 0,
  unknown: 0,
  inactive: 0,
};

type Age = Exclude<keyof AgeCounts, 'active' | 'inactive'>;

/** A key, with where it is. */
export interface OverviewKey extends StoredKey {
  readonly accountId: string;
  readonly accountName: string;
  readonly ouPath: readonly string[];
  readonly ageDays: number;
  /** Since when it is over the limit; absent where it isn't. */
  readonly since?: Instant;
}

function ageOf(createdAt: Instant, policy: StoredPolicy | undefined, at: Instant): Age {
  // A date that is no date is stored as null, which is a number like any other where one subtracts.
  if (policy === undefined || !Number.isFinite(createdAt)) return 'unknown';
  const age = at - createdAt;
  if (age < policy.rotateAfter) return 'young';
  if (age < policy.deactivateAfter) return 'due';
  return age < policy.deleteAfter ? 'late' : 'over';
}

/** Adds the active keys of an account, those that were not looked at one by one among the young ones. */
export function addCounts(
  counts: Record<keyof AgeCounts, number>,
  { keys, policy, quiet }: StoredAccount,
  at: Instant,
): void {
  for (const key of keys) {
    if (key.status === 'deleted') continue;
    if (key.status === 'inactive') counts.inactive += 1;
    else {
      counts.active += 1;
      counts[ageOf(key.createdAt, key.policy ?? policy, at)] += 1;
    }
  }
  counts.active += quiet?.activeKeys ?? 0;
  counts.young += quiet?.activeKeys ?? 0;
}

export function countsOf({ accounts, finishedAt }: StoredRun): AgeCounts {
  const counts = { ...NO_COUNTS };
  for (const account of accounts) addCounts(counts, account, finishedAt);
  return counts;
}

/** Since when an active key is over the limit; undefined where it isn't. */
export function overSince(key: StoredKey, { policy }: StoredAccount, at: Instant): Instant | undefined {
  const own = key.policy ?? policy;
  return own !== undefined && key.status === 'active' && ageOf(key.createdAt, own, at) === 'over'
    ? key.createdAt + own.deleteAfter
    : undefined;
}

export function placed(key: StoredKey, account: StoredAccount, at: Instant): OverviewKey {
  const { id: accountId, name: accountName, ouPath } = account;
  const found = { ...key, accountId, accountName, ouPath, ageDays: wholeDays(key.createdAt, at) };
  const since = overSince(key, account, at);
  return since === undefined ? found : { ...found, since };
}
