import pc from 'picocolors';
import type { RowChange } from '../../../config/settings-change.ts';
import { unreadTopic } from '../../../domain/health/service-checks.ts';
import { describeFailure } from '../../../domain/errors.ts';
import { clean } from '../../../report/common/sanitize.ts';
import { capital } from '../../../report/common/wording.ts';
import type { OpenDesk } from './target.ts';

/** What somebody should know who changes settings, and what no change is refused for. */
export interface Warning {
  readonly message: string;
  readonly nextStep?: string;
}

/** Topics that a change makes digests go to, and that nobody reads, or nobody can tell who does. */
export async function unreadTopics(
  changes: readonly RowChange[],
  { subscriptions }: Pick<OpenDesk['desk'], 'subscriptions'>,
): Promise<readonly Warning[]> {
  const warnings: Warning[] = [];
  for (const topicArn of newTopics(changes)) {
    try {
      const unread = unreadTopic(topicArn, await subscriptions(topicArn));
      if (unread !== undefined) warnings.push({ ...unread, message: capital(unread.message) });
    } catch (error) {
      const { message, nextStep } = describeFailure(error, 'sns:ListSubscriptionsByTopic');
      warnings.push({
        message: `Whether anybody reads what is published to ${topicArn} is not known: ${message}`,
        nextStep,
      });
    }
  }
  return warnings;
}

const newTopics = (changes: readonly RowChange[]): ReadonlySet<string> =>
  new Set(
    changes.flatMap(({ after, settings }) =>
      settings.some(({ name }) => name === 'topicArn') ? (after?.values.topicArn ?? []) : [],
    ),
  );

/** Commands have to stay whole, so that they can be pasted. */
export function warningInText({ message, nextStep }: Warning): string {
  const whole = (text: string) => clean(text, text.length);
  const next = nextStep === undefined ? '' : `  Next step: ${whole(nextStep)}\n`;
  return `${pc.yellow(whole(message))}\n${next}`;
}
