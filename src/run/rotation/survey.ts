import { definedOnly } from '../../domain/defined-only.ts';
import type { Account } from '../../domain/account.ts';
import type { LeftOutUser } from '../../domain/report/exclusion.ts';
import type { NotLookedAt } from '../../domain/report/run-report.ts';
import type { QuietKey } from '../../domain/report/stored-run.ts';
import {
  isDueByReport,
  isUserInTurn,
  oldestIn,
  type CredentialReport,
  type ReportedUser,
  type Turn,
} from '../../domain/rotation/credential-report.ts';
import { toPolicy } from '../../domain/rotation/policy.ts';
import { settingsOfUser } from '../../domain/settings/account-settings.ts';
import { coverageNeedsTags, isCovered, leftOutBy } from '../../domain/settings/coverage.ts';
import { DAY, dateOf, MINUTE, type Duration, type Instant } from '../../domain/time.ts';
import type { AccountView } from '../context/account-context.ts';
import { lastStart } from '../context/run-context.ts';
import { groupsReader } from '../settings/user-facts.ts';

/** Whom a run looks at in an account: what it does rests on what IAM lists of these. */
export interface Survey {
  /** Absent: nobody has told. */
  readonly rootHasKeys?: boolean;
  /** Absent: everybody is looked at. */
  readonly narrowed?: Narrowed;
}

export interface Narrowed {
  /** In lower case. */
  readonly lookAt: ReadonlySet<string>;
  /** The report shows nothing that may be due: whoever is looked at is in turn. */
  readonly isOnlyInTurn: boolean;
  /** What the report says of the users whom the settings cover, by their names in lower case. */
  readonly reported: ReadonlyMap<string, CoveredUser>;
  /** All others. */
  readonly leftOut: readonly LeftOutUser[];
}

/** What the report says of a user, and when its keys come of age. */
interface CoveredUser extends ReportedUser {
  readonly rotateAfter: Duration;
}

/** Below this, to list the keys of each user costs little, and tells what is so now. */
const FEW_USERS = 10;

/** Reports of large accounts take a minute or so; then the keys are listed instead. */
const LONGEST_WAIT: Duration = 3 * MINUTE;

const EVERYBODY: Survey = {};

/**
 * Asks the credential report whom to look at. Where it can't be had, or can't tell, everybody is looked at:
 * that costs more calls, and nothing else.
 */
export async function surveyAccount(view: AccountView): Promise<Survey> {
  const { run, session, settings } = view;
  const { inventory, userNames, everyLastUse } = run;
  if (inventory === 'list' || userNames.length > 0 || everyLastUse === true) return EVERYBODY;
  if (coverageNeedsTags(settings)) return EVERYBODY;
  const report = await reportOf(view);
  if (report === undefined) return EVERYBODY;
  const { rootHasKeys, users } = report;
  if (inventory === 'auto' && users.length < FEW_USERS) return { rootHasKeys };
  try {
    const groups = groupsReader(session.inventory, settings);
    return { rootHasKeys, narrowed: await narrow(users, groups, view) };
  } catch {
    // The groups can't be read; for each user this is a failure of its own.
    return { rootHasKeys };
  }
}

async function reportOf({ run, session }: AccountView): Promise<CredentialReport | undefined> {
  const now = run.clock.now();
  const until: Instant = Math.min(now + LONGEST_WAIT, (now + lastStart(run)) / 2);
  try {
    return await session.reports.read(until);
  } catch {
    // An older member role doesn't allow it; doctor says so.
    return undefined;
  }
}

/** Where nobody counts the runs, as in an audit. */
const WEEK: Duration = 7 * DAY;

/** An account counts its own runs: others it was left out of, or could not be entered in. */
export function turnOf({ run, account }: Pick<AccountView, 'run' | 'account'>): Turn {
  const number = run.surveyed.get(account.id);
  return {
    isFirst: number === undefined,
    number: number ?? Math.floor(run.now / WEEK),
    accountId: account.id,
  };
}

/** Also the turn before, where that run had no time for somebody: a turn that is passed over comes back late. */
function turnsOf(view: Pick<AccountView, 'run' | 'account'>): readonly Turn[] {
  const turn = turnOf(view);
  const isLate = view.run.deferred.some(
    ({ accountId, userName }) => accountId === turn.accountId && userName !== undefined,
  );
  const before = { ...turn, number: turn.number - 1, isFirst: turn.number === 1 };
  return isLate ? [turn, before] : [turn];
}

async function narrow(
  users: readonly ReportedUser[],
  factsOf: ReturnType<typeof groupsReader>,
  view: AccountView,
): Promise<Narrowed> {
  const { run, settings } = view;
  const turns = turnsOf(view);
  const lookAt = new Set<string>();
  let isOnlyInTurn = true;
  const leftOut: LeftOutUser[] = [];
  const reported = new Map<string, CoveredUser>();
  for (const user of users) {
    const facts = await factsOf(user);
    if (!isCovered(settings, facts)) {
      leftOut.push({ userName: user.userName, ...leftOutBy(settings, facts), ...oldestKeyOf(user) });
      continue;
    }
    const own = settingsOfUser(settings, facts, run.now);
    const { rotateAfter } = own.kind === 'failed' ? toPolicy(settings.values) : own.value.policy;
    reported.set(lower(user.userName), { ...user, rotateAfter });
    const isDue = own.kind === 'failed' || isDueByReport(user, own.value.policy, run.now);
    if (isDue) isOnlyInTurn = false;
    if (isDue || turns.some((turn) => isUserInTurn(user, turn))) lookAt.add(lower(user.userName));
  }
  return { lookAt, isOnlyInTurn, leftOut, reported };
}

/** Where the report has no date of a key, IAM is asked later. */
function oldestKeyOf(user: ReportedUser): Pick<LeftOutUser, 'oldestKey'> {
  if (user.keys.some((key) => key.kind !== 'none' && !('changedAt' in key))) return {};
  return { oldestKey: oldestIn(user) ?? 'none' };
}

export const lower = (name: string): string => name.toLowerCase();

/** The users with keys whom nobody looks at. Their keys are active: of any other they would be looked at. */
export function notLookedAt(
  { reported, lookAt }: Narrowed,
  { id: accountId }: Pick<Account, 'id'>,
): NotLookedAt {
  const keys = [...reported].flatMap(([name, user]) =>
    lookAt.has(name) ? [] : quietKeysOf(user, accountId),
  );
  const oldest = keys.reduce<QuietKey | undefined>(
    (found, one) => (found === undefined || one.createdAt < found.createdAt ? one : found),
    undefined,
  );
  return {
    users: new Set(keys.map(({ userName }) => userName)).size,
    activeKeys: keys.length,
    ...(oldest === undefined ? {} : { oldest: { userName: oldest.userName, createdAt: oldest.createdAt } }),
    dueOn: countedByDay(keys),
    keys,
  };
}

/** Later than any calendar: a threshold of so many days is none. */
const LAST_MOMENT: Instant = 8.64e15;

function countedByDay(keys: readonly QuietKey[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { dueAt } of keys) {
    if (dueAt > LAST_MOMENT) continue;
    const day = dateOf(dueAt);
    counts[day] = (counts[day] ?? 0) + 1;
  }
  return counts;
}

const quietKeysOf = ({ userName, keys, rotateAfter }: CoveredUser, accountId: string): readonly QuietKey[] =>
  keys.flatMap((key) =>
    key.kind !== 'active'
      ? []
      : [
          {
            accountId,
            userName,
            createdAt: key.changedAt,
            lastUse: key.lastUse === undefined ? { kind: 'never' } : { kind: 'used', ...key.lastUse },
            dueAt: key.changedAt + rotateAfter,
          },
        ],
  );

/**
 * The same, where the ledger has something open of some: they are looked at, whatever the report says.
 * @param open in lower case; `unknown`: anybody may be among them
 */
export function withOpen(survey: Survey, open: ReadonlySet<string> | 'unknown'): Survey {
  const { narrowed } = survey;
  if (narrowed === undefined) return survey;
  if (open === 'unknown') return definedOnly({ rootHasKeys: survey.rootHasKeys });
  const lookAt = new Set([...narrowed.lookAt, ...open]);
  // Of these their keys tell.
  const leftOut = narrowed.leftOut.filter(({ userName }) => !lookAt.has(lower(userName)));
  return { ...survey, narrowed: { ...narrowed, lookAt, leftOut } };
}
