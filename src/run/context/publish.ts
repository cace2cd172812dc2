import { describeFailure } from '../../domain/errors.ts';
import type { AccountReport, Finding, RotatedAccount } from '../../domain/report/run-report.ts';
import { forReaders, type Digest } from '../../domain/report/notification.ts';
import type { Instant } from '../../domain/time.ts';
import { publishToOwners } from './publish-to-owners.ts';
import { recordPublished } from './record-published.ts';
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
  const digest = await publishDigest(report, publishing, run, topicArn);
  const events = await putEvents(report, publishing);
  const recorded =
    report.status === 'rotated' && allowsChanges(report)
      ? await recordPublished(report, { ...digest, announcedByEvents: events.announced }, run)
      : [];
  return withFindings(report, [...digest.findings, ...events.findings, ...recorded]);
}

interface PublishedDigest {
  readonly digest?: Digest;
  /** Whether somebody gets it. */
  readonly isReceived: boolean;
  /** The keys of which their owner was not told, although he should have been. */
  readonly untold?: ReadonlySet<string>;
  readonly findings: readonly Finding[];
}

async function publishDigest(
  report: AccountReport,
  publishing: Publishing,
  run: RunContext,
  fallbackArn: string | undefined,
): Promise<PublishedDigest> {
  const settings = 'settings' in report ? report.settings : undefined;
  const topicArn = settings?.values.topicArn ?? fallbackArn ?? publishing.sharedTopicArn;
  // An audit without a topic, which nobody can be subscribed to.
  if (topicArn === undefined) return { isReceived: false, findings: [] };
  const evenIfNothing = report.status === 'rotated' && report.digestIsDue === true;
  let digest: Digest | undefined;
  try {
    digest = publishing.digestOf(report, evenIfNothing);
    if (digest === undefined) {
      return { isReceived: false, findings: await recordDigest(report, undefined, run) };
    }
    await publishing.to(topicArn).publish(forReaders(digest, settings?.values.chat));
  } catch (error) {
    const { message, nextStep } = describeFailure(error, 'publish the digest');
    const failure: Finding = {
      severity: 'failure',
      message: `The digest could not be published: ${message}. No notice in it counts.`,
      nextStep,
    };
    return { isReceived: false, findings: [failure] };
  }
  if (report.status !== 'rotated' || !allowsChanges(report))
    return { digest, isReceived: false, findings: [] };
  const isReceived = (await publishing.readers.of(topicArn, digest)) === 'somebody';
  const { untold, findings } = await publishToOwners(report, topicArn, publishing, run);
  const recorded = await recordDigest(report, run.now, run);
  return { digest, isReceived, untold, findings: [...findings, ...recorded] };
}

/** An audit writes nothing. */
const allowsChanges = ({ settings }: RotatedAccount): boolean => settings.values.mode !== 'audit';

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
  if (report.status !== 'rotated' || !allowsChanges(report)) return [];
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
  { events, eventsOf, announcedBy }: Publishing,
): Promise<{ readonly announced: ReadonlySet<string>; readonly findings: readonly Finding[] }> {
  try {
    const due = eventsOf(report);
    if (due.length > 0) await events.put(due);
    return { announced: announcedBy(due), findings: [] };
  } catch (error) {
    const { message, nextStep } = describeFailure(error, 'events:PutEvents');
    const failure: Finding = {
      severity: 'failure',
      message: `Events could not be delivered: ${message}`,
      nextStep,
    };
    return { announced: new Set(), findings: [failure] };
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
