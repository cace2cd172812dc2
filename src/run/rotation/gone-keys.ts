import { describeFailure } from '../../domain/errors.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import type { AccountContext } from '../context/account-context.ts';
import { recordAll } from '../context/record-keys.ts';

/**
 * Lets the rows end of keys that somebody deleted. A key that isn't listed for a moment, just made for
 * instance, keeps its row for long enough, and keeps it for good when something is recorded of it again.
 */
export async function forgetGoneKeys(
  goneKeys: readonly string[],
  { run: { ledger, clock }, account, lease }: AccountContext,
): Promise<readonly Finding[]> {
  const at = clock.now();
  const records = goneKeys.map((accessKeyId) => ({ kind: 'gone', accessKeyId, at }) as const);
  const failed = await recordAll(records, async (some) => {
    await lease.hold();
    await ledger.record(account.id, some);
  });
  const [first] = failed;
  if (first === undefined) return [];
  const ids = failed.map(({ record: { accessKeyId } }) => accessKeyId).join(', ');
  const { message, nextStep } = describeFailure(first.error, 'write the ledger');
  return [
    {
      severity: 'failure',
      message: `That keys are gone (${ids}) could not be recorded; their rows stay for now: ${message}`,
      nextStep,
    },
  ];
}
