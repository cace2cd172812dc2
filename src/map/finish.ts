import type { Context } from 'aws-lambda';
import { compose, runMemory } from '../compose/run.ts';
import { findRegion } from '../compose/region.ts';
import { keeperAt, withKeeper } from '../compose/stored-runs.ts';
import { runFiles } from '../compose/run-files.ts';
import { conclude, logFailure } from '../conclude.ts';
import { readFinishEvent } from '../config/map-event.ts';
import { reportsUrl } from '../config/reports-url.ts';
import { readSettings } from '../config/settings.ts';
import { isClean, type Totals } from '../domain/report/run-report.ts';
import { finishMap } from '../run/map/finish-map.ts';
import { readOrganizationPlan, readPlan } from '../run/map/read-plan.ts';
import { telemetry, type Telemetry } from '../telemetry.ts';

/** What the execution shows; the whole report is in the log, line by line. */
interface Finished {
  readonly runId: string;
  readonly clean: boolean;
  readonly totals: Totals;
}

/**
 * Ends a run by map: puts the reports of its accounts together, publishes the summary, and leaves what the next
 * run has to know. It can be done again.
 * @param event a run
 * @throws InputError when event or settings are wrong
 * @throws OperationError when there is no such run, or its files can't be read
 */
export async function finishRun(event: unknown, context: Context): Promise<Finished> {
  const log = telemetry();
  log.identify({ requestId: context.awsRequestId });
  try {
    return await finish(event, context, log);
  } catch (error) {
    logFailure(error, 'finish the run', log);
    throw error;
  }
}

async function finish(event: unknown, context: Context, log: Telemetry): Promise<Finished> {
  const { runId } = readFinishEvent(event);
  log.identify({ runId });
  const own = { calls: 0, throttles: 0 };
  const region = await findRegion();
  const url = reportsUrl(process.env);
  const files = runFiles(url, { region, counts: own });
  const plan = await readPlan(runId, files);
  const organization = await readOrganizationPlan(runId, files);

  const settings = readSettings(process.env, plan.request.mode);
  const { last } = organization;
  const run = compose(settings, plan.request, {
    region,
    publish: true,
    counts: own,
    shared: { runId, now: plan.startedAt, holder: `${runId}:${context.awsRequestId}` },
    notWorkedOn: last.unreachable,
  });
  const keeper = keeperAt(url, runId, { region, counts: own });
  const { report, counts } = await finishMap(withKeeper(run, keeper), plan, organization, files);
  const store = runMemory(settings, { region, counts: own });
  const total = { calls: counts.calls + own.calls, throttles: counts.throttles + own.throttles };
  const { totals } = await conclude(report, run, { store, last, keeper }, total, log);
  return { runId, clean: isClean(report), totals };
}
