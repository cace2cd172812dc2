import { describeFailure } from '../../domain/errors.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import type { Decision, Observation } from '../../domain/rotation/decision.ts';
import { dateOf } from '../../domain/time.ts';
import type { AccountContext } from '../context/account-context.ts';
import { recordAll } from '../context/record-keys.ts';

const OBSERVED = {
  inactive: 'found inactive',
  reactivated: 'switched on again',
  'notices-void': 'found in a state in which its notices are void',
} as const;

const KINDS = {
  'seen-inactive': 'inactive',
  'seen-reactivated': 'reactivated',
  'notices-void': 'notices-void',
} as const satisfies Record<Observation['kind'], keyof typeof OBSERVED>;

/** Records what reading the keys has shown, whatever becomes of the decisions. */
export async function recordObservations(
  decisions: readonly Decision[],
  { run: { ledger }, account, lease }: AccountContext,
): Promise<readonly Finding[]> {
  const records = decisions.flatMap(({ observation, userName, key }) => {
    if (observation === undefined) return [];
    const { kind, at } = observation;
    return [{ kind: KINDS[kind], userName, accessKeyId: key.id, at }];
  });
  const failed = await recordAll(records, async (some) => {
    await lease.hold();
    await ledger.record(account.id, some);
  });
  return failed.map(({ record: { kind, userName, accessKeyId, at }, error }) => {
    const { message, nextStep } = describeFailure(error, 'write the ledger');
    return {
      severity: 'failure',
      message: `${accessKeyId} of ${userName} was ${OBSERVED[kind]} on ${dateOf(at)}, but that could not be recorded: ${message}`,
      nextStep,
    };
  });
}
