import pLimit from 'p-limit';
import type { Account } from '../../domain/account.ts';
import { describeFailure } from '../../domain/errors.ts';
import { settingsOfAccount, type AccountSettings } from '../../domain/settings/account-settings.ts';
import type { SettingsSnapshot, UserSelector } from '../../domain/settings/setting.ts';
import { selects } from '../../domain/settings/user-selector.ts';
import { sessionOptionsOf } from '../context/with-account.ts';
import type { Sessions } from '../ports/accounts.ts';
import type { KeyInventory } from '../ports/keys.ts';

/** How many users the selectors of a setting mean, as far as that could be read. */
export interface MatchCount {
  readonly accounts: number;
  readonly users: number;
  /** By selector, in their order; undefined where nobody counted. */
  readonly matched: readonly (number | undefined)[];
  /** Why some accounts could not be looked at. */
  readonly unread: readonly { readonly accountId: string; readonly message: string }[];
}

/** The tags of a user take a call each: of more users than this they aren't read just to be counted. */
const MOST_TAGS_READ = 500;
const ACCOUNTS_AT_ONCE = 10;

/**
 * Counts in each account whom selectors mean. Reads only.
 * @param snapshot the settings that say how accounts are entered
 */
export async function countMatches(
  selectors: readonly UserSelector[],
  accounts: readonly Account[],
  snapshot: SettingsSnapshot,
  sessions: Sessions,
): Promise<MatchCount> {
  const limit = pLimit(ACCOUNTS_AT_ONCE);
  const most = Math.floor(MOST_TAGS_READ / Math.max(1, accounts.length));
  const counted = await limit.map(accounts, async (account) => {
    const resolved = settingsOfAccount(snapshot, account, 'audit');
    if (resolved.kind === 'failed') return { accountId: account.id, message: resolved.failure.message };
    try {
      return await countIn(account, selectors, resolved.value, sessions, most);
    } catch (error) {
      return { accountId: account.id, message: describeFailure(error, 'read the users').message };
    }
  });
  const read = counted.filter((one) => 'users' in one);
  return {
    accounts: read.length,
    users: read.reduce((sum, { users }) => sum + users, 0),
    matched: selectors.map((_, index) =>
      read.reduce<number | undefined>((sum, { matched }) => {
        const here = matched[index];
        return sum === undefined || here === undefined ? undefined : sum + here;
      }, 0),
    ),
    unread: counted.filter((one) => 'message' in one),
  };
}

async function countIn(
  account: Account,
  selectors: readonly UserSelector[],
  settings: AccountSettings,
  sessions: Sessions,
  mostTags: number,
): Promise<Pick<MatchCount, 'users' | 'matched'> & { readonly users: number }> {
  const { inventory } = await sessions.open(account, sessionOptionsOf(settings, true));
  const users = await inventory.users();
  const needsTags = selectors.some(({ by }) => by === 'tag');
  const tags =
    needsTags && users.length <= mostTags
      ? await tagsOf(
          users.map(({ userName }) => userName),
          inventory,
        )
      : undefined;
  const matched: (number | undefined)[] = [];
  for (const selector of selectors) {
    if (selector.by === 'tag' && tags === undefined) matched.push(undefined);
    else if (selector.by === 'group') matched.push((await inventory.membersOf(selector.group)).length);
    else {
      const meant = users.filter((user) =>
        selects(selector, { ...user, tags: tags?.get(user.userName) ?? {} }),
      );
      matched.push(meant.length);
    }
  }
  return { users: users.length, matched };
}

async function tagsOf(
  userNames: readonly string[],
  inventory: KeyInventory,
): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
  const limit = pLimit(4);
  const found = await limit.map(userNames, async (name) => [name, await inventory.tagsOf(name)] as const);
  return new Map(found);
}
