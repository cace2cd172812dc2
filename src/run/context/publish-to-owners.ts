import { describeFailure } from '../../domain/errors.ts';
import { forReaders } from '../../domain/report/notification.ts';
import type { Finding, RotatedAccount } from '../../domain/report/run-report.ts';
import { timeForAnotherUser, type Publishing, type RunContext } from './run-context.ts';

export interface PublishedToOwners {
  /** The keys of which an owner's message was not accepted; the next run tells them in full again. */
  readonly untold: ReadonlySet<string>;
  readonly findings: readonly Finding[];
}

/** More would fill a digest that is about something else. */
const MOST_NAMED = 5;

/**
 * Publishes a message to each owner, after the account's digest was accepted. None makes a notice count: that rests
 * on the account's digest alone, and one that fails is a finding. Whatever could not be published, or that a run had
 * no time for, is written anew by the next run from the keys as they are then.
 */
export async function publishToOwners(
  report: RotatedAccount,
  topicArn: string,
  publishing: Publishing,
  run: RunContext,
): Promise<PublishedToOwners> {
  const untold = new Set<string>();
  const failed: Finding[] = [];
  const late: string[] = [];
  try {
    for (const message of publishing.ownerMessagesOf(report)) {
      const { owner, keyIds, ...notification } = message;
      try {
        if (!timeForAnotherUser(run)) late.push(owner);
        else {
          await publishing.to(topicArn).publish(forReaders(notification, report.settings.values.chat));
          continue;
        }
      } catch (error) {
        failed.push(notPublished(`The message for ${owner} could not be published`, error));
      }
      for (const id of keyIds) untold.add(id);
    }
  } catch (error) {
    failed.push(notPublished('The messages for owners could not be written', error));
  }
  return { untold, findings: [...shortened(failed), ...outOfTime(late)] };
}

const WHAT_THEN = 'What it says is in the digest of the account, and the next run tells it in full again.';

function notPublished(what: string, error: unknown): Finding {
  const { message, nextStep } = describeFailure(error, 'publish the message');
  return { severity: 'failure', message: `${what}: ${message}. ${WHAT_THEN}`, nextStep };
}

function shortened(failed: readonly Finding[]): readonly Finding[] {
  const more = failed.length - MOST_NAMED;
  if (more <= 0) return failed;
  return [
    ...failed.slice(0, MOST_NAMED),
    { severity: 'failure', message: `The messages for ${more} more owners could not be published.` },
  ];
}

const outOfTime = (owners: readonly string[]): readonly Finding[] =>
  owners.length === 0
    ? []
    : [
        {
          severity: 'failure',
          message: `The run had no time left for the messages for ${owners.length} ${owners.length === 1 ? 'owner' : 'owners'}: ${owners.slice(0, MOST_NAMED).join(', ')}${owners.length > MOST_NAMED ? ' and others' : ''}. ${WHAT_THEN}`,
        },
      ];
