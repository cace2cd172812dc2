import type { Account } from '../../domain/account.ts';
import type { Check } from '../../domain/health/check.ts';
import { readersCheck, type DigestTopic } from '../../domain/health/service-checks.ts';
import { settingsOfAccount } from '../../domain/settings/account-settings.ts';
import type { SettingsSnapshot } from '../../domain/settings/setting.ts';
import { readersOfChanges } from '../context/readers-of-changes.ts';
import type { ReaderLookup } from '../ports/messaging.ts';

/** The accounts whose digests go to each topic, where notices count by who gets them. */
export type AccountsOfTopic = ReadonlyMap<string, readonly Account[]>;

export function accountsByTopic(
  snapshot: SettingsSnapshot | undefined,
  accounts: readonly Account[],
): AccountsOfTopic {
  const found = new Map<string, Account[]>();
  for (const account of snapshot === undefined ? [] : accounts) {
    const resolved = snapshot && settingsOfAccount(snapshot, account);
    if (account.state !== 'ACTIVE' || resolved?.kind !== 'ok') continue;
    const { topicArn, noticesBy } = resolved.value.values;
    if (topicArn === undefined || noticesBy === 'events') continue;
    found.set(topicArn, [...(found.get(topicArn) ?? []), account]);
  }
  return found;
}

/** By what the filters of a topic let through: that somebody is subscribed is not enough. */
export async function examineReaders(
  readers: ReaderLookup,
  topic: DigestTopic,
  accounts: readonly Account[],
): Promise<readonly Check[]> {
  if (accounts.length === 0) return [];
  const answers = await Promise.all(
    // Filters on the mode are the exception, and enforce is what a notice is for.
    accounts.map(async ({ id, name }) => ({
      id,
      readers: await readersOfChanges(readers, topic.arn, { id, name }, 'enforce'),
    })),
  );
  const those = (which: string) => answers.filter((one) => one.readers === which).map(({ id }) => id);
  return readersCheck(topic, {
    nobody: those('nobody'),
    unknown: those('unknown'),
    failure: readers.failureOf(topic.arn),
  });
}
