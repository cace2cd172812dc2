import type { Context } from 'aws-lambda';
import { compose, findRegion, runMemory, systemClock } from './compose.ts';
import { readRequest } from './config/request.ts';
import { readSettings } from './config/settings.ts';
import { failureOf, InputError } from './domain/refusal.ts';
import { isAudit, isClean, type RunReport } from './domain/report.ts';
import { SECOND } from './domain/time.ts';
import { jsonReportOf, type JsonReport } from './report/json-report.ts';
import { METRICS_OF_A_FAILURE, metricsOf, unreachableIn } from './report/metrics.ts';
import type { RunMemory } from './run/ports.ts';
import { rotateOrganization as run } from './run/rotate-organization.ts';
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
 * @throws Refusal when the organization can't be listed
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
  const composed = compose(settings, request, {
    region,
    publish: true,
    counts,
    deadline: systemClock.now() + context.getRemainingTimeInMillis() - TIME_TO_FINISH,
    progress: {
      accountsFound: (accounts) => tell.info('accounts found', { accounts }),
      accountDone: ({ account, status }) => tell.info('account done', { accountId: account.id, status }),
    },
  });
  tell.identify({ runId: composed.runId });
  const report = await run(composed);
  const memory = isAudit(report) ? undefined : runMemory(settings, { region, counts });
  const unreachableBefore = await handOn(report, memory, tell);
  tell.emit(metricsOf(report, { ...counts, unreachableBefore }));

  const json = jsonReportOf(report);
  logReport(json, isClean(report), tell);
  return JSON.stringify(json).length <= MOST_CHARACTERS ? json : withoutUnchanged(json);
}

/** Whom the run before could not reach, and whom this one couldn't, for the next. A metric rests on it, no more. */
async function handOn(
  report: RunReport,
  memory: RunMemory | undefined,
  { warn }: Telemetry,
): Promise<readonly string[]> {
  if (memory === undefined) return [];
  try {
    const before = await memory.unreachable();
    await memory.remember(report.runId, unreachableIn(report));
    return before;
  } catch (error) {
    warn('the memory of the last run failed', { failure: failureOf(error, 'remember the run') });
    return [];
  }
}

const withoutUnchanged = (report: JsonReport): JsonReport => ({
  ...report,
  accounts: report.accounts.map((account) => ({
    ...account,
    outcomes: account.outcomes.filter(({ status }) => status !== 'none'),
  })),
});
