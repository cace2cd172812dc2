import { definedOnly } from '../../defined-only.ts';
import type { LastUse } from '../../rotation/key.ts';
import { dateOf, type Instant } from '../../time.ts';
import type { QuietKey, StoredAccount, StoredKey, StoredPolicy, StoredRun } from '../stored-run.ts';

/* Whom and what the checks are about: every key that the run knows, and whatever it could not look at. */

/** A key that is there. */
export interface KeySubject {
  readonly kind: 'key';
  readonly account: StoredAccount;
  readonly userName: string;
  readonly isActive: boolean;
  readonly createdAt: Instant;
  readonly lastUse: LastUse;
  readonly policy?: StoredPolicy;
  /** Absent for one that IAM's credential report tells of: no id is known there. */
  readonly key?: StoredKey;
  /** Of a key without an id: when it comes of age; before that it is within every limit. */
  readonly dueAt?: Instant;
}

/** What nothing can be said of: a user, or all of an account. */
interface UnknownSubject {
  readonly kind: 'unknown';
  readonly account: StoredAccount;
  /** Absent where it is about the account. */
  readonly userName?: string;
  readonly why: string;
  /** Since when its oldest key is there, where that is known. */
  readonly since?: Instant;
}

export type Subject = KeySubject | UnknownSubject;

/** In the order of the accounts. Keys that are deleted are gone; users without keys are nobody's concern here. */
export function subjectsOf(run: StoredRun, quiet: readonly QuietKey[]): readonly Subject[] {
  const ofAccounts = new Map<string, QuietKey[]>();
  for (const key of quiet) {
    const own = ofAccounts.get(key.accountId);
    if (own === undefined) ofAccounts.set(key.accountId, [key]);
    else own.push(key);
  }
  return run.accounts.flatMap((account) => subjectsIn(account, ofAccounts.get(account.id) ?? []));
}

function subjectsIn(account: StoredAccount, quiet: readonly QuietKey[]): readonly Subject[] {
  if (account.status !== 'rotated') return [{ kind: 'unknown', account, why: whyNotWorkedOn(account) }];
  const unlisted = (account.quiet?.activeKeys ?? 0) - quiet.length;
  return [
    ...account.keys.filter(({ status }) => status !== 'deleted').map((key) => ofKey(account, key)),
    ...quiet.map((key) => ofQuietKey(account, key)),
    ...account.gaps.map(({ userName, failure }): Subject => ({
      kind: 'unknown',
      account,
      userName,
      why: `Nothing could be decided about this user: ${failure.during}: ${failure.message}`,
    })),
    ...excluded(account),
    ...(unlisted > 0 ? [notListed(account, unlisted)] : []),
  ];
}

const ofKey = (account: StoredAccount, key: StoredKey): KeySubject => ({
  kind: 'key',
  account,
  userName: key.userName,
  isActive: key.status === 'active',
  createdAt: key.createdAt,
  lastUse: key.lastUse,
  key,
  ...definedOnly({ policy: key.policy ?? account.policy }),
});

const ofQuietKey = (
  account: StoredAccount,
  { userName, createdAt, lastUse, dueAt }: QuietKey,
): KeySubject => ({
  kind: 'key',
  account,
  userName,
  isActive: true,
  createdAt,
  lastUse,
  dueAt,
  ...definedOnly({ policy: account.policy }),
});

/** Those who have no key leave nothing to look at. */
const excluded = (account: StoredAccount): readonly UnknownSubject[] =>
  account.exclusions.flatMap(({ userName, setting, from, selector, setBy, oldestKey }) =>
    oldestKey === 'none'
      ? []
      : [
          {
            kind: 'unknown',
            account,
            userName,
            why: `The settings leave this user out: ${setting}${selector === undefined ? '' : ` has ${selector}`}, set at ${from}${setBy === undefined ? '' : ` by ${setBy}`}. ${oldestKey === 'unknown' ? 'How old its keys are is not known.' : `Its oldest key is of ${dateOf(oldestKey)}.`}`,
            ...(oldestKey === 'unknown' ? {} : { since: oldestKey }),
          },
        ],
  );

const notListed = (account: StoredAccount, count: number): UnknownSubject => ({
  kind: 'unknown',
  account,
  why: `The run counted ${count} young active ${count === 1 ? 'key' : 'keys'} more than it kept a list of.`,
});

export function whyNotWorkedOn({ status, cause, failure }: StoredAccount): string {
  const why = failure === undefined ? (cause ?? 'no cause is kept') : `${failure.during}: ${failure.message}`;
  return `The account was not worked on (${status}): ${why}`;
}
