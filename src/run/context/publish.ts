import pLimit from 'p-limit';
import { givesNotices } from '../../domain/rotation/limits.ts';
import { describeFailure } from '../../domain/errors.ts';
import type { AccountReport, Finding, RotatedAccount } from '../../domain/report/run-report.ts';
import type { Digest } from '../../domain/report/notification.ts';
import type { Instant } from '../../domain/time.ts';
import type { Publishing, RunContext } from './run-context.ts';

/**
 * Publishes the digest and the events about an account. The notices in a digest are recorded only after it
 * was accepted: nobody loses a key over a message that was never sent.
 * @param topicArn for an account whose settings can't be used, but name a topic
 * @returns the report, with what went wrong in publishing added to it
 */
export async function publishReport<Report extends AccountReport>(
  report: Report,
  run: RunContext,
  topicArn?: string,
): Promise<Report> {
  const { publishing } = run;
  if (publishing === undefined) return report;
  const failures = [
    ...(await publishDigest(report, publishing, run, topicArn)),
    ...(await putEvents(report, publishing)),
  ];
  return withFindings(report, failures);
}

async function publishDigest(
  report: AccountReport,
  publishing: Publishing,
  run: RunContext,
  fallbackArn: string | undefined,
): Promise<readonly Finding[]> {
  const settings = 'settings' in report ? report.settings : undefined;
  const topicArn = settings?.values.topicArn ?? fallbackArn ?? publishing.sharedTopicArn;
  if (topicArn === undefined) return []; // an audit without a topic, which nobody can be subscribed to
  const evenIfNothing = report.status === 'rotated' && report.digestIsDue === true;
  let digest: Digest | undefined;
  try {
    digest = publishing.digestOf(report, evenIfNothing);
    if (digest === undefined) return await recordDigest(report, undefined, run);
    await publishing.to(topicArn).publish(digest);
  } catch (error) {
    const { message, nextStep } = describeFailure(error, 'publish the digest');
    return [
      {
        severity: 'failure',
        message: `The digest could not be published: ${message}. No notice in it counts.`,
        nextStep,
      },
    ];
  }
  if (report.status !== 'rotated' || report.settings.values.mode === 'audit') return [];
  return [...(await recordNotices(report, digest, run)), ...(await recordDigest(report, run.now, run))];
}

async function recordNotices(
  report: RotatedAccount,
  digest: Digest,
  run: RunContext,
): Promise<readonly Finding[]> {
  if (!givesNotices(report.settings.values.mode)) return [];
  const at = run.clock.now();
  const announced = report.outcomes.filter(({ decision }) => digest.announces.has(decision.key.id));
  const limit = pLimit(run.userConcurrency);
  const results = await limit.map(announced, async ({ decision }): Promise<Finding[]> => {
    const { userName, key } = decision;
    try {
      await run.ledger.recordNotice(report.account.id, userName, key.id, at);
      return [];
    } catch (error) {
      const { message, nextStep } = describeFailure(error, 'write the ledger');
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

/**
 * Where a weekly digest is wanted, the next run must know when the last one was published; and where one
 * was pending, that it is no longer.
 * @param at undefined where there was nothing to report
 */
async function recordDigest(
  report: AccountReport,
  at: Instant | undefined,
  run: RunContext,
): Promise<readonly Finding[]> {
  if (report.status !== 'rotated' || report.settings.values.mode === 'audit') return [];
  const weekly =
    at !== undefined && run.userNames.length === 0 && report.settings.values.digestFrequency === 'weekly';
  if (!weekly && report.digestIsPending !== true) return [];
  try {
    await run.ledger.markDigestSent(report.account.id, weekly ? at : undefined);
    return [];
  } catch (error) {
    const { message, nextStep } = describeFailure(error, 'write the ledger');
    return [
      {
        severity: 'failure',
        message: `The digest was published but that could not be recorded, so the next run repeats what it says: ${message}`,
        nextStep,
      },
    ];
  }
}

async function putEvents(
  report: AccountReport,
  { events, eventsOf }: Publishing,
): Promise<readonly Finding[]> {
  try {
    const due = eventsOf(report);
    if (due.length > 0) await events.put(due);
    return [];
  } catch (error) {
    const { message, nextStep } = describeFailure(error, 'events:PutEvents');
    return [{ severity: 'failure', message: `Events could not be delivered: ${message}`, nextStep }];
  }
}

/** The report, with more added to it. */
export function withFindings<Report extends AccountReport>(
  report: Report,
  findings: readonly Finding[],
): Report {
  if (findings.length === 0) return report;
  if (report.status === 'rotated') return { ...report, findings: [...report.findings, ...findings] };
  if (report.status !== 'unreachable') return report;
  const { failure } = report;
  const message = [failure.message, ...findings.map((finding) => finding.message)].join('; ');
  return { ...report, failure: { ...failure, message } };
}
