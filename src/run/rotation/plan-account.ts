import { definedOnly } from '../../domain/defined-only.ts';
import type { Gap } from '../../domain/report/outcome.ts';
import type { Finding, RotatedAccount } from '../../domain/report/run-report.ts';
import { decide } from '../../domain/rotation/decide.ts';
import { type Decision } from '../../domain/rotation/decision.ts';
import { limitsExceeded, plan, type Exceeded, type Permission } from '../../domain/rotation/limits.ts';
import { DAY, HOUR, type Instant } from '../../domain/time.ts';
import type { AccountView } from '../context/account-context.ts';
import { readLedger } from '../context/believed-ledger.ts';
import { readersOf } from '../context/readers.ts';
import { concerns } from '../context/run-context.ts';
import type { AccountLedger } from '../ports/ledger.ts';
import { notRecordedIn, unrecoveredIn, untrueIn } from '../recovery/recover.ts';
import { findUnreported } from '../recovery/unreported.ts';
import { notApplied } from './apply-user.ts';
import { readExclusions } from './exclusions.ts';
import { gather, type Gathered } from './gather.ts';
import { openUsers } from './open-users.ts';
import { orphanedSecrets } from './orphaned-secrets.ts';
import { quietAccount } from './quiet-account.ts';
import { rootFindings } from './root-findings.ts';
import { surveyAccount, withOpen, type Survey } from './survey.ts';
import { usersWithUnreadableRows } from './unreadable-rows.ts';

/** What a run would do in an account: everything is read and decided, nothing is changed. */
export interface PlannedAccount {
  readonly report: RotatedAccount;
  readonly exceeded: readonly Exceeded[];
  /** All users of the account. */
  readonly listedUsers: Gathered['listedUsers'];
}

/** Audit: the same reading and deciding, with every change held back by the mode. */
export async function auditAccount(view: AccountView): Promise<RotatedAccount> {
  const survey = await surveyAccount(view);
  const quiet = await quietAccount(view, survey);
  if (quiet !== undefined) return quiet;
  const { report, listedUsers } = await planAccount(view, survey);
  const orphans = await orphansAmong(listedUsers, view);
  return { ...report, findings: [...report.findings, ...orphans] };
}

export async function planAccount(view: AccountView, survey: Survey = {}): Promise<PlannedAccount> {
  const { run, account, settings, session } = view;
  const { memory, findings: notBelieved } = await readLedger(view);
  // An audit can't record that it reported this, so every one does until a run that may write has.
  const unreported = await findUnreported(view, memory, memory.pendingChanges.length > 0);
  const isMeant = concerns(run, account);
  const unrecovered = unrecoveredIn(memory, run.now).filter(({ userName }) => isMeant(userName));
  const decided = await decideAll(view, memory, unrecovered, survey);
  const { gaps, decisions, leftOut, findings, listedUsers, notLookedAt } = decided;
  const permission = await permissionFor(view, decided);
  const exceeded = limitsExceeded(decisions, permission);
  const planned = plan(decisions, permission);
  const root = await rootFindings(session.inventory, survey);
  return {
    exceeded,
    listedUsers,
    report: {
      status: 'rotated',
      account,
      settings,
      outcomes: planned.map(notApplied),
      gaps,
      ...(await leftOutOf(leftOut, view)),
      ...digestIsDue(view, memory),
      ...definedOnly({ notLookedAt }),
      rootKeys: root.rootKeys,
      findings: [
        ...unreported.findings,
        ...notBelieved,
        ...untrueIn(memory, run.now),
        ...notRecordedIn(memory, run.now),
        ...root.findings,
        ...findings,
      ],
    },
  };
}

/** What the run may do in the account. Who reads of it is asked only where something depends on that. */
export async function permissionFor(
  view: AccountView,
  { decisions, notLookedAt }: Pick<Decided, 'decisions' | 'notLookedAt'>,
): Promise<Permission> {
  const { mode } = view.settings.values;
  const asks = decisions.some(({ restsOnNotice, notice }) => restsOnNotice === true || notice !== undefined);
  const readers = asks && mode !== 'audit' ? await readersOf(view) : 'somebody';
  const keyCount = decisions.length + (notLookedAt?.activeKeys ?? 0);
  return { mode, ...definedOnly({ only: view.run.only }), limits: view.settings.values, keyCount, readers };
}

/** Where the account has users, and the run is about all of them. */
export const orphansAmong = async (
  users: Gathered['listedUsers'],
  view: AccountView,
): Promise<readonly Finding[]> =>
  users.length === 0 || view.run.userNames.length > 0
    ? []
    : await orphanedSecrets(users, view.session.orphanedSecrets, view);

/** A run that comes some hours earlier than a week after the last one is that week's run. */
const A_WEEK = 7 * DAY - 12 * HOUR;

export function digestIsDue(
  { run: { now, userNames }, settings: { values } }: AccountView,
  { lastDigestAt }: AccountLedger,
): Pick<RotatedAccount, 'digestIsDue'> {
  const due = (last: Instant | undefined) => last === undefined || now - last >= A_WEEK;
  // A run over some users can't speak for the account.
  return values.digestFrequency === 'weekly' && userNames.length === 0 && due(lastDigestAt)
    ? { digestIsDue: true }
    : {};
}

/** The users whom the settings leave out, and how old their keys are. */
export async function leftOutOf(
  leftOut: Gathered['leftOut'],
  view: AccountView,
): Promise<Pick<RotatedAccount, 'uncovered' | 'exclusions'>> {
  const uncovered = leftOut.map(({ userName }) => userName);
  return leftOut.length === 0
    ? { uncovered }
    : { uncovered, exclusions: await readExclusions(leftOut, view) };
}

export interface Decided extends Omit<Gathered, 'users'> {
  readonly decisions: readonly Decision[];
}

export async function decideAll(
  view: AccountView,
  memory: AccountLedger,
  unrecovered: readonly Gap[],
  survey: Survey,
): Promise<Decided> {
  const unreadable = [...unrecovered, ...usersWithUnreadableRows(memory, view)];
  const { users, ...rest } = await gather(view, memory, unreadable, withOpen(survey, openUsers(memory)));
  return {
    ...rest,
    decisions: users.flatMap(({ user, policy }) => decide(user, policy, view.run.now)),
  };
}
