import { definedOnly } from '../../domain/defined-only.ts';
import type { AccountSettings } from '../../domain/settings/account-settings.ts';
import { neededFacts } from '../../domain/settings/coverage.ts';
import type { UserFacts } from '../../domain/settings/user-selector.ts';

/** Where an account says what settings may depend on. */
interface FactSource {
  /** Undefined for a user who isn't there any more. */
  tagsOf(userName: string): Promise<UserFacts['tags'] | undefined>;
  membersOf(groupName: string): Promise<readonly string[]>;
}

/** The groups of a user that settings may depend on, and nothing that costs a call a user. */
export const groupsReader = (
  source: Pick<FactSource, 'membersOf'>,
  settings: AccountSettings,
): ReturnType<typeof factsReader> => factsReader({ ...source, tagsOf: async () => undefined }, settings);

/** Reads of users what the settings of their account depend on, and no more; of each group once. */
export function factsReader(
  source: FactSource,
  settings: AccountSettings,
): (user: Pick<UserFacts, 'userName' | 'path'>) => Promise<UserFacts> {
  const needed = neededFacts(settings);
  const groupsOf = needed.groups.length === 0 ? async () => undefined : groupReader(source, needed.groups);
  return async ({ userName, path }) => {
    const tags = needed.tags ? await source.tagsOf(userName) : undefined;
    return { userName, path, ...definedOnly({ tags, groups: await groupsOf(userName) }) };
  };
}

/** IAM knows no two names that differ in case only. */
const lower = (text: string) => text.toLowerCase();

/** Asks for the members of each group when the first user is asked about. */
function groupReader(
  { membersOf }: FactSource,
  groups: readonly string[],
): (userName: string) => Promise<readonly string[]> {
  const read = async (group: string) => ({
    group: lower(group),
    members: new Set((await membersOf(group)).map(lower)),
  });
  let asked: Promise<readonly Awaited<ReturnType<typeof read>>[]> | undefined;
  return async (userName) => {
    asked ??= Promise.all(groups.map(read));
    const found = (await asked).filter(({ members }) => members.has(lower(userName)));
    return found.map(({ group }) => group);
  };
}
