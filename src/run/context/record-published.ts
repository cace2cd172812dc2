import { definedOnly } from '../../domain/defined-only.ts';
import { describeFailure } from '../../domain/errors.ts';
import { noticeGiven } from '../../domain/report/notice-given.ts';
import type { Digest } from '../../domain/report/notification.ts';
import type { Outcome } from '../../domain/report/outcome.ts';
import type { Finding, RotatedAccount } from '../../domain/report/run-report.ts';
import { givesNotices } from '../../domain/rotation/limits.ts';
import { published } from '../../domain/rotation/notice.ts';
import type { Published } from '../ports/ledger.ts';
import { recordAll } from './record-keys.ts';
import type { RunContext } from './run-context.ts';

/** What was accepted by SNS and by the event bus. */
interface Accepted {
  readonly digest?: Digest;
  /** Whether somebody gets the digest. */
  readonly isReceived: boolean;
  /** The keys of which an owner was to be told and was not. */
  readonly untold?: ReadonlySet<string>;
  /** The keys whose notices the event bus has accepted. */
  readonly announcedByEvents: ReadonlySet<string>;
}

/**
 * Records the notices that were given, and what people were told in full: nobody loses a key over a message
 * that was never sent, or that nobody received.
 */
export async function recordPublished(
  report: RotatedAccount,
  accepted: Accepted,
  run: RunContext,
): Promise<readonly Finding[]> {
  const at = run.clock.now();
  const records = report.outcomes.flatMap((outcome) => {
    const said = publishedAbout(outcome, report, accepted, at);
    if (said.notice === undefined && said.told === undefined) return [];
    const { userName, key } = outcome.decision;
    return [{ kind: 'published', userName, accessKeyId: key.id, ...said } as const];
  });
  const failed = await recordAll(records, (some) => run.ledger.record(report.account.id, some));
  return failed.map(({ record: { accessKeyId, userName }, error }) => {
    const { message, nextStep } = describeFailure(error, 'write the ledger');
    return {
      severity: 'failure',
      message: `What was published about ${accessKeyId} of ${userName} could not be recorded, so it is published again: ${message}`,
      nextStep,
    };
  });
}

function publishedAbout(
  outcome: Outcome,
  { settings: { values } }: RotatedAccount,
  { digest, isReceived, untold, announcedByEvents }: Accepted,
  at: number,
): Published {
  const { id } = outcome.decision.key;
  const announced =
    values.noticesBy === 'events'
      ? announcedByEvents.has(id)
      : isReceived && digest?.announces.has(id) === true;
  const notice = noticeGiven(outcome);
  const counts = announced && notice !== undefined && givesNotices(values.mode, notice.about);
  return definedOnly({
    notice: counts ? published(notice, at) : undefined,
    told: isReceived && untold?.has(id) !== true ? digest?.told.get(id) : undefined,
  });
}
