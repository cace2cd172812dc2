import type { Account } from '../../domain/account.ts';
import { InputError } from '../../domain/errors.ts';
import { type AccountSettings } from '../../domain/settings/account-settings.ts';
import type { UserFacts } from '../../domain/settings/user-selector.ts';
import { sessionOptionsOf } from '../context/with-account.ts';
import type { Sessions } from '../ports/accounts.ts';
import { refuseUnknownUser } from './known-user.ts';
import { factsReader } from './user-facts.ts';

/** A user, as far as its settings depend on it. */
export interface FoundUser extends UserFacts {
  /** Absent where nothing had to be read. */
  readonly arn?: string;
}

/** Whether what is set for a user depends on what only its account knows. */
function mustBeRead({ values }: AccountSettings): boolean {
  const selectors = [
    ...values.includeUsers,
    ...values.excludeUsers,
    ...values.exemptions.flatMap(({ users }) => users),
  ];
  return (
    values.ownerTag !== undefined ||
    values.secretDelivery === 'central' ||
    selectors.some(({ by }) => by !== 'name')
  );
}

/**
 * Reads of a user what its settings depend on; where that is its name alone, an account that can't be entered
 * is no obstacle.
 * @throws OperationError when it can't be read, InputError when there is no such user
 */
export async function findUser(
  userName: string,
  account: Account,
  settings: AccountSettings,
  sessions: Sessions,
): Promise<FoundUser> {
  if (!mustBeRead(settings)) {
    await refuseUnknownUser(userName, account, settings, sessions);
    return { userName, path: '/' };
  }
  const { inventory } = await sessions.open(account, sessionOptionsOf(settings, true));
  const lower = (text: string) => text.toLowerCase();
  const user = (await inventory.users()).find((one) => lower(one.userName) === lower(userName));
  if (user === undefined) throw new InputError([`--user: account ${account.id} has no user ${userName}`]);
  return { ...user, ...(await factsReader(inventory, settings)(user)) };
}
