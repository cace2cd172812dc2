import type { Account } from '../../domain/account.ts';
import { unknownIds, type AccountSelection } from '../../domain/account.ts';
import { InputError, OperationError } from '../../domain/errors.ts';
import type { AccountSettings } from '../../domain/settings/account-settings.ts';
import { needsUnits, settingsOfAccount } from '../../domain/settings/account-settings.ts';
import type { SettingsSnapshot } from '../../domain/settings/setting.ts';
import type { RunContext } from './run-context.ts';

/** The accounts of the organization. */
export interface ListedAccounts {
  readonly accounts: readonly Account[];
  /** Whether they say which units they are in: something depends on it. */
  readonly withOus: boolean;
}

export async function listAccounts(
  { directory, selection }: RunContext,
  snapshot: SettingsSnapshot,
): Promise<ListedAccounts> {
  const withOus = asksForUnits(selection, snapshot);
  const { accounts, ous } = await directory.list({ withOus });
  const unknown = unknownIds(selection, accounts, ous);
  if (unknown.length > 0) {
    throw new InputError(
      unknown.map((id) => `${id}: the organization has no such account or organizational unit`),
    );
  }
  return { accounts, withOus };
}

/**
 * Whether accounts must be listed with the units they are in, which costs calls per unit.
 * @param snapshot undefined where the settings can't be read
 */
export const asksForUnits = (
  { includeOus, excludeOus }: AccountSelection,
  snapshot: SettingsSnapshot | undefined,
): boolean => includeOus.length + excludeOus.length > 0 || (snapshot !== undefined && needsUnits(snapshot));

/**
 * An account and what is set for it.
 * @throws InputError when the organization has no such account
 * @throws OperationError when its settings can't be used
 */
export async function findAccount(
  accountId: string,
  run: RunContext,
): Promise<{ readonly account: Account; readonly settings: AccountSettings }> {
  const snapshot = await run.settings.read();
  const { accounts } = await listAccounts(run, snapshot);
  const account = accounts.find(({ id }) => id === accountId);
  if (account === undefined) {
    throw new InputError([`--account: the organization has no account ${accountId}`]);
  }
  if (account.state !== 'ACTIVE') {
    throw new InputError([`--account: ${accountId} is not active (${account.state})`]);
  }
  const resolved = settingsOfAccount(snapshot, account, run.cap);
  if (resolved.kind === 'failed') throw new OperationError(resolved.failure);
  return { account, settings: resolved.value };
}
