import { compose } from './compose/run.ts';
import type { Environment } from './compose/environment.ts';
import { readOnDemandRequest, runOf } from './config/on-demand-request.ts';
import { keeperAt, withKeeper } from './compose/stored-runs.ts';
import { keepReport } from './conclude.ts';
import { reportsUrlIn } from './config/reports-url.ts';
import { readSettings } from './config/settings.ts';
import { InputError } from './domain/errors.ts';
import { isClean } from './domain/report/run-report.ts';
import type { OnDemandAnswer } from './domain/report/on-demand-answer.ts';
import type { OnDemandRequest } from './domain/rotation/on-demand-request.ts';
import { jsonReportOf } from './report/data/json-report.ts';
import { toWire, type WireAnswer } from './report/data/wire-answer.ts';
import { answerRequest, asAnswer } from './run/on-demand/answer-request.ts';
import { logReport, type Telemetry } from './telemetry.ts';

/** Where the function works. */
export interface Workplace {
  /** The variables of the function. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly environment: Omit<Environment, 'publish'>;
  readonly log: Telemetry;
}

/**
 * Does what a person has agreed to at the command line. Unlike a scheduled run it leaves no metrics and nothing for
 * the next run: it may be about a single user, and whoever asked sees what came of it. Its report is kept.
 * @param event what the command line sends: src/domain/rotation/on-demand-request.ts
 */
export async function answerOnDemand(
  event: { readonly command: unknown },
  { variables, environment, log }: Workplace,
): Promise<WireAnswer> {
  const answer = await asAnswer(async () => {
    const request = readOnDemandRequest(event);
    const wanted = runOf(request);
    const settings = readSettings(variables, wanted.mode);
    refuseWithoutLedger(request, settings);
    const url = reportsUrlIn(variables);
    const run = compose(settings, wanted, { ...environment, publish: true });
    log.identify({ runId: run.runId });
    log.info('asked for', { ...request });
    const keeper = keeperAt(url, run.runId, environment);
    const answer = await answerRequest(request, withKeeper(run, keeper));
    if (answer.kind === 'report')
      await keepReport(answer.report, { ...run, requestedBy: request.requestedBy }, keeper, log);
    return answer;
  });
  logAnswer(answer, log);
  return toWire(answer);
}

function refuseWithoutLedger(
  { command }: OnDemandRequest,
  { tableName }: { readonly tableName?: string },
): void {
  if (command !== 'apply' && tableName === undefined) {
    throw new InputError([`ROTATION_TABLE_NAME: must be set: it is the ledger that ${command} needs`]);
  }
}

function logAnswer(answer: OnDemandAnswer, log: Telemetry): void {
  if (answer.kind === 'report') logReport(jsonReportOf(answer.report), isClean(answer.report), log);
  else log.info('answered', { ...answer });
}
