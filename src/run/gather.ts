import pLimit from 'p-limit';
import { keysWhoseLastUseMatters } from '../domain/decide.ts';
import type { AccessKey, UserKeys } from '../domain/key.ts';
import type { Gap } from '../domain/outcome.ts';
import { failureOf, isKind } from '../domain/refusal.ts';
import type { Lease } from './lease.ts';
import type { AccountMemory, IamUser, KeyInventory, ListedKey } from './ports.ts';
import { concerns, timeForAnotherUser, type Run } from './run.ts';

export interface Gathered {
  readonly users: readonly UserKeys[];
  readonly gaps: readonly Gap[];
}

/**
 * Reads the keys of every user the run is about. What can't be read of a user makes that user a
 * gap, never a guess.
 * @param known users about whom nothing can be decided anyway; they stay gaps
 * @param lease kept alive meanwhile, where the account is held
 * @throws Refusal when the users can't be listed
 */
export async function gather(
  inventory: KeyInventory,
  memory: AccountMemory,
  known: readonly Gap[],
  run: Run,
  lease?: Lease,
): Promise<Gathered> {
  const skipped = new Set(known.map(({ userName }) => userName));
  const listed = await inventory.users();
  const users = listed.filter(({ userName }) => concerns(run, userName) && !skipped.has(userName));
  const limit = pLimit(run.userConcurrency);
  const read = await limit.map(users, (user) => readUser(user, inventory, memory, run, lease));
  return {
    users: read.filter((one) => one !== undefined).filter((one) => 'keys' in one),
    gaps: [...known, ...read.filter((one) => one !== undefined).filter((one) => 'failure' in one)],
  };
}

async function readUser(
  user: IamUser,
  inventory: KeyInventory,
  memory: AccountMemory,
  run: Run,
  lease: Lease | undefined,
): Promise<UserKeys | Gap | undefined> {
  const { userName } = user;
  if (!timeForAnotherUser(run)) return outOfTime(userName);
  try {
    // Reading thousands of users takes longer than a lease lasts.
    await lease?.hold();
    const listed = await keysIfThere(userName, inventory);
    if (listed === undefined) return undefined;
    const found: UserKeys = {
      userName,
      userArn: user.arn,
      keys: listed.map((key) => ({
        ...key,
        lastUse: { kind: 'unknown' },
        memory: memory.keys.get(key.id) ?? {},
      })),
    };
    const wanted = keysWhoseLastUseMatters(found, run.policy, run.now);
    const keys: AccessKey[] = [];
    for (const key of found.keys) {
      keys.push(wanted.has(key.id) ? { ...key, lastUse: await inventory.lastUse(key.id) } : key);
    }
    return { ...found, keys };
  } catch (error) {
    return { userName, reason: 'unreadable', failure: failureOf(error, 'read the keys of the user') };
  }
}

/** Undefined for a user who was deleted since the users were listed: nothing is left to rotate. */
async function keysIfThere(
  userName: string,
  inventory: KeyInventory,
): Promise<readonly ListedKey[] | undefined> {
  try {
    return await inventory.keysOf(userName);
  } catch (error) {
    if (isKind(error, 'not-found')) return undefined;
    throw error;
  }
}

export const outOfTime = (userName: string): Gap => ({
  userName,
  reason: 'out-of-time',
  failure: {
    kind: 'transient',
    during: 'work on the account',
    message: 'the run had to end before it came to this user',
    nextStep: 'Nothing to do: the next run comes to it. If it happens again, raise the concurrency.',
  },
});
