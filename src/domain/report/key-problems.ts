import { dateOf, type Instant } from '../time.ts';
import { findingsOf, type KeyFinding, type Problem } from './findings-of.ts';
import type { StoredAccount, StoredRun } from './stored-run.ts';

/*
 * What a run has found, against what runs before it had found, for whoever keeps findings from one run to the next.
 * Nothing but the reports themselves is remembered.
 */

/** One thing about one key. */
export interface KeyProblem {
  /** The same in every run that finds it: `111122223333/AKIA.../over-limit`. */
  readonly id: string;
  readonly finding: KeyFinding;
  readonly problem: Problem;
}

export interface ChangedProblems {
  /** New, or not as the last run that looked had it, or not told yet on this day (in UTC). */
  readonly present: readonly KeyProblem[];
  /** Found by the last run that looked before, and not found by this one, which looked too. */
  readonly gone: readonly KeyProblem[];
  /** There, and told on this very day as they are. */
  readonly unchanged: number;
}

export const keyProblemsIn = (run: StoredRun): readonly KeyProblem[] =>
  findingsOf(run).flatMap((finding) =>
    finding.problems.map((problem) => ({ id: `${finding.uid}/${problem.kind}`, finding, problem })),
  );

/** @param earlier the runs before it, newest first */
export function changedProblems(run: StoredRun, earlier: readonly StoredRun[]): ChangedProblems {
  const found = keyProblemsIn(run);
  const before = lastFound(earlier);
  const present = found.filter(({ id, ...one }) => {
    const last = before.get(id);
    return last === undefined || isOtherDay(last.at, run.finishedAt) || stateOf(one) !== stateOf(last);
  });
  const ids = new Set(found.map(({ id }) => id));
  const hasLooked = looksOf(run);
  const gone = [...before.values()].filter((one) => !ids.has(one.id) && hasLooked(one));
  return {
    present,
    gone: gone.map(({ id, finding, problem }) => ({ id, finding, problem })),
    unchanged: found.length - present.length,
  };
}

/**
 * Whether these runs say of everything that the run has looked at how it was before.
 * @param earlier the runs before it, newest first
 */
export function isAllKnownBefore(run: StoredRun, earlier: readonly StoredRun[]): boolean {
  const whole = earlier.filter(({ isWhole, isAudit }) => isWhole && (run.isAudit || !isAudit));
  return run.accounts.every(
    (account) =>
      account.status !== 'rotated' ||
      whole.some(({ accounts }) =>
        accounts.some((before) => before.id === account.id && isAsComplete(before, account)),
      ),
  );
}

function isAsComplete(before: StoredAccount, account: StoredAccount): boolean {
  if (before.status !== 'rotated') return false;
  if (knowsRoot(account) && !knowsRoot(before)) return false;
  const unseen = unseenUsers(account);
  return [...unseenUsers(before)].every((userName) => unseen.has(userName));
}

interface Found extends KeyProblem {
  readonly at: Instant;
}

/** What the last run that looked at it has found. */
function lastFound(earlier: readonly StoredRun[]): ReadonlyMap<string, Found> {
  const seen = new Set<string>();
  const found = new Map<string, Found>();
  const later: ((one: KeyProblem) => boolean)[] = [];
  for (const run of earlier) {
    for (const one of keyProblemsIn(run)) {
      if (seen.has(one.id)) continue;
      seen.add(one.id);
      // A run in between has looked, and said that it is gone.
      if (!later.some((hasLooked) => hasLooked(one))) found.set(one.id, { ...one, at: run.finishedAt });
    }
    later.push(looksOf(run));
  }
  return found;
}

/** Whether the run has looked at that, so that what it doesn't find isn't there. */
function looksOf(run: StoredRun): (one: KeyProblem) => boolean {
  const accounts = new Map(
    run.accounts.map((account) => [
      account.id,
      { account, keyIds: new Set(account.keys.map(({ keyId }) => keyId)), unseen: unseenUsers(account) },
    ]),
  );
  return ({ finding: { accountId, key }, problem }) => {
    const about = accounts.get(accountId);
    if (about?.account.status !== 'rotated') return false;
    if (key === undefined) return knowsRoot(about.account);
    // An audit tries nothing, so it can't say that what failed would succeed.
    if (problem.kind === 'failed' && run.isAudit) return false;
    if (about.keyIds.has(key.keyId)) return true;
    // Deleted meanwhile, or among the keys of which IAM's credential report shows nothing due.
    return run.isWhole && !about.unseen.has(key.userName);
  };
}

const knowsRoot = ({ rootKeys }: StoredAccount): boolean => rootKeys === 'present' || rootKeys === 'none';

const unseenUsers = ({ gaps, exclusions }: StoredAccount): ReadonlySet<string> =>
  new Set([...gaps, ...exclusions].map(({ userName }) => userName));

const isOtherDay = (one: Instant, other: Instant): boolean => dateOf(one) !== dateOf(other);

/** What people are told of it, but how old the key is: that changes by itself. */
const stateOf = ({ finding, problem }: Pick<KeyProblem, 'finding' | 'problem'>): string => {
  const { accountName, key, nextStep } = finding;
  const { userName, owner, status, message, cause, exemption, action } = key ?? {};
  const told = { userName, owner, status, message, cause, exemption, action };
  return JSON.stringify([accountName, problem.kind, problem.since, nextStep, told]);
};
