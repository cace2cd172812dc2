import pLimit from 'p-limit';
import { isKind } from '../../domain/errors.ts';
import type { AccountView } from '../context/account-context.ts';
import { timeForAnotherUser } from '../context/run-context.ts';
import type { IamUser, KeyInventory } from '../ports/keys.ts';
import type { AccountLedger } from '../ports/ledger.ts';

/** Undefined: the key is gone. `unknown`: IAM doesn't tell. */
type Owner = { readonly userName: string } | 'unknown' | undefined;

/** By the ids of keys. */
export type NewOwners = ReadonlyMap<string, Owner>;

/**
 * Whose the keys are by now that the ledger knows of users who are not there under their names: a renamed user keeps
 * its keys.
 */
export async function newOwners(
  listed: readonly Pick<IamUser, 'userName'>[],
  { users, gone }: Pick<AccountLedger, 'users' | 'gone'>,
  { run, session, lease }: AccountView,
): Promise<NewOwners> {
  const existing = new Set(listed.map(({ userName }) => userName.toLowerCase()));
  const missing = [...users].filter(
    ([id, userName]) => !gone.has(id) && !existing.has(userName.toLowerCase()),
  );
  const limit = pLimit(run.userConcurrency);
  const owners = await limit.map(missing, async ([id]): Promise<[string, Owner]> => {
    if (!timeForAnotherUser(run)) return [id, 'unknown'];
    await lease?.hold();
    return [id, await ownerOf(id, session.inventory)];
  });
  return new Map(owners);
}

/** Their names by now, in lower case. */
export function renamedUsers(owners: NewOwners): ReadonlySet<string> {
  const found = [...owners.values()].filter((owner) => typeof owner === 'object');
  return new Set(found.map(({ userName }) => userName.toLowerCase()));
}

async function ownerOf(id: string, { userOf }: Pick<KeyInventory, 'userOf'>): Promise<Owner> {
  try {
    const userName = await userOf(id);
    return userName === undefined ? undefined : { userName };
  } catch (error) {
    // For a key that doesn't exist, IAM answers AccessDenied.
    return isKind(error, 'not-found', 'denied') ? undefined : 'unknown';
  }
}
