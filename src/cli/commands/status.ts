import { InputError } from '../../domain/errors.ts';
import type { Outcome } from '../../domain/report/outcome.ts';
import type { RotatedAccount } from '../../domain/report/run-report.ts';
import { findAccount } from '../../run/context/accounts.ts';
import { enterReadOnly } from '../../run/context/with-account.ts';
import { auditAccount } from '../../run/rotation/plan-account.ts';
import { columnsFor } from '../input/columns.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { toJsonStatus, formatStatus } from '../output/status.ts';
import { lookAtOne, type OneAccountOptions } from './one-account.ts';

/** `access-key-rotation status`: every key of an account, and what happens to it next. */
export async function showStatus(options: OneAccountOptions, terminal: Terminal): Promise<ExitCode> {
  const run = { ...(await lookAtOne(options, terminal)), everyLastUse: true };
  const { account, settings } = await findAccount(options.account, run);
  const report = await auditAccount(await enterReadOnly(account, settings, run));
  refuseUnknownUser(options.user, report);
  terminal.stdout.write(
    options.json
      ? `${JSON.stringify(toJsonStatus(report, run.now), null, 2)}\n`
      : formatStatus(report, run.now, columnsFor(terminal.stdout)),
  );
  const failed = ({ status }: Outcome) => status === 'failed';
  return report.gaps.length === 0 && !report.outcomes.some(failed) ? 0 : 1;
}

/** @throws InputError when the account has no such user, as far as its users could be read */
function refuseUnknownUser(userName: string | undefined, report: RotatedAccount): void {
  if (userName === undefined) return;
  const named = [
    ...report.outcomes.map(({ decision }) => decision.userName),
    ...report.gaps.map((gap) => gap.userName),
    ...report.uncovered,
  ];
  if (named.some((name) => name.toLowerCase() === userName.toLowerCase())) return;
  throw new InputError([`--user: account ${report.account.id} has no user ${userName} with access keys`]);
}
