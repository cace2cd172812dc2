import type { LastRun, LastRunStore } from './run/ports/last-run.ts';
import { namedBySettings } from './domain/account.ts';
import { failureOf, InputError } from './domain/errors.ts';
import { isClean, type RunReport } from './domain/report/run-report.ts';
import { jsonReportOf, type JsonReport } from './report/data/json-report.ts';
import { METRICS_OF_A_FAILURE, metricsOf, notWorkedOnIn } from './report/data/metrics.ts';
import type { KeptRun, ReportKeeper } from './run/context/keep-report.ts';
import type { RunContext } from './run/context/run-context.ts';
import { deferredIn } from './run/rotation/deferred.ts';
import { surveyedIn } from './run/rotation/surveyed.ts';
import { logReport, type Telemetry } from './telemetry.ts';

/* How every run begins and ends in Lambda, whether one function carries it out or many. */

const NOTHING: LastRun = { unreachable: [], deferred: [], surveyed: new Map(), runs: 0 };

/**
 * Only a metric, the order of the accounts, and whom they look at in turn depend on what the last run recorded: a
 * run goes on without it.
 */
export async function readLastRun(store: LastRunStore | undefined, { warn }: Telemetry): Promise<LastRun> {
  try {
    return (await store?.read()) ?? NOTHING;
  } catch (error) {
    warn('the memory of the last run failed', { failure: failureOf(error, 'recall the last run') });
    return NOTHING;
  }
}

/** What the run before this one left, and where this one leaves the same. */
export interface Memory {
  readonly store: LastRunStore | undefined;
  readonly last: LastRun;
  /** Where its report is kept; undefined where nothing is. */
  readonly keeper: ReportKeeper | undefined;
}

/**
 * Remembers what the next run has to know, keeps the report, and writes the metrics and the log. None of it stops a run.
 * @returns the report as it is answered
 */
export async function conclude(
  report: RunReport,
  run: Pick<RunContext, 'selection' | 'formerMembers' | 'userNames'>,
  { store, last, keeper }: Memory,
  counts: { readonly calls: number; readonly throttles: number },
  log: Telemetry,
): Promise<JsonReport> {
  if (!report.isAudit) {
    const isWhole = run.selection.onlyAccounts.length === 0;
    // A run over some users says nothing of the others.
    if (run.userNames.length === 0) await writeLastRun(report, { last, isWhole }, store, log);
    await rememberMembers(report, run, log);
  }
  const unreachableBefore = report.isAudit ? [] : last.unreachable;
  const isKept = await keepReport(report, run, keeper, log);
  const { calls, throttles } = counts;
  log.emit(metricsOf(report, { calls, throttles, unreachableBefore, isKept }));
  const json = jsonReportOf(report);
  logReport(json, isClean(report), log);
  return json;
}

/**
 * An audit's, too: it changes nothing of what it is about. A run is not stopped by what can't be kept of it.
 * @returns whether all of it was kept
 */
export async function keepReport(
  report: RunReport,
  run: KeptRun,
  keeper: ReportKeeper | undefined,
  { warn }: Pick<Telemetry, 'warn'>,
): Promise<boolean> {
  const failure = await keeper?.keep(report, run);
  if (failure !== undefined) warn('the report could not be kept', { failure });
  return failure === undefined;
}

/** As the log has it. */
export const whatFailed = (error: unknown, during: string): Readonly<Record<string, unknown>> =>
  error instanceof InputError ? { problems: error.problems } : { failure: failureOf(error, during) };

/** A run that could not be carried out at all. */
export function logFailure(error: unknown, during: string, log: Telemetry): void {
  log.error('run failed', whatFailed(error, during));
  log.emit(METRICS_OF_A_FAILURE);
}

/**
 * For the next run: the accounts that were unreachable, and what there was no time for. Of accounts that the run
 * wasn't about, what earlier runs have left stays.
 */
async function writeLastRun(
  report: RunReport,
  { last, isWhole }: Before,
  store: LastRunStore | undefined,
  { warn }: Telemetry,
): Promise<void> {
  const concerned = new Set(report.accounts.map(({ account }) => account.id));
  const isKept = (accountId: string) => !isWhole && !concerned.has(accountId);
  try {
    await store?.change(report.runId, ({ unreachable, deferred, surveyed, runs }) => ({
      unreachable: [...unreachable.filter(isKept), ...notWorkedOnIn(report)],
      deferred: [
        ...deferred.filter((one) => isKept(one.accountId)),
        ...deferredIn(report.accounts, deferred),
      ],
      surveyed: surveyedIn(report, { surveyed: last.surveyed, recorded: surveyed, isWhole }),
      runs: Math.max(runs, last.runs + 1),
    }));
  } catch (error) {
    warn('the memory of the last run failed', { failure: failureOf(error, 'remember the run') });
  }
}

interface Before {
  readonly last: LastRun;
  /** The run was about all accounts. */
  readonly isWhole: boolean;
}

/** One of these may leave the organization one day, and nothing else tells then that it is no mistyped id. */
async function rememberMembers(
  { accounts }: RunReport,
  { selection, formerMembers }: Pick<RunContext, 'selection' | 'formerMembers'>,
  { warn }: Telemetry,
): Promise<void> {
  try {
    const members = accounts.map(({ account }) => account);
    await formerMembers?.remember(namedBySettings(selection, members));
  } catch (error) {
    warn('the memory of the members failed', { failure: failureOf(error, 'remember the members') });
  }
}
