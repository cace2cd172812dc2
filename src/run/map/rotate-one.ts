import type { Account } from '../../domain/account.ts';
import type { AccountReport } from '../../domain/report/run-report.ts';
import type { QuietKey } from '../../domain/report/stored-run.ts';
import type { RunContext } from '../context/run-context.ts';
import type { RunFiles } from '../ports/run-files.ts';
import { rotateListed } from '../rotation/rotate-organization.ts';
import { accountFile, type AccountFile, type Counts, type RunPlan } from './run-plan.ts';

/**
 * Does one account of a run, as every other run does it, and leaves what became of it.
 * @param counts read when the account is done
 * @throws OperationError when its report can't be written: the account is done, but its run doesn't know
 */
export async function rotateOne(
  account: Account,
  plan: RunPlan,
  run: RunContext,
  counts: Counts,
  files: RunFiles,
): Promise<AccountReport['status']> {
  const quietKeys: QuietKey[] = [];
  const add = (keys: readonly QuietKey[]) => {
    quietKeys.push(...keys);
    return Promise.resolve();
  };
  const report = await rotateListed(account, plan, { ...run, quietKeys: { add } });
  run.progress.accountDone(report);
  if (report.status === 'skipped' && report.isHeld === true) {
    // By another try of this one, maybe, which has left what became of it by now.
    const left = await statusLeft(account.id, plan, files);
    if (left !== undefined) return left;
  }
  const file: AccountFile = {
    ...withoutSettings(report),
    counts: { calls: counts.calls, throttles: counts.throttles },
    quietKeys,
  };
  await files.write(accountFile(plan.runId, account.id), file);
  return report.status;
}

/** What an earlier try left that was taken for a failed one: its answer was lost. */
export async function statusLeft(
  accountId: string,
  { runId }: RunPlan,
  files: RunFiles,
): Promise<AccountReport['status'] | undefined> {
  const file = (await files.read(accountFile(runId, accountId))) as AccountFile | undefined;
  return file?.report.status;
}

function withoutSettings(report: AccountReport): Pick<AccountFile, 'report' | 'hasSettings'> {
  const { settings, ...rest } = 'settings' in report ? report : { ...report, settings: undefined };
  return { report: rest as AccountReport, hasSettings: settings !== undefined };
}
