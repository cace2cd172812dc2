/** What a run said and left, as AWS has it. */
import type { Emulator, Published, SnapshotKey } from './emulator/emulator.ts';

/** All that was published, one message after the other. */
export const textPublished = async (emulator: Emulator): Promise<string> =>
  (await emulator.notifications()).map(({ message }) => message).join('\n');

/** What was published about one account, in order. */
export const publishedAbout = async (emulator: Emulator, accountId: string): Promise<readonly Published[]> =>
  (await emulator.notifications()).filter(({ attributes }) => attributes['accountId'] === accountId);

/** The keys that a user has, none if there is no such user. */
export const keysOfUser = async (
  emulator: Emulator,
  accountId: string,
  userName: string,
): Promise<readonly SnapshotKey[]> => {
  const [account] = await emulator.snapshot(accountId);
  return account?.users.find((user) => user.userName === userName)?.keys ?? [];
};
