import type { Context } from 'aws-lambda';
import { compose, runMemory } from './compose/run.ts';
import { systemClock } from './compose/environment.ts';
import { findRegion } from './compose/region.ts';
import { keeperAt, withKeeper } from './compose/stored-runs.ts';
import { conclude, logFailure, readLastRun } from './conclude.ts';
import { isOnDemand } from './config/on-demand-request.ts';
import { reportsUrlIn } from './config/reports-url.ts';
import { readRequest } from './config/request.ts';
import { readSettings } from './config/settings.ts';
import { SECOND, type Instant } from './domain/time.ts';
import { answerOnDemand } from './on-demand.ts';
import type { JsonReport } from './report/data/json-report.ts';
import type { WireAnswer } from './report/data/wire-answer.ts';
import { rotateOrganization as rotateAll } from './run/rotation/rotate-organization.ts';
import { telemetry, type Telemetry } from './telemetry.ts';

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
 * @param event `{mode?, accountIds?, userNames?, only?}`, or an event of a schedule
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
    logFailure(error, 'rotate', log);
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
  const url = reportsUrlIn(process.env);
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
    // Without a memory, as in an audit, not always the same account goes first.
    ...(last.runs > 0 ? { turn: last.runs } : {}),
    deadline: deadlineOf(context),
    progress: {
      accountsFound: (accounts) => log.info('accounts found', { accounts }),
      accountDone: ({ account, status }) => log.info('account done', { accountId: account.id, status }),
    },
  });
  log.identify({ runId: run.runId });
  const keeper = keeperAt(url, run.runId, { region, counts });
  const report = await rotateAll(withKeeper(run, keeper));
  const json = await conclude(report, run, { store: lastRunStore, last, keeper }, counts, log);
  return JSON.stringify(json).length <= MOST_CHARACTERS ? json : withoutUnchanged(json);
}

const withoutUnchanged = (report: JsonReport): JsonReport => ({
  ...report,
  accounts: report.accounts.map((account) => ({
    ...account,
    outcomes: account.outcomes.filter(({ status }) => status !== 'none'),
  })),
});
