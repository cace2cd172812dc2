import type { Account } from '../../domain/account.ts';
import { failureOf } from '../../domain/errors.ts';
import { notChecked, ok, unanswered, wrong, type Check } from '../../domain/health/check.ts';
import type { DigestTopic } from '../../domain/health/service-checks.ts';
import { settingsOfAccount } from '../../domain/settings/account-settings.ts';
import { describeTarget, type SettingsSnapshot } from '../../domain/settings/setting.ts';
import { partsOfTopic } from '../../domain/subscriptions/subscription.ts';
import type { SettingsSource } from '../ports/settings.ts';

/** Reads the settings, and finds what is wrong with their rows whatever the account. */
export async function examineSettings(
  settings: SettingsSource,
): Promise<{ readonly snapshot?: SettingsSnapshot; readonly checks: readonly Check[] }> {
  try {
    const snapshot = await settings.read();
    const bad = snapshot.badRows.map(({ target, message }) =>
      wrong(
        'settings',
        'rows',
        `${message}; ${target === undefined ? 'all accounts wait' : `${describeTarget(target)} waits`} until it is right`,
        'Correct it with settings set or settings unset. All rows: access-key-rotation settings list',
      ),
    );
    return { snapshot, checks: bad.length > 0 ? bad : [ok('settings', 'rows', describeRows(snapshot))] };
  } catch (error) {
    // Why it can't be read is what the checks of the table say.
    const failure = failureOf(error, 'read the settings');
    const { during, message } = failure;
    return {
      checks: [
        failure.kind === 'denied'
          ? unanswered('settings', 'rows', failure)
          : notChecked('settings', 'rows', `${during}: ${message}`),
      ],
    };
  }
}

const describeRows = ({ rows }: SettingsSnapshot): string =>
  rows.length === 0 ? 'none in the table' : `${rows.length} in the table, all of them right`;

/** Whether the settings of an account can be used: if not, it isn't rotated. */
export function settingsOf(account: Account, snapshot: SettingsSnapshot | undefined): readonly Check[] {
  if (snapshot === undefined || snapshot.badRows.length > 0) return []; // reported already, by examineSettings
  const resolved = settingsOfAccount(snapshot, account);
  if (resolved.kind === 'ok') return [ok('account', 'settings', `mode ${resolved.value.values.mode}`)];
  const { message, nextStep } = resolved.failure;
  return [wrong('account', 'settings', message, nextStep)];
}

/** Whether it is to be looked up there who uses a key. */
export function looksUpUsage(account: Account, snapshot: SettingsSnapshot | undefined): boolean {
  const resolved = snapshot === undefined ? undefined : settingsOfAccount(snapshot, account);
  return resolved?.kind === 'ok' && resolved.value.values.lookUpUsage;
}

/**
 * The topics that the rows of the table name, each once.
 * @param home the account and the region of the service
 */
export function topicsInTable(
  { rows }: SettingsSnapshot,
  home: { readonly serviceAccountId: string; readonly region: string },
): readonly DigestTopic[] {
  const users = new Map<string, readonly string[]>();
  for (const { target, values } of rows) {
    if (values.topicArn === undefined) continue;
    users.set(values.topicArn, [...(users.get(values.topicArn) ?? []), describeTarget(target)]);
  }
  return [...users].map(([arn, of]): DigestTopic => {
    const { accountId, region } = partsOfTopic(arn);
    const isHome = accountId === home.serviceAccountId && region === home.region;
    return { arn, of, ...(isHome ? {} : { foreign: true }) };
  });
}
