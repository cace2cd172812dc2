import { describeFailure } from '../../domain/errors.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import { cutOffByDate, holdOverOrganizationLimit, type Planned } from '../../domain/rotation/limits.ts';
import type { AccountContext } from '../context/account-context.ts';

/**
 * Holds the account to what the run may deactivate at deadlines in the whole organization. Whatever can't
 * be counted is not done.
 */
export async function claimDeadlines(
  planned: readonly Planned[],
  { run: { ledger, runId, clock }, settings }: AccountContext,
): Promise<{ readonly planned: readonly Planned[]; readonly findings: readonly Finding[] }> {
  const wanted = cutOffByDate(planned).length;
  const most = settings.values.maxDeadlineDeactivations;
  if (wanted === 0) return { planned, findings: [] };
  try {
    const granted = await ledger.claimDeadlines(runId, wanted, most, clock.now());
    return { planned: holdOverOrganizationLimit(planned, granted, most), findings: [] };
  } catch (error) {
    const { message, nextStep } = describeFailure(error, 'write the ledger');
    const failure: Finding = {
      severity: 'failure',
      message: `How many keys this run has deactivated at deadlines could not be counted, so none was: ${message}`,
      nextStep,
    };
    return { planned: holdOverOrganizationLimit(planned, 0, most), findings: [failure] };
  }
}
