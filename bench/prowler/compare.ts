import { listsIn, type ListName } from '../../src/domain/report/overview-lists.ts';
import type { StoredAccount, StoredKey, StoredRun } from '../../src/domain/report/stored-run.ts';
import { DAY } from '../../src/domain/time.ts';
import type { Check, ProwlerResult } from './scan.ts';

/* What Prowler and the service say of the same keys at the same moment, side by side. Pure. */

/** A key in the order of IAM: the credential report calls the first of a user's keys 1. */
export interface PlacedKey {
  readonly accountId: string;
  readonly userName: string;
  readonly keyId: string;
  readonly slot: 1 | 2;
}

export const ROOT = '<root_account>';

/** Something that one of the two finds wrong, or both. */
export interface Compared {
  readonly check: Check;
  readonly accountId: string;
  readonly accountName: string;
  readonly userName: string;
  /** Absent: it is about the user. */
  readonly keyId?: string;
  readonly foundBy: 'both' | 'prowler' | 'service';
  /** Why it is as it is, by what the service knows of the key. */
  readonly because: Because;
}

export interface Because {
  readonly kind:
    | 'root'
    | 'exempt'
    | 'needs a person'
    | 'under way'
    | 'announced'
    | 'not entered'
    | 'counted otherwise'
    | 'unexplained';
  readonly text: string;
}

const OURS: Readonly<Record<Exclude<Check, 'iam_no_root_access_key'>, readonly ListName[]>> = {
  iam_rotate_access_key_90_days: ['overLimit'],
  iam_user_two_active_access_key: ['twoKeys', 'underWay'],
  iam_user_accesskey_unused: ['unused'],
};
const OF_KEYS = Object.keys(OURS) as readonly (keyof typeof OURS)[];
const OF_USERS: Check = 'iam_user_two_active_access_key';
const PROWLERS_LIMIT_DAYS = 90;

/** Whatever Prowler fails or the service lists, of the accounts that Prowler looked at. */
export function compare(
  results: readonly ProwlerResult[],
  run: StoredRun,
  placed: readonly PlacedKey[],
): readonly Compared[] {
  const failed = results.filter(({ status }) => status === 'FAIL');
  const looked = new Set(results.map(({ accountId }) => accountId));
  return run.accounts
    .filter(({ id }) => looked.has(id))
    .flatMap((account) => {
      const ofAccount = failed.filter(({ accountId }) => accountId === account.id);
      const keys = placed.filter(({ accountId }) => accountId === account.id);
      return [...comparedRoot(ofAccount, account), ...comparedKeys(ofAccount, account, run, keys)];
    });
}

const placeOf = ({ id: accountId, name: accountName }: StoredAccount) => ({ accountId, accountName });

function comparedRoot(failed: readonly ProwlerResult[], account: StoredAccount): readonly Compared[] {
  const ours = account.rootKeys === 'present';
  const theirs = new Set(failed.filter(({ userName }) => userName === ROOT).map(({ check }) => check));
  const checks = ours ? new Set<Check>([...theirs, 'iam_no_root_access_key']) : theirs;
  return [...checks].map((check) => ({
    check,
    ...placeOf(account),
    userName: ROOT,
    foundBy: !ours ? 'prowler' : theirs.has(check) ? 'both' : 'service',
    because: ours
      ? { kind: 'root', text: 'Only root can delete the keys of the root user; every run says so.' }
      : becauseOf(undefined, account, check, 0),
  }));
}

const isFailed = (failed: readonly ProwlerResult[], check: Check, userName: string, slot?: 1 | 2): boolean =>
  failed.some((one) => one.check === check && one.userName === userName && one.slot === slot);

function comparedKeys(
  failed: readonly ProwlerResult[],
  account: StoredAccount,
  run: StoredRun,
  placed: readonly PlacedKey[],
): readonly Compared[] {
  const lists = listsIn(run, run.finishedAt);
  const known = new Map(account.keys.map((key) => [key.keyId, key]));
  return OF_KEYS.flatMap((check) => {
    const listed = new Set(
      OURS[check]
        .flatMap((name) => lists[name])
        .filter(({ accountId }) => accountId === account.id)
        .map(({ keyId }) => keyId),
    );
    return placed.flatMap(({ userName, keyId, slot }): readonly Compared[] => {
      const ofUser = check === OF_USERS;
      // A user with two keys is one finding: that of the older one.
      if (ofUser && slot === 2) return [];
      const theirs = isFailed(failed, check, userName, ofUser ? undefined : slot);
      const ours = listed.has(keyId);
      if (!theirs && !ours) return [];
      const key = known.get(keyId);
      const foundBy = theirs && ours ? 'both' : theirs ? 'prowler' : 'service';
      const because = becauseOf(key, account, check, run.finishedAt, foundBy);
      return [{ check, ...placeOf(account), userName, ...(ofUser ? {} : { keyId }), foundBy, because }];
    });
  });
}

function becauseOf(
  key: StoredKey | undefined,
  account: StoredAccount,
  check: Check,
  at: number,
  foundBy: Compared['foundBy'] = 'prowler',
): Because {
  if (account.status !== 'rotated') {
    return { kind: 'not entered', text: `The service was not in the account (${account.status}).` };
  }
  if (key === undefined) return { kind: 'unexplained', text: 'The service knows nothing of it.' };
  const { message } = key;
  if (foundBy === 'service') return countedOtherwise(key, check, at);
  if (isTestedOnly(key, check)) {
    return {
      kind: 'counted otherwise',
      text: 'A replacement that its owner has not used yet: Prowler counts from the call that tested the delivery, the service from the day on which the replaced key was switched off.',
    };
  }
  if (key.action === 'exempt') return { kind: 'exempt', text: message };
  if (key.action === 'blocked' || key.next?.what === 'person')
    return { kind: 'needs a person', text: message };
  if (key.replacedBy !== undefined || key.replacementOf !== undefined)
    return { kind: 'under way', text: message };
  if (key.next !== undefined) return { kind: 'announced', text: message };
  return { kind: 'unexplained', text: message };
}

/** The call by which a delivery is tested is a use for IAM, and so for Prowler. */
const isTestedOnly = ({ replacementOf, lastUse }: StoredKey, check: Check): boolean =>
  check === 'iam_user_accesskey_unused' && replacementOf !== undefined && lastUse.kind === 'never';

/** Why Prowler passes what the service lists. */
function countedOtherwise(key: StoredKey, check: Check, at: number): Because {
  const within = (from: number, limit: number) => Math.floor((at - from) / DAY) <= limit;
  if (check === 'iam_rotate_access_key_90_days' && within(key.createdAt, PROWLERS_LIMIT_DAYS)) {
    return {
      kind: 'counted otherwise',
      text: 'Prowler fails a key from 91 whole days on, the service lists it from 90 days on.',
    };
  }
  if (check === 'iam_user_accesskey_unused' && key.lastUse.kind === 'never') {
    return {
      kind: 'counted otherwise',
      text: 'Never used: Prowler passes a key without a last use, however old it is.',
    };
  }
  return { kind: 'unexplained', text: key.message };
}
