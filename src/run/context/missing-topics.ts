import type { Account } from '../../domain/account.ts';
import { InputError } from '../../domain/errors.ts';
import { settingsOfAccount } from '../../domain/settings/account-settings.ts';
import type { SettingsSnapshot } from '../../domain/settings/setting.ts';
import type { RunContext } from './run-context.ts';

/**
 * Found before anything is changed, by whoever can correct it at once: a topic that doesn't exist, and what
 * is done would be told nobody. A topic that can't be asked about may well be there.
 * @throws InputError naming each topic and where it is set
 */
export async function refuseMissingTopics(
  accounts: readonly Account[],
  snapshot: SettingsSnapshot,
  { publishing, cap }: Pick<RunContext, 'publishing' | 'cap'>,
): Promise<void> {
  if (publishing === undefined) return;
  const setBy = new Map<string, string>();
  for (const account of accounts) {
    const resolved = settingsOfAccount(snapshot, account, cap);
    if (resolved.kind !== 'ok') continue;
    const { topicArn } = resolved.value.values;
    if (topicArn !== undefined) setBy.set(topicArn, resolved.value.sources.topicArn ?? 'the settings');
  }
  const missing: string[] = [];
  for (const [topicArn, source] of setBy) {
    await publishing.readers.of(topicArn, { attributes: {}, lists: {} });
    if (publishing.readers.failureOf(topicArn)?.kind !== 'not-found') continue;
    missing.push(
      `topicArn: there is no topic ${topicArn} (set by ${source}), so nobody would read what is done; correct it, or make the topic`,
    );
  }
  if (missing.length > 0) throw new InputError(missing);
}
