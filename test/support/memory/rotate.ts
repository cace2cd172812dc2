import type { Account } from '../../../src/domain/account.ts';
import type { AccountReport } from '../../../src/domain/report/run-report.ts';
import { rotateAccount as rotate } from '../../../src/run/rotation/rotate-account.ts';
import type { RunContext } from '../../../src/run/context/run-context.ts';

/** One account by the settings of the run. */
export const rotateAccount = async (account: Account, run: RunContext): Promise<AccountReport> =>
  rotate(account, await run.settings.read(), run);
