import type { Context } from 'aws-lambda';
import { compose, runMemory } from './compose/run.ts';
import { systemClock } from './compose/environment.ts';
import { findRegion } from './compose/region.ts';
import { isOnDemand } from './config/on-demand-request.ts';
import { readRequest } from './config/request.ts';
import { readSettings } from './config/settings.ts';
import { namedBySettings } from './domain/account.ts';
import { failureOf, InputError } from './domain/errors.ts';
import { isClean, rotated, type RunReport } from './domain/report/run-report.ts';
import { SECOND, type Instant } from './domain/time.ts';
import { answerOnDemand } from './on-demand.ts';
import { jsonReportOf, type JsonReport } from './report/data/json-report.ts';
import { METRICS_OF_A_FAILURE, metricsOf, notWorkedOnIn } from './report/data/metrics.ts';
import type { WireAnswer } from './report/data/wire-answer.ts';
import type { RunContext } from './run/context/run-context.ts';
import type { LastRun, LastRunStore } from './run/ports/last-run.ts';
import { deferredIn } from './run/rotation/deferred.ts';
import { rotateOrganization as rotateAll } from './run/rotation/rotate-organization.ts';
import { logReport, telemetry, type Telemetry } from './telemetry.ts';

/** Left at the end of the invocation for the summary and the answer. */
const TIME_TO_FINISH = 20 * SECOND;

/** Lambda limits the answer to a synchronous invocation to 6 MB. */
const MOST_CHARACTERS = 5_000_000;

/** What a person has agreed to at the command line: see src/on-demand.ts. */
export function rotateOrganization(
  event: { readonly command: unknown },
  context: Context,
): Promise<WireAnswer>;
/**
 * Rotates the organization. What failed in an account is in the report, the log and the metrics, not
 * an error of the invocation: repeating the run at once would not help, and the next one comes.
 * @param event `{mode?, accountIds?, userNames?}`, or an event of a schedule
 * @throws InputError when event or settings are wrong
 * @throws OperationError when the organization can't be listed
 */
export async function rotateOrganization(event: unknown, context: Context): Promise<JsonReport>;
export async function rotateOrganization(event: unknown, context: Context): Promise<JsonReport | WireAnswer> {
  const log = telemetry();
  log.identify({ requestId: context.awsRequestId });
  try {
    if (isOnDemand(event)) return await onDemand(event, context, log);
    return await rotate(event, context, log);
  } catch (error) {
    log.error(
      'run failed',
      error instanceof InputError ? { problems: error.problems } : { failure: failureOf(error, 'rotate') },
    );
    log.emit(METRICS_OF_A_FAILURE);
    throw error;
  }
}

async function onDemand(
  event: { readonly command: unknown },
  context: Context,
  log: Telemetry,
): Promise<WireAnswer> {
  const environment = { region: await findRegion(), deadline: deadlineOf(context) };
  return answerOnDemand(event, { variables: process.env, environment, log });
}

/** When the work has to have ended. */
const deadlineOf = (context: Context): Instant =>
  systemClock.now() + context.getRemainingTimeInMillis() - TIME_TO_FINISH;

async function rotate(event: unknown, context: Context, log: Telemetry): Promise<JsonReport> {
  const request = readRequest(event);
  const settings = readSettings(process.env, request.mode);
  const counts = { calls: 0, throttles: 0 };
  const region = await findRegion();
  const lastRunStore = runMemory(settings, { region, counts });
  const last = await readLastRun(lastRunStore, log);
  const run = compose(settings, request, {
    region,
    publish: true,
    counts,
    deferred: last.deferred,
    notWorkedOn: last.unreachable,
    surveyed: last.surveyed,
    turn: last.runs,
    deadline: deadlineOf(context),
    progress: {
      accountsFound: (accounts) => log.info('accounts found', { accounts }),
      accountDone: ({ account, status }) => log.info('account done', { accountId: account.id, status }),
    },
  });
  log.identify({ runId: run.runId });
  const report = await rotateAll(run);
  if (!report.isAudit) {
    await writeLastRun(report, { last, isWhole: request.accountIds.length === 0 }, lastRunStore, log);
    await rememberMembers(report, run, log);
  }
  const unreachableBefore = report.isAudit ? [] : last.unreachable;
  log.emit(metricsOf(report, { ...counts, unreachableBefore }));

  const json = jsonReportOf(report);
  logReport(json, isClean(report), log);
  return JSON.stringify(json).length <= MOST_CHARACTERS ? json : withoutUnchanged(json);
}

const NOTHING: LastRun = { unreachable: [], deferred: [], surveyed: [], runs: 0 };

/** Only a metric and the order of the accounts depend on what the last run recorded: a run goes on without it. */
async function readLastRun(store: LastRunStore | undefined, { warn }: Telemetry): Promise<LastRun> {
  try {
    return (await store?.read()) ?? NOTHING;
  } catch (error) {
    warn('the memory of the last run failed', { failure: failureOf(error, 'recall the last run') });
    return NOTHING;
  }
}

/** For the next run: the accounts that were unreachable, and what there was no time for. */
async function writeLastRun(
  report: RunReport,
  before: Before,
  store: LastRunStore | undefined,
  { warn }: Telemetry,
): Promise<void> {
  try {
    await store?.write(report.runId, {
      unreachable: notWorkedOnIn(report),
      deferred: deferredIn(report.accounts),
      surveyed: surveyedIn(report, before),
      runs: before.last.runs + 1,
    });
  } catch (error) {
    warn('the memory of the last run failed', { failure: failureOf(error, 'remember the run') });
  }
}

interface Before {
  readonly last: LastRun;
  /** The run was about all accounts. */
  readonly isWhole: boolean;
}

/** Those that have left the organization are forgotten. */
function surveyedIn({ accounts }: RunReport, { last, isWhole }: Before): readonly string[] {
  const members = new Set(accounts.map(({ account }) => account.id));
  const before = last.surveyed.filter((id) => !isWhole || members.has(id));
  return [...new Set([...before, ...rotated(accounts).map(({ account }) => account.id)])];
}

/** One of these may leave the organization one day, and nothing else tells then that it is no mistyped id. */
async function rememberMembers(
  { accounts }: RunReport,
  { selection, formerMembers }: RunContext,
  { warn }: Telemetry,
): Promise<void> {
  try {
    const members = accounts.map(({ account }) => account);
    await formerMembers?.remember(namedBySettings(selection, members));
  } catch (error) {
    warn('the memory of the members failed', { failure: failureOf(error, 'remember the members') });
  }
}

const withoutUnchanged = (report: JsonReport): JsonReport => ({
  ...report,
  accounts: report.accounts.map((account) => ({
    ...account,
    outcomes: account.outcomes.filter(({ status }) => status !== 'none'),
  })),
});
