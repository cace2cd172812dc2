import { InputError } from '../../domain/errors.ts';
import { isClean, type AccountReport, type RunReport } from '../../domain/report/run-report.ts';
import { jsonReportOf } from '../../report/data/json-report.ts';
import type { RunContext } from '../../run/context/run-context.ts';
import { stoppable, toApply, toPlan } from './compose.ts';
import type { Purpose } from '../input/deployed-settings.ts';
import { readInput } from '../input/read-input.ts';
import { formatReport } from '../output/report.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';

/* What the commands about one account have in common. */

export interface OneAccountOptions {
  readonly account: string;
  readonly user?: string;
  readonly json?: true;
}

/**
 * A run for one account, with the settings of the function and the environment.
 * @throws InputError with all problems of arguments and settings at once
 */
export async function runForOne(
  options: OneAccountOptions,
  terminal: Terminal,
  purpose: Purpose = 'change',
): Promise<RunContext> {
  const { settings, request, aws } = await readInput(
    undefined,
    {
      account: [options.account],
      ...(options.user === undefined ? {} : { user: [options.user] }),
    },
    terminal,
    purpose,
  );
  if (settings.tableName === undefined) {
    throw new InputError(['ROTATION_TABLE_NAME: must be set: it is the ledger that this command reads']);
  }
  return purpose === 'look'
    ? toPlan(settings, request, aws)
    : stoppable(await toApply(settings, request, aws), terminal);
}

/** A reason is for those who read the history in a year. */
export function checkedReason(reason: string): string {
  const text = reason.trim();
  if (/^[^\p{Cc}]{3,256}$/u.test(text)) return text;
  throw new InputError([`--reason: must be 3 to 256 characters on one line, not ${JSON.stringify(reason)}`]);
}

/** Shows what became of one account, like a run over it. */
export function showReport(
  report: AccountReport,
  run: RunContext,
  json: boolean,
  terminal: Terminal,
): ExitCode {
  const whole: RunReport = {
    runId: run.runId,
    mode: 'settings' in report ? report.settings.values.mode : 'audit',
    isAudit: false,
    startedAt: run.now,
    finishedAt: run.clock.now(),
    accounts: [report],
    findings: [],
  };
  terminal.stdout.write(
    json ? `${JSON.stringify(jsonReportOf(whole), null, 2)}\n` : formatReport(whole, terminal.stdout.columns),
  );
  // Skipped is what another run is working on: nothing was done.
  return isClean(whole) && report.status !== 'skipped' ? 0 : 1;
}
