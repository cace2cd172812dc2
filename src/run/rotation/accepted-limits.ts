import { describeFailure } from '../../domain/errors.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import type { Acceptance } from '../../domain/rotation/acceptance.ts';
import type { Exceeded, LimitKind } from '../../domain/rotation/limits.ts';
import type { AccountContext } from '../context/account-context.ts';

/** What was accepted to be done over a limit, by the ids of the keys. */
export type Accepted = ReadonlyMap<LimitKind, ReadonlySet<string>>;

/**
 * Lets this run pass the limits that somebody has accepted after they stopped an earlier one. An acceptance
 * covers the keys that the person was shown: these are done, and others of that kind are held in this run.
 * It is kept until this run has tried all of them, so that the next run can go on if this one is killed.
 */
export async function passLimits(
  exceeded: readonly Exceeded[],
  acceptances: readonly Acceptance[],
  { run, account, lease, caller }: AccountContext,
): Promise<{ readonly accepted: Accepted; readonly findings: readonly Finding[] }> {
  const accepted = new Map<LimitKind, ReadonlySet<string>>();
  const findings: Finding[] = [];
  for (const { kind, decisions } of exceeded) {
    const now = run.clock.now();
    const given = acceptances.find(({ limit, until }) => limit === kind && now < until);
    const keyIds = [...decisions].map(({ key }) => key.id).filter((id) => given?.keyIds.includes(id));
    if (given === undefined || keyIds.length === 0) continue;
    try {
      await lease.hold();
      await run.ledger.useAcceptance(account.id, kind, {
        at: now,
        runId: run.runId,
        by: caller,
        what: 'limit-passed',
        reason: kind,
        message: `${keyIds.length} ${kind} in one run, accepted by ${given.by}: ${given.reason}`,
      });
      accepted.set(kind, new Set(keyIds));
      const others = decisions.size - keyIds.length;
      const wait =
        others === 0 ? '' : ` (${keyIds.length} were shown and accepted; ${others} more have to wait)`;
      findings.push({
        severity: 'note',
        message: `The limit on ${kind} was passed once, as ${given.by} has accepted: ${given.reason}${wait}`,
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
  return { accepted, findings };
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
