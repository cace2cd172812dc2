import { definedOnly } from '../../defined-only.ts';
import { DAY, dateOf, latest, wholeDays, type Instant } from '../../time.ts';
import type { QuietKey, StoredAccount, StoredKey, StoredRun } from '../stored-run.ts';
import type { CheckName } from './control.ts';
import { subjectsOf, whyNotWorkedOn, type KeySubject, type Subject } from './subject.ts';

/*
 * Each check looks at the same subjects, and says one thing of each. Who prefers a strict reading adds what is
 * excepted to what fails: only what would fail is ever excepted.
 */

export const VERDICTS = ['pass', 'fail', 'excepted', 'not-assessed'] as const;
type Verdict = (typeof VERDICTS)[number];

/** What a check says of one key, one root user, or whatever could not be looked at. */
export interface CheckResult {
  readonly accountId: string;
  readonly accountName: string;
  /** Absent where it is about the account. The root user is `root`, and no IAM user. */
  readonly userName?: string;
  /** Absent where none is known. */
  readonly keyId?: string;
  /** When the key was made, or switched on again where only the credential report tells of it. */
  readonly createdAt?: Instant;
  readonly verdict: Verdict;
  readonly why: string;
  /** Since when it fails, or would. */
  readonly since?: Instant;
  /** Why what would fail counts as excepted. */
  readonly exception?: Exception;
}

export interface Exception {
  readonly kind: 'exemption' | 'rotation-under-way';
  /** Who answers for it; absent where nobody is named. */
  readonly owner?: string;
  readonly reason: string;
  /** Absent: it ends when something else has happened, like the owner's moving. */
  readonly until?: Instant;
}

type Said = Pick<CheckResult, 'verdict' | 'why' | 'since' | 'exception'>;

/** A key, and the active keys of its user. */
interface Case {
  readonly subject: KeySubject;
  readonly active: readonly KeySubject[];
  readonly at: Instant;
}

/** What every check says of everything in a run. */
export function checkRun(
  run: StoredRun,
  quiet: readonly QuietKey[],
): Readonly<Record<CheckName, readonly CheckResult[]>> {
  const subjects = subjectsOf(run, quiet);
  const active = activeOf(subjects);
  const check = (say: (one: Case) => Said) =>
    subjects.map((subject) => {
      if (subject.kind === 'unknown') return unknown(subject);
      const own = active.get(userOf(subject)) ?? [];
      return { ...about(subject), ...excepted(say({ subject, active: own, at: run.finishedAt }), subject) };
    });
  const results: Record<CheckName, readonly CheckResult[]> = {
    'root-key': run.accounts.map(rootOf),
    'rotated-90': check(rotatedIn90Days),
    'own-limit': check(withinOwnLimit),
    'unused-45': check(usedIn45Days),
    'one-active-key': check(onlyOneActive),
  };
  return results;
}

const userOf = ({ account, userName }: KeySubject): string => `${account.id} ${userName}`;

function activeOf(subjects: readonly Subject[]): ReadonlyMap<string, readonly KeySubject[]> {
  const active = new Map<string, KeySubject[]>();
  for (const subject of subjects) {
    if (subject.kind === 'unknown' || !subject.isActive) continue;
    const own = active.get(userOf(subject));
    if (own === undefined) active.set(userOf(subject), [subject]);
    else own.push(subject);
  }
  return active;
}

const about = ({ account, userName, createdAt, key }: KeySubject) => ({
  accountId: account.id,
  accountName: account.name,
  userName,
  ...definedOnly({ keyId: key?.keyId, createdAt: isDate(createdAt) ? createdAt : undefined }),
});

const unknown = ({ account, userName, why, since }: Subject & { readonly kind: 'unknown' }): CheckResult => ({
  accountId: account.id,
  accountName: account.name,
  ...definedOnly({ userName }),
  verdict: 'not-assessed',
  why,
  ...definedOnly({ since }),
});

/** Dates that are none are stored as null. */
const isDate = (instant: Instant): boolean => Number.isFinite(instant);

const pass = (why: string): Said => ({ verdict: 'pass', why });
const fail = (why: string, since: Instant): Said => ({ verdict: 'fail', why, since });
const notAssessed = (why: string): Said => ({ verdict: 'not-assessed', why });

const OFF = pass('It is switched off.');
const NO_DATE = notAssessed('When it was made is not known.');

/** What fails and is exempt is excepted: somebody answers for it until a date. */
function excepted(said: Said, { key }: KeySubject): Said {
  if (said.verdict !== 'fail' || key?.action !== 'exempt') return said;
  return { ...said, verdict: 'excepted', exception: exemptionOf(key) };
}

/** Reports older than the field have it in words. */
export const exemptionOf = ({ exemption, message, dueAt }: StoredKey): Exception =>
  exemption === undefined
    ? { kind: 'exemption', reason: message, ...definedOnly({ until: dueAt }) }
    : { kind: 'exemption', ...exemption };

const MOST_AGE = 90 * DAY;

function rotatedIn90Days({ subject: { isActive, createdAt }, at }: Case): Said {
  if (!isActive) return OFF;
  if (!isDate(createdAt)) return NO_DATE;
  const age = `It is ${wholeDays(createdAt, at)} days old`;
  return at - createdAt > MOST_AGE
    ? fail(`${age}, and 90 are allowed.`, createdAt + MOST_AGE)
    : pass(`${age}.`);
}

function withinOwnLimit({ subject: { isActive, createdAt, policy, dueAt }, at }: Case): Said {
  if (!isActive) return OFF;
  if (!isDate(createdAt)) return NO_DATE;
  const age = `It is ${wholeDays(createdAt, at)} days old`;
  if (dueAt !== undefined && at < dueAt) return pass(`${age}, and due on ${dateOf(dueAt)}.`);
  if (policy === undefined) return notAssessed('How old it may get is not known.');
  const most = policy.deleteAfter / DAY;
  return at - createdAt >= policy.deleteAfter
    ? fail(`${age}, and the settings allow less than ${most}.`, createdAt + policy.deleteAfter)
    : pass(`${age}, and the settings allow less than ${most}.`);
}

const MOST_IDLE = 45 * DAY;

function usedIn45Days({ subject: { isActive, createdAt, lastUse }, at }: Case): Said {
  if (!isActive) return OFF;
  if (lastUse.kind === 'unknown') return notAssessed('When it was last used is not known.');
  if (lastUse.kind === 'never' && !isDate(createdAt)) return NO_DATE;
  const [since, what] =
    lastUse.kind === 'used'
      ? [lastUse.at, `Last used on ${dateOf(lastUse.at)}`]
      : [createdAt, `Never used since it was made on ${dateOf(createdAt)}`];
  return at - since >= MOST_IDLE
    ? fail(`${what}, ${wholeDays(since, at)} days ago.`, since + MOST_IDLE)
    : pass(`${what}.`);
}

function onlyOneActive({ subject, active }: Case): Said {
  if (!subject.isActive) return OFF;
  if (active.length < 2) return pass('It is the only active key of its user.');
  const since = latest(...active.map(({ createdAt, key }) => latest(createdAt, key?.reactivatedAt)));
  const why = `Its user has ${active.length} active keys.`;
  const old = oldOfPair(active);
  return old === undefined ? fail(why, since) : { verdict: 'excepted', why, since, exception: underWay(old) };
}

/** The key that the user's other one was made by us to replace. */
function oldOfPair(active: readonly KeySubject[]): StoredKey | undefined {
  const keys = active.flatMap(({ key }) => key ?? []);
  if (keys.length !== active.length) return undefined;
  return keys.find((old) =>
    keys.some(({ keyId, replacementOf }) => keyId === old.replacedBy || replacementOf === old.keyId),
  );
}

const underWay = ({ owner, next, replacedBy, keyId }: StoredKey): Exception => ({
  kind: 'rotation-under-way',
  reason: `${keyId} is being replaced${replacedBy === undefined ? '' : ` by ${replacedBy}`}, and both work until its owner has moved.`,
  ...definedOnly({ owner, until: next?.what === 'deactivate' ? next.at : undefined }),
});

function rootOf(account: StoredAccount): CheckResult {
  const { id: accountId, name: accountName, status, rootKeys = 'unknown' } = account;
  const said: Said =
    status !== 'rotated'
      ? notAssessed(whyNotWorkedOn(account))
      : rootKeys === 'unknown'
        ? notAssessed('Whether the root user has access keys is not known.')
        : rootKeys === 'none'
          ? pass('The root user has no access key.')
          : { verdict: 'fail', why: 'The root user has access keys; AWS does not tell since when.' };
  return { accountId, accountName, userName: 'root', ...said };
}

export type Counts = Readonly<Record<Verdict, number>>;

export function countsIn(results: readonly CheckResult[]): Counts {
  const counts = { pass: 0, fail: 0, excepted: 0, 'not-assessed': 0 };
  for (const { verdict } of results) counts[verdict] += 1;
  return counts;
}

/** The same for each account that there are results of. */
export function countsByAccount(
  results: readonly CheckResult[],
): readonly { readonly accountId: string; readonly accountName: string; readonly counts: Counts }[] {
  const ofAccounts = new Map<string, CheckResult[]>();
  for (const result of results) {
    const own = ofAccounts.get(result.accountId);
    if (own === undefined) ofAccounts.set(result.accountId, [result]);
    else own.push(result);
  }
  return [...ofAccounts].map(([accountId, own]) => ({
    accountId,
    accountName: own[0]?.accountName ?? '',
    counts: countsIn(own),
  }));
}
