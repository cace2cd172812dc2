import type { Context } from 'aws-lambda';
import { compose, runMemory } from '../compose/run.ts';
import { findRegion } from '../compose/region.ts';
import { runFiles } from '../compose/run-files.ts';
import { logFailure, readLastRun } from '../conclude.ts';
import { readRequest } from '../config/request.ts';
import { reportsUrl } from '../config/reports-url.ts';
import { readSettings } from '../config/settings.ts';
import { beginMap, type BegunMap } from '../run/map/begin-map.ts';
import { telemetry, type Telemetry } from '../telemetry.ts';

/**
 * Begins a run by map: reads the settings and lists the accounts, for a function each.
 * @param event what the state machine was started with: as the one function takes it
 * @throws InputError when event or settings are wrong
 * @throws OperationError when the organization can't be listed, or what was found can't be left
 */
export async function listAccounts(event: unknown, context: Context): Promise<BegunMap> {
  const log = telemetry();
  log.identify({ requestId: context.awsRequestId });
  try {
    return await list(event, log);
  } catch (error) {
    logFailure(error, 'begin the run', log);
    throw error;
  }
}

async function list(event: unknown, log: Telemetry): Promise<BegunMap> {
  const request = readRequest(event);
  const settings = readSettings(process.env, request.mode);
  const counts = { calls: 0, throttles: 0 };
  const region = await findRegion();
  const files = runFiles(reportsUrl(process.env), { region, counts });
  const last = await readLastRun(runMemory(settings, { region, counts }), log);
  const run = compose(settings, request, {
    region,
    publish: false,
    counts,
    deferred: last.deferred,
    notWorkedOn: last.unreachable,
    surveyed: last.surveyed,
    ...(last.runs > 0 ? { turn: last.runs } : {}),
    progress: {
      accountsFound: (accounts) => log.info('accounts found', { accounts }),
      accountDone: () => undefined,
    },
  });
  log.identify({ runId: run.runId });
  return await beginMap(run, request, { last, counts }, files);
}
