import type { Account } from '../../domain/account.ts';
import { unknownIds, type AccountSelection } from '../../domain/account.ts';
import { InputError, OperationError } from '../../domain/errors.ts';
import type { AccountSettings } from '../../domain/settings/account-settings.ts';
import { needsUnits, settingsOfAccount } from '../../domain/settings/account-settings.ts';
import type { SettingsSnapshot } from '../../domain/settings/setting.ts';
import type { RunContext } from './run-context.ts';

export async function listAccounts(
  { directory, selection }: RunContext,
  book: SettingsSnapshot,
): Promise<readonly Account[]> {
  const withOus = namesUnits(selection) || needsUnits(book);
  const { accounts, ous } = await directory.list({ withOus });
  const unknown = unknownIds(selection, accounts, ous);
  if (unknown.length > 0) {
    throw new InputError(
      unknown.map((id) => `${id}: the organization has no such account or organizational unit`),
    );
  }
  return accounts;
}

export const namesUnits = ({ includeOus, excludeOus }: AccountSelection): boolean =>
  includeOus.length + excludeOus.length > 0;

/**
 * An account and what is set for it.
 * @throws InputError when the organization has no such account
 * @throws Refusal when its settings can't be used
 */
export async function findAccount(
  accountId: string,
  run: RunContext,
): Promise<{ readonly account: Account; readonly settings: AccountSettings }> {
  const book = await run.settings.read();
  const account = (await listAccounts(run, book)).find(({ id }) => id === accountId);
  if (account === undefined) {
    throw new InputError([`--account: the organization has no account ${accountId}`]);
  }
  if (account.state !== 'ACTIVE') {
    throw new InputError([`--account: ${accountId} is not active (${account.state})`]);
  }
  const resolved = settingsOfAccount(book, account, run.cap);
  if (resolved.kind === 'failed') throw new OperationError(resolved.failure);
  return { account, settings: resolved.value };
}
