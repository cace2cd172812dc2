import type { Account } from '../../domain/account.ts';
import { failureOf } from '../../domain/errors.ts';
import { notChecked, ok, wrong, type Check } from '../../domain/health/check.ts';
import type { DigestTopic } from '../../domain/health/service-checks.ts';
import { settingsOfAccount } from '../../domain/settings/account-settings.ts';
import { targetInWords, type SettingsBook } from '../../domain/settings/setting.ts';
import { partsOfTopic } from '../../domain/subscriptions/subscription.ts';
import type { SettingsSource } from '../ports/settings.ts';

/** What is set, and what is wrong with it where no account is looked at yet. */
export async function examineSettings(
  settings: SettingsSource,
): Promise<{ readonly book?: SettingsBook; readonly checks: readonly Check[] }> {
  try {
    const book = await settings.read();
    const bad = book.badRows.map(({ target, message }) =>
      wrong(
        'settings',
        'rows',
        `${message}; ${target === undefined ? 'all accounts wait' : `${targetInWords(target)} waits`} until it is right`,
        'Correct it: access-key-rotation settings list shows all rows, settings set and unset change them.',
      ),
    );
    return { book, checks: bad.length > 0 ? bad : [ok('settings', 'rows', rowsInWords(book))] };
  } catch (error) {
    // Why it can't be read is what the checks of the table say.
    const { during, message } = failureOf(error, 'read the settings');
    return { checks: [notChecked('settings', 'rows', `${during}: ${message}`)] };
  }
}

const rowsInWords = ({ rows }: SettingsBook): string =>
  rows.length === 0 ? 'none in the table' : `${rows.length} in the table, all of them right`;

/** Settings that contradict each other in an account keep it from being rotated. */
export function settingsOf(account: Account, book: SettingsBook | undefined): readonly Check[] {
  if (book === undefined || book.badRows.length > 0) return []; // said already
  const settling = settingsOfAccount(book, account);
  if (settling.settled) return [ok('account', 'settings', `mode ${settling.settings.values.mode}`)];
  const { message, nextStep } = settling.failure;
  return [wrong('account', 'settings', message, nextStep)];
}

/**
 * The topics that the rows of the table name, each once.
 * @param home the account and the region of the service
 */
export function topicsInTable(
  { rows }: SettingsBook,
  home: { readonly serviceAccountId: string; readonly region: string },
): readonly DigestTopic[] {
  const users = new Map<string, readonly string[]>();
  for (const { target, values } of rows) {
    if (values.topicArn === undefined) continue;
    users.set(values.topicArn, [...(users.get(values.topicArn) ?? []), targetInWords(target)]);
  }
  return [...users].map(([arn, of]): DigestTopic => {
    const { accountId, region } = partsOfTopic(arn);
    const isHome = accountId === home.serviceAccountId && region === home.region;
    return { arn, of, ...(isHome ? {} : { foreign: true }) };
  });
}
