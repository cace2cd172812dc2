import { InputError } from '../../domain/errors.ts';
import type { AccountDirectory } from '../ports/accounts.ts';

/** The accounts below some units, and how to list the organization again without asking for it. */
export interface AccountsBelow {
  readonly accountIds: readonly string[];
  readonly directory: AccountDirectory;
}

/**
 * The ids of the accounts anywhere below these organizational units or roots.
 * @param asked of these accounts only; empty: of all
 * @throws InputError for units that the organization doesn't have, accounts that are not below one of them, and where
 *   no account is: no id at all would mean every account
 */
export async function accountsBelow(
  ouIds: readonly string[],
  asked: readonly string[],
  directory: AccountDirectory,
): Promise<AccountsBelow> {
  const listed = await directory.list({ withOus: true });
  const unknown = ouIds.filter((id) => !listed.ous.includes(id));
  const below = listed.accounts
    .filter(({ ouPath }) => ouPath.some((id) => ouIds.includes(id)))
    .map(({ id }) => id);
  const isKnown = (id: string) => listed.accounts.some((account) => account.id === id);
  const units = ouIds.join(', ');
  const problems = [
    ...unknown.map((id) => `--ou: ${id}: the organization has no such organizational unit or root`),
    ...(unknown.length === 0 && below.length === 0 ? [`--ou: no account is below ${units}`] : []),
    ...asked.filter((id) => !isKnown(id)).map((id) => `--account: the organization has no account ${id}`),
    ...(unknown.length === 0 && below.length > 0
      ? asked
          .filter((id) => isKnown(id) && !below.includes(id))
          .map((id) => `--account: ${id} is not below ${units}: leave out --ou or the account`)
      : []),
  ];
  if (problems.length > 0) throw new InputError(problems);
  return {
    accountIds: asked.length === 0 ? below : asked,
    directory: { list: () => Promise.resolve(listed) },
  };
}
