import { describeFailure } from '../../domain/errors.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import type { Acceptance, Exceeded, LimitKind } from '../../domain/rotation/limits.ts';
import type { AccountContext } from '../context/account-context.ts';

/**
 * Lets this run pass the limits that somebody has accepted after they stopped an earlier one. An acceptance
 * covers the keys that the person was shown: if there are others now, it isn't used and stays. It is kept
 * until this run has tried all of them, so that the next run can go on if this one is killed.
 */
export async function passLimits(
  exceeded: readonly Exceeded[],
  acceptances: readonly Acceptance[],
  { run: { ledger, clock, runId }, account, lease, caller }: AccountContext,
): Promise<{ readonly waived: readonly LimitKind[]; readonly findings: readonly Finding[] }> {
  const waived: LimitKind[] = [];
  const findings: Finding[] = [];
  for (const { kind, decisions } of exceeded) {
    const now = clock.now();
    const given = acceptances.find(({ limit, until }) => limit === kind && now < until);
    if (given === undefined) continue;
    const count = decisions.size;
    const others = [...decisions].filter(({ key }) => !given.keyIds.includes(key.id));
    if (others.length > 0) {
      findings.push({
        severity: 'critical',
        message: `${given.by} has accepted ${given.keyIds.length} ${kind} (${given.reason}), but by now there would be ${count}, ${others.length} of them others than were shown; none was done.`,
        nextStep: 'Look what has changed since; accept it anew if these are right.',
      });
      continue;
    }
    try {
      await lease.hold();
      await ledger.useAcceptance(account.id, kind, {
        at: now,
        runId,
        by: caller,
        what: 'limit-passed',
        reason: kind,
        message: `${count} ${kind} in one run, accepted by ${given.by}: ${given.reason}`,
      });
      waived.push(kind);
      findings.push({
        severity: 'note',
        message: `The limit on ${kind} was passed once, as ${given.by} has accepted: ${given.reason}`,
      });
    } catch (error) {
      const { message, nextStep } = describeFailure(error, 'write the ledger');
      findings.push({
        severity: 'failure',
        message: `The accepted limit on ${kind} could not be passed, so none was done: ${message}`,
        nextStep,
      });
    }
  }
  return { waived, findings };
}

/** Called when everything that they allow was tried: they are for one run, unless that is killed before. */
export async function endAcceptances(
  waived: readonly LimitKind[],
  { run: { ledger }, account, lease }: AccountContext,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const limit of waived) {
    try {
      await lease.hold();
      await ledger.endAcceptance(account.id, limit);
    } catch (error) {
      const { message, nextStep } = describeFailure(error, 'write the ledger');
      findings.push({
        severity: 'failure',
        message: `What was accepted to pass the limit on ${limit} could not be ended; it lets nothing pass but the keys it names, and ends by itself: ${message}`,
        nextStep,
      });
    }
  }
  return findings;
}
