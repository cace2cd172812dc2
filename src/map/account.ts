import type { Context } from 'aws-lambda';
import { systemClock } from '../compose/environment.ts';
import { compose } from '../compose/run.ts';
import { findRegion } from '../compose/region.ts';
import { runFiles } from '../compose/run-files.ts';
import { whatFailed } from '../conclude.ts';
import { readAccountEvent } from '../config/map-event.ts';
import { reportsUrl } from '../config/reports-url.ts';
import { readSettings } from '../config/settings.ts';
import { SECOND } from '../domain/time.ts';
import { readPlan } from '../run/map/read-plan.ts';
import { rotateOne, statusLeft } from '../run/map/rotate-one.ts';
import { telemetry, type Telemetry } from '../telemetry.ts';

/** Left at the end of the invocation for the digest and the report of the account. */
const TIME_TO_FINISH = 30 * SECOND;

/** What the execution of a child shows. */
interface AccountDone {
  readonly accountId: string;
  readonly status: string;
}

/**
 * One account of a run by map. What fails in the account is in its report; an error is thrown only where no
 * report could be left.
 * @param event a run, and one of its accounts
 * @throws InputError when event or settings are wrong
 * @throws OperationError when there is no such run, or its files can't be read or written
 */
export async function rotateAccount(event: unknown, context: Context): Promise<AccountDone> {
  const log = telemetry();
  log.identify({ requestId: context.awsRequestId });
  try {
    return await rotate(event, context, log);
  } catch (error) {
    log.error('account failed', whatFailed(error, 'work on the account'));
    throw error;
  }
}

async function rotate(event: unknown, context: Context, log: Telemetry): Promise<AccountDone> {
  const { runId, account, surveyed, deferred } = readAccountEvent(event);
  log.identify({ runId, accountId: account.id });
  const counts = { calls: 0, throttles: 0 };
  const region = await findRegion();
  const files = runFiles(reportsUrl(process.env), { region, counts });
  const plan = await readPlan(runId, files);
  const left = await statusLeft(account.id, plan, files);
  if (left !== undefined) return { accountId: account.id, status: left };

  // Only this account, whichever the run is about.
  const request = { ...plan.request, accountIds: [account.id] };
  const run = compose(readSettings(process.env, request.mode), request, {
    region,
    publish: true,
    counts,
    shared: { runId, holder: `${runId}:${context.awsRequestId}` },
    surveyed: new Map(surveyed === undefined ? [] : [[account.id, surveyed]]),
    turn: plan.turn,
    deferred: deferred === undefined ? [] : [deferred],
    deadline: systemClock.now() + context.getRemainingTimeInMillis() - TIME_TO_FINISH,
    progress: {
      accountsFound: () => undefined,
      accountDone: ({ status }) => log.info('account done', { status }),
    },
  });
  return { accountId: account.id, status: await rotateOne(account, plan, run, counts, files) };
}
