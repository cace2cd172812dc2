import type { Account } from '../domain/account.ts';
import { failureOf } from '../domain/refusal.ts';
import type { AccountReport } from '../domain/report.ts';
import { takeLease } from './lease.ts';
import type { Run } from './run.ts';
import { tell } from './tell.ts';
import { look, work } from './work-on-account.ts';
import type { Workplace } from './workplace.ts';

/** One account, from session to report. Never throws: an account that can't be worked on says so. */
export async function rotateAccount(account: Account, run: Run): Promise<AccountReport> {
  try {
    const session = await run.sessions.open(account);
    // Changing nothing needs no lease, and writing one would be a change.
    if (run.mode === 'audit') return await tell(await look(account, session, run), run);

    const taken = await takeLease(run.ledger, run.clock, account.id, run.runId);
    if (!('lease' in taken)) {
      const cause = `run ${taken.holder} is working on it (until ${new Date(taken.until).toISOString()} at the latest)`;
      return { status: 'skipped', account, cause };
    }
    const { ledger, runId, clock } = run;
    const place: Workplace = { accountId: account.id, runId, session, ledger, lease: taken.lease, clock };
    try {
      return await tell(await work(account, place, run), run);
    } finally {
      // A lease that can't be given back runs out by itself.
      await taken.lease.release().catch(() => undefined);
    }
  } catch (error) {
    const unreachable = {
      status: 'unreachable',
      account,
      failure: failureOf(error, 'enter the account'),
    } as const;
    return await tell(unreachable, run);
  }
}
