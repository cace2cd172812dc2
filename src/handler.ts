import type { Context } from 'aws-lambda';
import { compose, runMemory } from './compose/run.ts';
import { systemClock } from './compose/environment.ts';
import { findRegion } from './compose/region.ts';
import { readRequest } from './config/request.ts';
import { readSettings } from './config/settings.ts';
import { failureOf, InputError } from './domain/errors.ts';
import { isClean, type RunReport } from './domain/report/run-report.ts';
import { SECOND } from './domain/time.ts';
import { jsonReportOf, type JsonReport } from './report/data/json-report.ts';
import { METRICS_OF_A_FAILURE, metricsOf, unreachableIn } from './report/data/metrics.ts';
import type { LastRun, LastRunStore } from './run/ports/last-run.ts';
import { deferredIn } from './run/rotation/deferred.ts';
import { rotateOrganization as run } from './run/rotation/rotate-organization.ts';
import { logReport, telemetry, type Telemetry } from './telemetry.ts';

/** Kept for the summary and the answer when time runs out. */
const TIME_TO_FINISH = 20 * SECOND;

/** A synchronous invocation may be answered with 6 MB. */
const MOST_CHARACTERS = 5_000_000;

/**
 * Rotates the organization. What failed in an account is in the report, the log and the metrics, not
 * an error of the invocation: repeating the run at once would not help, and the next one comes.
 * @param event `{mode?, accountIds?, userNames?}`, or an event of a schedule
 * @throws InputError when event or settings are wrong
 * @throws OperationError when the organization can't be listed
 */
export async function rotateOrganization(event: unknown, context: Context): Promise<JsonReport> {
  const tell = telemetry();
  tell.identify({ requestId: context.awsRequestId });
  try {
    return await rotate(event, context, tell);
  } catch (error) {
    tell.error(
      'run failed',
      error instanceof InputError ? { problems: error.problems } : { failure: failureOf(error, 'rotate') },
    );
    tell.emit(METRICS_OF_A_FAILURE);
    throw error;
  }
}

async function rotate(event: unknown, context: Context, tell: Telemetry): Promise<JsonReport> {
  const request = readRequest(event);
  const settings = readSettings(process.env, request.mode);
  const counts = { calls: 0, throttles: 0 };
  const region = await findRegion();
  const memory = runMemory(settings, { region, counts });
  const last = await recall(memory, tell);
  const composed = compose(settings, request, {
    region,
    publish: true,
    counts,
    deferred: last.deferred,
    deadline: systemClock.now() + context.getRemainingTimeInMillis() - TIME_TO_FINISH,
    progress: {
      accountsFound: (accounts) => tell.info('accounts found', { accounts }),
      accountDone: ({ account, status }) => tell.info('account done', { accountId: account.id, status }),
    },
  });
  tell.identify({ runId: composed.runId });
  const report = await run(composed);
  if (!report.isAudit) await handOn(report, memory, tell);
  const unreachableBefore = report.isAudit ? [] : last.unreachable;
  tell.emit(metricsOf(report, { ...counts, unreachableBefore }));

  const json = jsonReportOf(report);
  logReport(json, isClean(report), tell);
  return JSON.stringify(json).length <= MOST_CHARACTERS ? json : withoutUnchanged(json);
}

const NOTHING: LastRun = { unreachable: [], deferred: [] };

/** What the run before left. A metric and an order rest on it, no more, so without it a run goes on. */
async function recall(memory: LastRunStore | undefined, { warn }: Telemetry): Promise<LastRun> {
  try {
    return (await memory?.read()) ?? NOTHING;
  } catch (error) {
    warn('the memory of the last run failed', { failure: failureOf(error, 'recall the last run') });
    return NOTHING;
  }
}

/** Whom this run could not reach, and what it had no time for, for the next one. */
async function handOn(
  report: RunReport,
  memory: LastRunStore | undefined,
  { warn }: Telemetry,
): Promise<void> {
  try {
    await memory?.write(report.runId, {
      unreachable: unreachableIn(report),
      deferred: deferredIn(report.accounts),
    });
  } catch (error) {
    warn('the memory of the last run failed', { failure: failureOf(error, 'remember the run') });
  }
}

const withoutUnchanged = (report: JsonReport): JsonReport => ({
  ...report,
  accounts: report.accounts.map((account) => ({
    ...account,
    outcomes: account.outcomes.filter(({ status }) => status !== 'none'),
  })),
});
