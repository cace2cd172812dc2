import { describeFailure } from '../../domain/errors.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import type { AccountContext } from '../context/account-context.ts';
import type { AccountLedger } from '../ports/ledger.ts';

/**
 * Lets the rows end of keys that somebody deleted. A key that isn't listed for a moment, just made for
 * instance, keeps its row for long enough, and keeps it for good when something is recorded of it again.
 */
export async function forgetGoneKeys(
  goneKeys: readonly string[],
  { gone }: AccountLedger,
  { run: { ledger, clock }, account, lease }: AccountContext,
): Promise<readonly Finding[]> {
  try {
    for (const id of goneKeys.filter((known) => !gone.has(known))) {
      await lease.hold();
      await ledger.recordGone(account.id, id, clock.now());
    }
    return [];
  } catch (error) {
    const { message, nextStep } = describeFailure(error, 'write the ledger');
    return [
      {
        severity: 'failure',
        message: `That a key is gone could not be recorded; its row stays for now: ${message}`,
        nextStep,
      },
    ];
  }
}
