import type { Account } from '../../domain/account.ts';
import { unknownIds, type AccountSelection } from '../../domain/account.ts';
import { InputError, OperationError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import type { AccountSettings } from '../../domain/settings/account-settings.ts';
import { needsUnits, settingsOfAccount } from '../../domain/settings/account-settings.ts';
import type { SettingsSnapshot } from '../../domain/settings/setting.ts';
import type { FormerMembers } from '../ports/accounts.ts';
import type { RunContext } from './run-context.ts';

/** The accounts of the organization. */
export interface ListedAccounts {
  readonly accounts: readonly Account[];
  /** Whether they say which units they are in: something depends on it. */
  readonly withOus: boolean;
  /** What the settings say about accounts that have left. */
  readonly findings: readonly Finding[];
}

/** @throws InputError when something is named that the organization doesn't have and never had */
export async function listAccounts(
  { directory, selection, formerMembers }: Pick<RunContext, 'directory' | 'selection' | 'formerMembers'>,
  snapshot: SettingsSnapshot,
): Promise<ListedAccounts> {
  const withOus = asksForUnits(selection, snapshot);
  const { accounts, ous } = await directory.list({ withOus });
  const unknown = unknownIds(selection, accounts, ous);
  const left = await accountsThatLeft(unknown, selection, formerMembers);
  const mistyped = unknown.filter((id) => !left.includes(id));
  if (mistyped.length > 0) {
    const hint = (id: string) =>
      formerMembers === undefined && isOfSettings(id, selection)
        ? '; whether it has left only the table knows, and ROTATION_TABLE_NAME is not set'
        : '';
    throw new InputError(
      mistyped.map((id) => `${id}: the organization has no such account or organizational unit${hint(id)}`),
    );
  }
  return { accounts, withOus, findings: left.map(hasLeft) };
}

/**
 * Those of the ids that are accounts which were members once. A setting may name one: when an account
 * leaves, the others must not stand still. In a request for one run it is a mistake.
 */
export async function accountsThatLeft(
  unknown: readonly string[],
  selection: AccountSelection,
  formerMembers: FormerMembers | undefined,
): Promise<readonly string[]> {
  const left: string[] = [];
  for (const id of new Set(unknown)) {
    if (isOfSettings(id, selection) && (await formerMembers?.wasMember(id)) === true) left.push(id);
  }
  return left;
}

const isOfSettings = (id: string, { includeAccounts, excludeAccounts, onlyAccounts }: AccountSelection) =>
  [...includeAccounts, ...excludeAccounts].includes(id) && !onlyAccounts.includes(id);

const hasLeft = (id: string): Finding => ({
  severity: 'note',
  message: `The settings name account ${id}, which has left the organization.`,
  nextStep: 'Remove it from ROTATION_INCLUDE_ACCOUNTS or ROTATION_EXCLUDE_ACCOUNTS (serverless.yml).',
});

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
