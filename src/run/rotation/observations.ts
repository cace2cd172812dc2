import pLimit from 'p-limit';
import { describeFailure } from '../../domain/errors.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import type { Decision, Observation } from '../../domain/rotation/decision.ts';
import { dateOf } from '../../domain/time.ts';
import type { AccountContext } from '../context/account-context.ts';

const OBSERVED: Record<Observation['kind'], string> = {
  'seen-inactive': 'found inactive',
  'seen-reactivated': 'switched on again',
  'notices-void': 'found in a state in which its notices are void',
};

/** Records what reading the keys has shown, whatever becomes of the decisions. */
export async function recordObservations(
  decisions: readonly Decision[],
  { run: { ledger, userConcurrency }, account, lease }: AccountContext,
): Promise<readonly Finding[]> {
  const limit = pLimit(userConcurrency);
  const results = await limit.map(decisions, async ({ observation, userName, key }): Promise<Finding[]> => {
    if (observation === undefined) return [];
    const { kind, at } = observation;
    try {
      await lease.hold();
      if (kind === 'seen-inactive') await ledger.recordInactive(account.id, userName, key.id, at);
      else if (kind === 'seen-reactivated') await ledger.recordReactivated(account.id, userName, key.id, at);
      else await ledger.voidNotices(account.id, userName, key.id);
      return [];
    } catch (error) {
      const { message, nextStep } = describeFailure(error, 'write the ledger');
      return [
        {
          severity: 'failure',
          message: `${key.id} of ${userName} was ${OBSERVED[kind]} on ${dateOf(at)}, but that could not be recorded: ${message}`,
          nextStep,
        },
      ];
    }
  });
  return results.flat();
}
