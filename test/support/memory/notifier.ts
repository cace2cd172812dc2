import { noticeGiven } from '../../../src/domain/report/notice-given.ts';
import type { Digest, Notification } from '../../../src/domain/report/notification.ts';
import type { AccountReport, RunReport } from '../../../src/domain/report/run-report.ts';
import { givesNotices } from '../../../src/domain/rotation/limits.ts';
import type { Notifier } from '../../../src/run/ports/messaging.ts';

export interface RecordingNotifier {
  readonly to: (topicArn: string) => Notifier;
  /** What was accepted, in order. */
  readonly published: readonly Notification[];
  /** The topic of each of them. */
  readonly topics: readonly string[];
}

export function recordingNotifier(): RecordingNotifier {
  const published: Notification[] = [];
  const topics: string[] = [];
  return {
    published,
    topics,
    to: (topicArn) => ({
      publish: async (notification) => {
        published.push(notification);
        topics.push(topicArn);
      },
    }),
  };
}

const notification = (subject: string, content: unknown): Notification => ({
  subject,
  text: subject,
  json: JSON.stringify(content),
  attributes: {},
});

/**
 * The simplest digest: announces whatever has a notice to give that counts in the account's mode, each time.
 */
export function plainDigest(report: AccountReport): Digest | undefined {
  if (report.status === 'unreachable') {
    return {
      ...notification(`${report.account.name}: unreachable`, report),
      announces: new Set(),
      told: new Map(),
    };
  }
  if (report.status !== 'rotated') return undefined;
  const { mode } = report.settings.values;
  const announced = report.outcomes.filter((outcome) => {
    const notice = noticeGiven(outcome);
    return notice !== undefined && givesNotices(mode, notice.about);
  });
  const nothingToSay =
    announced.length + report.findings.length + report.gaps.length === 0 &&
    report.outcomes.every(({ status }) => status === 'none');
  if (nothingToSay) return undefined;
  const announces = new Set(announced.map(({ decision }) => decision.key.id));
  return { ...notification(`${report.account.name}: digest`, report), announces, told: new Map() };
}

export const plainSummary = (report: RunReport): Notification => notification('summary', report);
