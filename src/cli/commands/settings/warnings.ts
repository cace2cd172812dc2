import pc from 'picocolors';
import type { RowChange } from '../../../config/settings-change.ts';
import { unreadTopic } from '../../../domain/health/service-checks.ts';
import { describeFailure, InputError, isKind } from '../../../domain/errors.ts';
import { clean } from '../../../report/common/sanitize.ts';
import { capital } from '../../../report/common/wording.ts';
import type { SettingsCommandContext } from './target.ts';

/** What is said before a change of settings is confirmed, without refusing it. */
export interface Warning {
  readonly message: string;
  readonly nextStep?: string;
}

/**
 * Warns of topics that digests would go to from now on, and that have no confirmed subscriptions as far as we
 * can see.
 * @throws InputError for a topic that doesn't exist
 */
export async function unreadTopics(
  changes: readonly RowChange[],
  { subscriptions }: Pick<SettingsCommandContext['access'], 'subscriptions'>,
): Promise<readonly Warning[]> {
  const warnings: Warning[] = [];
  for (const topicArn of newTopics(changes)) {
    try {
      const unread = unreadTopic(topicArn, await subscriptions(topicArn));
      if (unread !== undefined) warnings.push({ ...unread, message: capital(unread.message) });
    } catch (error) {
      if (isKind(error, 'not-found'))
        throw new InputError([`topicArn: there is no topic ${topicArn}; make it first`]);
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

/** Not wrapped: a command in a next step must be fit to paste. */
export function formatWarning({ message, nextStep }: Warning): string {
  const whole = (text: string) => clean(text, text.length);
  const next = nextStep === undefined ? '' : `  Next step: ${whole(nextStep)}\n`;
  return `${pc.yellow(whole(message))}\n${next}`;
}
