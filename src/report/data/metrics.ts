import { rotated, totalsOf, type RunReport } from '../../domain/report/run-report.ts';
import { wholeDays } from '../../domain/time.ts';
import { needsPerson } from '../common/classify.ts';
import { oldestActiveKeys, oldestNotLookedAt } from '../summary/oldest-keys.ts';

/** The dimension and the name space are the emitter's; alarms and the dashboard use these names. */
export interface Metric {
  readonly name: string;
  readonly unit: 'Count' | 'Milliseconds';
  readonly value: number;
}

/** What is known only of the run while it happens, and is not in its report. */
export interface Happened {
  /** Requests sent to AWS, repeated ones included, and how many of them were throttled. */
  readonly calls: number;
  readonly throttles: number;
  /** Accounts that the run before this one could not work on. */
  readonly unreachableBefore: readonly string[];
  /** Its report was kept, or there is no place for it. */
  readonly isKept: boolean;
}

/** A finished run in numbers. A day count has no unit in CloudWatch, so it is a Count. */
export function metricsOf(
  report: RunReport,
  { calls, throttles, unreachableBefore, isKept }: Happened,
): readonly Metric[] {
  const totals = totalsOf(report.accounts);
  const [oldest] = oldestActiveKeys(report.accounts, 1);
  const oldestAt = Math.min(
    oldest?.outcome.decision.key.createdAt ?? Infinity,
    ...oldestNotLookedAt(report.accounts),
  );
  const counts: Readonly<Record<string, number>> = {
    RunsFinished: 1,
    RunsFailed: 0,
    AccountsRotated: totals.accounts.rotated,
    AccountsUnreachable: totals.accounts.unreachable,
    AccountsUnreachableAgain: notWorkedOnIn(report).filter((id) => unreachableBefore.includes(id)).length,
    AccountsNotStarted: totals.accounts.notStarted,
    AccountsWithoutReaders: accountsWithoutReaders(report),
    KeysReplaced: totals.replaced,
    KeysDeactivated: totals.deactivated,
    KeysDeleted: totals.deleted,
    KeysHeld: totals.held,
    KeysHeldByOrganizationLimit: totals.heldByOrganizationLimit,
    KeysHeldByReaders: totals.heldByReaders,
    KeysBlocked: totals.blocked,
    ActionsFailed: totals.failed + totals.skippedUsers,
    ActionsPartial: totals.partial,
    OldestActiveKeyDays: oldestAt === Infinity ? 0 : wholeDays(oldestAt, report.finishedAt),
    UsersNeedingAPerson: usersNeedingAPerson(report),
    ReportsNotKept: isKept ? 0 : 1,
    AwsCalls: calls,
    AwsThrottles: throttles,
  };
  return [
    ...Object.entries(counts).map(([name, value]) => ({ name, unit: 'Count' as const, value })),
    { name: 'RunDuration', unit: 'Milliseconds', value: report.finishedAt - report.startedAt },
  ];
}

/** A run that could not be carried out at all. */
export const METRICS_OF_A_FAILURE: readonly Metric[] = [{ name: 'RunsFailed', unit: 'Count', value: 1 }];

/**
 * The ids of the accounts that a run could not work on: it could not enter them, or somebody else held them.
 * Once another run may be at work there; twice in a row nobody is.
 */
export const notWorkedOnIn = ({ accounts }: Pick<RunReport, 'accounts'>): readonly string[] =>
  accounts
    .filter((report) => report.status === 'unreachable' || (report.status === 'skipped' && report.isHeld))
    .map(({ account }) => account.id);

/** Accounts of which nobody receives what has to be announced: the message that says so reaches nobody, too. */
const accountsWithoutReaders = ({ accounts }: RunReport): number =>
  rotated(accounts).filter(({ findings }) => findings.some(({ failsRun }) => failsRun === true)).length;

const usersNeedingAPerson = ({ accounts, startedAt }: RunReport): number =>
  rotated(accounts)
    .map(
      ({ outcomes }) =>
        new Set(
          outcomes
            .filter((outcome) => needsPerson(outcome, startedAt))
            .map(({ decision }) => decision.userName),
        ).size,
    )
    .reduce((sum, count) => sum + count, 0);
