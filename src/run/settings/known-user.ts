import type { Account } from '../../domain/account.ts';
import { InputError, OperationError } from '../../domain/errors.ts';
import {
  needsUnits,
  settingsOfAccount,
  type AccountSettings,
} from '../../domain/settings/account-settings.ts';
import type { RunContext } from '../context/run-context.ts';
import { sessionOptionsOf } from '../context/with-account.ts';
import type { Sessions } from '../ports/accounts.ts';

/**
 * Makes sure that a name that was typed is a user's. An account whose users can't be listed may well have it.
 * @throws InputError when the account has no such user
 */
export async function refuseUnknownUser(
  userName: string,
  account: Account,
  settings: AccountSettings,
  sessions: Pick<Sessions, 'open'>,
): Promise<void> {
  try {
    const { inventory } = await sessions.open(account, sessionOptionsOf(settings, true));
    const wanted = userName.toLowerCase();
    if ((await inventory.users()).some((user) => user.userName.toLowerCase() === wanted)) return;
  } catch (error) {
    if (error instanceof OperationError) return;
    throw error;
  }
  throw new InputError([`--user: account ${account.id} has no user ${userName}`]);
}

/**
 * The same of an account, and of a user of it if one is named. Where AWS can't be asked, nothing is said.
 * @throws InputError when the organization has no such account, or the account no such user
 */
export async function refuseUnknownNames(
  { accountId, userName }: { readonly accountId: string; readonly userName: string | undefined },
  { settings: source, directory, sessions }: Pick<RunContext, 'settings' | 'directory' | 'sessions'>,
): Promise<void> {
  try {
    const snapshot = await source.read();
    const { accounts } = await directory.list({ withOus: userName !== undefined && needsUnits(snapshot) });
    const account = accounts.find(({ id }) => id === accountId);
    if (account === undefined)
      throw new InputError([`--account: the organization has no account ${accountId}`]);
    if (userName === undefined || account.state !== 'ACTIVE') return;
    const resolved = settingsOfAccount(snapshot, account);
    if (resolved.kind === 'ok') await refuseUnknownUser(userName, account, resolved.value, sessions);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
  }
}
