import type { Outcome } from '../../domain/report/outcome.ts';
import { findAccount } from '../../run/context/accounts.ts';
import { enterReadOnly } from '../../run/context/with-account.ts';
import { auditAccount } from '../../run/rotation/plan-account.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { toJsonStatus, formatStatus } from '../output/status.ts';
import { runForOne, type OneAccountOptions } from './one-account.ts';

/** `access-key-rotation status`: every key of an account, and what happens to it next. */
export async function showStatus(options: OneAccountOptions, terminal: Terminal): Promise<ExitCode> {
  const run = { ...(await runForOne(options, terminal, 'look')), everyLastUse: true };
  const { account, settings } = await findAccount(options.account, run);
  const report = await auditAccount(await enterReadOnly(account, settings, run));
  terminal.stdout.write(
    options.json
      ? `${JSON.stringify(toJsonStatus(report, run.now), null, 2)}\n`
      : formatStatus(report, run.now, terminal.stdout.columns),
  );
  const failed = ({ status }: Outcome) => status === 'failed';
  return report.gaps.length === 0 && !report.outcomes.some(failed) ? 0 : 1;
}
