import pLimit from 'p-limit';
import type { Account } from '../../domain/account.ts';
import type { AccountReport, RunReport } from '../../domain/report/run-report.ts';
import { settingsOfAccount, topicOf } from '../../domain/settings/account-settings.ts';
import type { RunContext } from '../context/run-context.ts';
import { publishAndRelease } from '../context/with-account.ts';
import type { RunFiles } from '../ports/run-files.ts';
import { publishSummary, reportOf } from '../rotation/report-on-run.ts';
import { lostReport, readLost } from './lost-account.ts';
import {
  accountFile,
  lostFile,
  type AccountFile,
  type Counts,
  type OrganizationPlan,
  type RunPlan,
} from './run-plan.ts';

/** Files read at a time: thousands are read in seconds, and S3 takes far more. */
const AT_A_TIME = 50;

export interface FinishedMap {
  readonly report: RunReport;
  /** Those of all processes that could say so. */
  readonly counts: Counts;
}

/**
 * Puts together what the processes of a run left, and publishes the summary. An account whose process died
 * is in the report with the cause, and who reads about the account is told.
 * @param run of the same id, begun when the run was
 * @throws OperationError when the files can't be read: then it can be done again
 */
export async function finishMap(
  run: RunContext,
  plan: RunPlan,
  organization: OrganizationPlan,
  files: RunFiles,
): Promise<FinishedMap> {
  const limit = pLimit(AT_A_TIME);
  const done = await limit.map([...organization.selected], (account) =>
    accountDone(account, plan, run, files),
  );
  const { report, to } = reportOf(run, { ...organization, snapshot: plan.snapshot }, [
    ...organization.skipped,
    ...done.map((one) => one.report),
  ]);
  const all = [organization.counts, ...done.map(({ counts }) => counts)];
  return {
    report: await publishSummary(report, to, run),
    counts: {
      calls: all.reduce((sum, { calls }) => sum + calls, 0),
      throttles: all.reduce((sum, { throttles }) => sum + throttles, 0),
    },
  };
}

const NONE: Counts = { calls: 0, throttles: 0 };

async function accountDone(
  account: Account,
  plan: RunPlan,
  run: RunContext,
  files: RunFiles,
): Promise<{ readonly report: AccountReport; readonly counts: Counts }> {
  const resolved = settingsOfAccount(plan.snapshot, account, run.cap);
  const settings = resolved.kind === 'ok' ? resolved.value : undefined;
  const file = (await files.read(accountFile(plan.runId, account.id))) as AccountFile | undefined;
  if (file !== undefined) {
    const { report, hasSettings, counts, quietKeys } = file;
    await run.quietKeys?.add(quietKeys);
    // What it was done by: settings are a function of the plan and the account.
    return { report: hasSettings ? ({ ...report, settings } as AccountReport) : report, counts };
  }
  const lost = lostReport(
    account,
    readLost(await files.readJson(lostFile(plan.runId, account.id))),
    settings,
  );
  // An account that was not started is told of in the summary, as in every other run.
  if (lost.status === 'not-started') return { report: lost, counts: NONE };
  const topicArn = settings === undefined ? topicOf(plan.snapshot, account) : undefined;
  return { report: await publishAndRelease({ report: lost, topicArn }, run), counts: NONE };
}
