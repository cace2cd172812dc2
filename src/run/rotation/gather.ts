import pLimit from 'p-limit';
import { definedOnly } from '../../domain/defined-only.ts';
import { failureOf, isKind } from '../../domain/errors.ts';
import type { LeftOutUser } from '../../domain/report/exclusion.ts';
import type { Gap } from '../../domain/report/outcome.ts';
import type { Finding, NotLookedAt } from '../../domain/report/run-report.ts';
import type { ReportedUser } from '../../domain/rotation/credential-report.ts';
import { decide } from '../../domain/rotation/decide.ts';
import { CHANGING, type Decision } from '../../domain/rotation/decision.ts';
import type { UserKeys } from '../../domain/rotation/key.ts';
import { plan } from '../../domain/rotation/limits.ts';
import type { Policy } from '../../domain/rotation/policy.ts';
import { settingsOfUser } from '../../domain/settings/account-settings.ts';
import { isCovered, isRuledOut, leftOutBy } from '../../domain/settings/coverage.ts';
import type { UserFacts } from '../../domain/settings/user-selector.ts';
import type { AccountView } from '../context/account-context.ts';
import { concerns, lastStart, timeForAnotherUser } from '../context/run-context.ts';
import type { IamUser } from '../ports/keys.ts';
import type { AccountLedger } from '../ports/ledger.ts';
import { readKeys } from './read-keys.ts';
import { newOwners, renamedUsers, type NewOwners } from './renamed-users.ts';
import { lower, notLookedAt, withOpen, type Narrowed, type Survey } from './survey.ts';
import { unreadableRowFindings, unreadableRowOfKeys } from './unreadable-rows.ts';
import { factsReader } from '../settings/user-facts.ts';

/** A user with everything that a decision about it depends on. */
export interface GatheredUser {
  readonly user: UserKeys;
  readonly policy: Policy;
  /** What the ledger says of its keys that can't be true. */
  readonly findings: readonly Finding[];
}

export interface Gathered {
  readonly users: readonly GatheredUser[];
  readonly gaps: readonly Gap[];
  /** The users that the settings leave out. */
  readonly leftOut: readonly LeftOutUser[];
  /** What the ledger says that can't be true, or can't be read. */
  readonly findings: readonly Finding[];
  /** All users of the account. */
  readonly listedUsers: readonly IamUser[];
  /** The ids of keys that the ledger knows, and doesn't know to be gone, and IAM has no more. */
  readonly goneKeys: readonly string[];
  /** The users with keys who were not read; absent where all were. */
  readonly notLookedAt?: NotLookedAt;
}

/** `withoutKeys`: the user has none, or is gone. */
type Read = { readonly withoutKeys: string } | { readonly leftOut: LeftOutUser } | Gap | GatheredUser;

/**
 * Reads the keys of every user the run is about, and its settings. A user who can't be read completely is
 * a gap: nothing is decided on a guess.
 * @param known users about whom nothing can be decided anyway; they stay gaps
 * @throws OperationError when the users can't be listed
 */
export async function gather(
  view: AccountView,
  memory: AccountLedger,
  known: readonly Gap[] = [],
  survey: Survey = {},
): Promise<Gathered> {
  const { run, session } = view;
  const skipped = new Set(known.map(({ userName }) => userName));
  const listed = await session.inventory.users();
  const owners = await newOwners(listed, memory, view);
  const { narrowed } = withOpen(survey, renamedUsers(owners));
  const isMeant = concerns(run, view.account);
  const isLookedAt = lookedAt(narrowed);
  const users = deferredFirst(listed, view).filter(
    ({ userName }) => isMeant(userName) && !skipped.has(userName) && isLookedAt(userName),
  );
  const rest = narrowed === undefined ? undefined : notLookedAt(stillThere(narrowed, listed), view.account);
  const factsOf = readerFor(view);
  const signedWith = await view.run.sessions.signingKeyId();
  const enough = whenToStop(view, rest?.activeKeys ?? 0);
  const limit = pLimit(run.userConcurrency);
  run.progress.usersFound?.(view.account.id, users.length);
  const read = await limit.map(users, async (user): Promise<Read> => {
    if (enough.isNow()) return outOfTime(user.userName);
    const one = await readUser(user, {
      ...view,
      memory,
      factsOf,
      ...definedOnly({ signedWith, reported: narrowed?.reported.get(lower(user.userName)) }),
    });
    if ('user' in one) enough.seen(one);
    run.progress.userDone?.(view.account.id);
    return one;
  });
  const gaps = [...known, ...read.filter((one) => 'failure' in one)];
  return {
    users: read.filter((one) => 'user' in one),
    gaps,
    leftOut: [
      ...read.flatMap((one) => ('leftOut' in one ? [one.leftOut] : [])),
      ...(narrowed?.leftOut ?? []),
    ],
    findings: [
      ...unreadableRowFindings(memory, gaps, run),
      ...read.flatMap((one) => ('user' in one ? one.findings : [])),
    ],
    listedUsers: listed,
    goneKeys: goneKeys(owners, read, memory),
    ...definedOnly({ notLookedAt: rest }),
  };
}

/** Also whom the report doesn't know: who was made or renamed since. */
function lookedAt(narrowed: Narrowed | undefined): (userName: string) => boolean {
  if (narrowed === undefined) return () => true;
  const { lookAt, reported, leftOut } = narrowed;
  const known = new Set([...reported.keys(), ...leftOut.map(({ userName }) => lower(userName))]);
  return (userName) => lookAt.has(lower(userName)) || !known.has(lower(userName));
}

/** Keys of users who were removed or renamed since the report was made count for no limit. */
function stillThere(narrowed: Narrowed, listed: readonly IamUser[]): Narrowed {
  const there = new Set(listed.map(({ userName }) => lower(userName)));
  return { ...narrowed, reported: new Map([...narrowed.reported].filter(([name]) => there.has(name))) };
}

/**
 * Keys the ledger knows and IAM lists no longer: of users this run has read, and of users who are gone. Those that
 * the ledger knows to be gone are not among them.
 */
function goneKeys(
  owners: NewOwners,
  read: readonly Read[],
  { keys, users, gone }: AccountLedger,
): readonly string[] {
  const there = read.flatMap((one) => ('user' in one ? one.user.keys.map(({ id }) => id) : []));
  const found = new Set(there);
  const readNames = new Set(
    read.flatMap((one) =>
      'user' in one ? [lower(one.user.userName)] : 'withoutKeys' in one ? [lower(one.withoutKeys)] : [],
    ),
  );
  const isGone = (id: string) => owners.has(id) && owners.get(id) === undefined;
  return [...keys.keys()].filter((id) => {
    const userName = users.get(id);
    if (userName === undefined || gone.has(id) || found.has(id)) return false;
    return readNames.has(lower(userName)) || isGone(id);
  });
}

/**
 * A run that spends all its time on reading never changes anything, week after week. So once half of the
 * time left for this account has passed and something is to be done, the remaining users are left to the
 * next run.
 */
function whenToStop({ run, lease, settings: { values } }: AccountView, otherKeys: number) {
  const { clock, now } = run;
  const half = (clock.now() + lastStart(run)) / 2;
  const decisions: Decision[] = [];
  const isAnythingToDo = () =>
    plan(decisions, {
      mode: values.mode,
      ...definedOnly({ only: run.only }),
      limits: values,
      keyCount: decisions.length + otherKeys,
      readers: 'somebody',
    }).some(({ decision, held }) => held === undefined && CHANGING.has(decision.action));
  return {
    // Where the account isn't held nothing is changed, so all the time is for reading.
    isNow: () => !timeForAnotherUser(run) || (lease !== undefined && clock.now() >= half && isAnythingToDo()),
    seen: ({ user, policy }: GatheredUser) => decisions.push(...decide(user, policy, now)),
  };
}

/** Starts with the user for whom the last run had no time, so that nobody is last for ever. */
function deferredFirst(users: readonly IamUser[], { run, account }: AccountView): readonly IamUser[] {
  const from = run.deferred.find(({ accountId }) => accountId === account.id)?.userName;
  const first = users.findIndex(({ userName }) => userName === from);
  return first <= 0 ? users : [...users.slice(first), ...users.slice(0, first)];
}

interface Reading extends AccountView {
  readonly memory: AccountLedger;
  readonly factsOf: ReturnType<typeof factsReader>;
  /** The key that signs this run, where it is an IAM user's. */
  readonly signedWith?: string;
  /** What the credential report says of this user. */
  readonly reported?: ReportedUser;
}

async function readUser({ userName, path, arn, userId }: IamUser, view: Reading): Promise<Read> {
  const { run, settings, lease, session, memory, signedWith } = view;
  const leftOut = (facts: UserFacts): Read => ({ leftOut: { userName, ...leftOutBy(settings, facts) } });
  if (isRuledOut(settings, { userName, path })) return leftOut({ userName, path });
  try {
    // Reading thousands of users takes longer than a lease lasts.
    await lease?.hold();
    const listed = await ifThere(() => session.inventory.keysOf(userName));
    if (listed === undefined || listed.length === 0) return { withoutKeys: userName };
    const facts = await view.factsOf({ userName, path });
    if (!isCovered(settings, facts)) return leftOut(facts);
    const unreadable = unreadableRowOfKeys(userName, listed, memory);
    if (unreadable !== undefined) return unreadable;
    const own = settingsOfUser(settings, facts, run.now);
    if (own.kind === 'failed') return { userName, reason: 'bad-settings', failure: own.failure };
    const { policy, owner } = own.value;
    const known = { userName, userArn: arn, userId, ...definedOnly({ owner }) };
    const reading = { ...known, keys: listed, ...definedOnly({ reported: view.reported }) };
    const { keys, findings } = await readKeys(reading, policy, view, memory);
    const signing = keys.map((key) => (key.id === signedWith ? { ...key, signsThisRun: true } : key));
    return { user: { ...known, keys: signing }, policy, findings };
  } catch (error) {
    return { userName, reason: 'unreadable', failure: failureOf(error, 'read the keys of the user') };
  }
}

/** Undefined for a user who was deleted since the users were listed: there is nothing to rotate. */
async function ifThere<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isKind(error, 'not-found')) return undefined;
    throw error;
  }
}

/** A user who was deleted since the users were listed has no tags. */
const readerFor = ({ session: { inventory }, settings }: AccountView) =>
  factsReader(
    {
      tagsOf: (userName) => ifThere(() => inventory.tagsOf(userName)),
      membersOf: (group) => inventory.membersOf(group),
    },
    settings,
  );

export const outOfTime = (userName: string): Gap => ({
  userName,
  reason: 'out-of-time',
  failure: {
    kind: 'transient',
    during: 'work on the account',
    message: 'the run had to end before it came to this user',
    nextStep: 'Nothing to do: the next run comes to it. If it happens again, raise the concurrency.',
  },
});
