import { describeFailure } from '../../domain/errors.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import type { Decision } from '../../domain/rotation/decision.ts';
import type { AccountLedger } from '../ports/ledger.ts';
import type { AccountContext } from '../context/account-context.ts';
import { recordAll } from '../context/record-keys.ts';

/**
 * Voids the notices of users whom the settings leave out. Otherwise their dates would pass while nobody
 * has to act on them, and count on the day the user is covered again.
 */
export async function voidNotices(
  uncovered: readonly string[],
  decided: readonly Decision[],
  { keys, users }: AccountLedger,
  { run: { ledger }, account, lease }: AccountContext,
): Promise<readonly Finding[]> {
  const leftOut = new Set(uncovered.map((userName) => userName.toLowerCase()));
  // By IAM these are keys of users who are covered, whatever their rows say.
  const covered = new Set(decided.map(({ key }) => key.id));
  const records = [...users].flatMap(([accessKeyId, userName]) => {
    const { notices = [], inactiveSince } = keys.get(accessKeyId) ?? {};
    // Those of an inactive key say whether it was used after it was announced (I2).
    const matter = notices.length > 0 && inactiveSince === undefined;
    if (!matter || !leftOut.has(userName.toLowerCase()) || covered.has(accessKeyId)) return [];
    return [{ kind: 'notices-void', userName, accessKeyId } as const];
  });
  const failed = await recordAll(records, async (some) => {
    await lease.hold();
    await ledger.record(account.id, some);
  });
  return failed.map(({ record: { userName, accessKeyId }, error }) => {
    const { message, nextStep } = describeFailure(error, 'write the ledger');
    return {
      severity: 'failure',
      message: `The notices about ${accessKeyId} of ${userName}, who isn't covered any more, could not be taken back: ${message}`,
      nextStep,
    };
  });
}
