import pLimit from 'p-limit';
import { givesNotices } from '../domain/limits.ts';
import { failureOf } from '../domain/refusal.ts';
import type { AccountReport, Finding, RotatedAccount } from '../domain/report.ts';
import type { Digest } from '../domain/notification.ts';
import type { Run } from './run.ts';

/**
 * Publishes what there is to say about an account. Only when it was accepted the notices it carries
 * are recorded: nobody loses a key over a message that was never sent.
 * @returns the report, with what went wrong in telling added to it
 */
export async function tell<Report extends AccountReport>(report: Report, run: Run): Promise<Report> {
  const { notifier } = run;
  if (notifier === undefined) return report;
  let digest: Digest | undefined;
  try {
    digest = run.digestOf(report);
    if (digest === undefined) return report;
    await notifier.publish(digest);
  } catch (error) {
    const { message, nextStep } = failureOf(error, 'publish the digest');
    return withFindings(report, [
      {
        severity: 'failure',
        message: `The digest could not be published: ${message}. No notice in it counts.`,
        nextStep,
      },
    ]);
  }
  if (report.status !== 'rotated' || !givesNotices(run.mode)) return report;
  return withFindings(report, await recordNotices(report, digest, run));
}

async function recordNotices(report: RotatedAccount, digest: Digest, run: Run): Promise<readonly Finding[]> {
  const at = run.clock.now();
  const announced = report.outcomes.filter(({ decision }) => digest.announces.has(decision.key.id));
  const limit = pLimit(run.userConcurrency);
  const results = await limit.map(announced, async ({ decision }): Promise<Finding[]> => {
    const { userName, key } = decision;
    try {
      await run.ledger.noticed(report.account.id, userName, key.id, at);
      return [];
    } catch (error) {
      const { message, nextStep } = failureOf(error, 'write the ledger');
      return [
        {
          severity: 'failure',
          message: `The notice for ${key.id} of ${userName} was published but could not be recorded, so it will be given again: ${message}`,
          nextStep,
        },
      ];
    }
  });
  return results.flat();
}

const withFindings = <Report extends AccountReport>(report: Report, findings: readonly Finding[]): Report =>
  report.status === 'rotated' ? { ...report, findings: [...report.findings, ...findings] } : report;
