import {
  GetAccessKeyLastUsedCommand,
  GetAccountSummaryCommand,
  GetGroupCommand,
  ListAccessKeysCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  type AccessKeyMetadata,
  type GetAccessKeyLastUsedCommandOutput,
  type IAMClient,
  type ListUsersCommandOutput,
  type User,
} from '@aws-sdk/client-iam';
import { definedOnly } from '../../domain/defined-only.ts';
import { isKind } from '../../domain/errors.ts';
import type { LastUse } from '../../domain/rotation/key.ts';
import type { IamUser, KeyInventory, ListedKey } from '../../run/ports/keys.ts';
import { distinct } from '../client/distinct.ts';
import { ask, badAnswer, required } from '../client/errors.ts';
import { pagesOf, readList, type List } from '../client/pages.ts';

/** The most IAM gives at once; its default of 100 would cost ten times the calls. */
const PAGE_SIZE = 1000;

export const iamInventory = (iam: IAMClient): KeyInventory => ({
  users: () => listUsers(iam),
  keysOf: (userName) => listKeys(iam, userName),
  lastUse: async (accessKeyId) => lastUseIn(await getLastUsed(iam, accessKeyId)),
  rootHasKeys: async () => {
    const { SummaryMap } = await ask('iam:GetAccountSummary', () =>
      iam.send(new GetAccountSummaryCommand({})),
    );
    const present = SummaryMap?.AccountAccessKeysPresent;
    if (present === undefined) throw badAnswer('iam:GetAccountSummary', 'AccountAccessKeysPresent');
    return present > 0;
  },
  tagsOf: (userName) => listTags(iam, userName),
  membersOf: async (group) => (await ifThere(() => listMembers(iam, group))) ?? [],
  userOf: async (accessKeyId) => {
    const answer = await ifThere(() => getLastUsed(iam, accessKeyId));
    return answer && required(LAST_USED, answer.UserName, 'the name of a user');
  },
});

interface TruncatedPage {
  readonly IsTruncated?: boolean | undefined;
  readonly Marker?: string | undefined;
}

/** Where the next page of an IAM list begins. */
export const markerOf =
  (action: string) =>
  ({ IsTruncated, Marker }: TruncatedPage): string | undefined => {
    if (IsTruncated !== true) return undefined;
    if (!Marker) throw badAnswer(action, 'the token of a next page');
    return Marker;
  };

/** The answer of IAM; undefined when what it is about doesn't exist. */
async function ifThere<Answer>(read: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isKind(error, 'not-found')) return undefined;
    throw error;
  }
}

const usersList = (iam: IAMClient, pageSize: number): List<ListUsersCommandOutput, User> => ({
  action: 'iam:ListUsers',
  fetch: (Marker) => iam.send(new ListUsersCommand({ MaxItems: pageSize, Marker })),
  things: ({ Users }) => Users,
  next: markerOf('iam:ListUsers'),
});

async function listUsers(iam: IAMClient): Promise<readonly IamUser[]> {
  const users = (await readList(usersList(iam, PAGE_SIZE))).map(iamUser);
  return distinct(users, ({ userName }) => userName);
}

/** Any user; undefined when there is none. Asks for no more users than it takes to find one. */
export async function firstUser(iam: IAMClient): Promise<IamUser | undefined> {
  for await (const [user] of pagesOf(usersList(iam, 1))) {
    if (user !== undefined) return iamUser(user);
  }
  return undefined;
}

function iamUser({ UserName, Arn, UserId, Path }: User): IamUser {
  if (UserName === undefined || Arn === undefined || UserId === undefined || Path === undefined) {
    throw badAnswer('iam:ListUsers', 'a name, an ARN, an id or a path');
  }
  return { userName: UserName, arn: Arn, userId: UserId, path: Path };
}

async function listKeys(iam: IAMClient, userName: string): Promise<readonly ListedKey[]> {
  const action = 'iam:ListAccessKeys';
  const listed = await readList({
    action,
    fetch: (Marker) => iam.send(new ListAccessKeysCommand({ UserName: userName, Marker })),
    things: ({ AccessKeyMetadata }) => AccessKeyMetadata,
    next: markerOf(action),
  });
  return distinct(listed.map(listedKey), ({ id }) => id);
}

/** A date or a status that can't be read makes the user unreadable: nothing is done on a guess. */
function listedKey({ AccessKeyId, Status, CreateDate }: AccessKeyMetadata): ListedKey {
  const createdAt = CreateDate?.getTime() ?? NaN;
  if (AccessKeyId === undefined || Number.isNaN(createdAt)) {
    throw badAnswer('iam:ListAccessKeys', 'a key id or a creation date');
  }
  if (Status !== 'Active' && Status !== 'Inactive') {
    throw badAnswer('iam:ListAccessKeys', `a status this version knows (${AccessKeyId}: ${Status})`);
  }
  return { id: AccessKeyId, status: Status === 'Active' ? 'active' : 'inactive', createdAt };
}

async function listTags(iam: IAMClient, userName: string): Promise<Readonly<Record<string, string>>> {
  const action = 'iam:ListUserTags';
  const tags = await readList({
    action,
    fetch: (Marker) => iam.send(new ListUserTagsCommand({ UserName: userName, Marker })),
    things: ({ Tags }) => Tags,
    next: markerOf(action),
  });
  return Object.fromEntries(
    tags.map(({ Key, Value }): [string, string] => {
      // A tag decides whether a key is touched, so one that can't be read is not left out.
      if (Key === undefined || Value === undefined) throw badAnswer(action, 'a key or a value');
      return [Key, Value];
    }),
  );
}

async function listMembers(iam: IAMClient, group: string): Promise<readonly string[]> {
  const action = 'iam:GetGroup';
  const members = await readList({
    action,
    fetch: (Marker) => iam.send(new GetGroupCommand({ GroupName: group, MaxItems: PAGE_SIZE, Marker })),
    things: ({ Users }) => Users,
    next: markerOf(action),
  });
  return members.map(({ UserName }) => {
    if (UserName === undefined) throw badAnswer(action, 'the name of a user');
    return UserName;
  });
}

const NOT_APPLICABLE = 'N/A';

const LAST_USED = 'iam:GetAccessKeyLastUsed';

const getLastUsed = (iam: IAMClient, accessKeyId: string): Promise<GetAccessKeyLastUsedCommandOutput> =>
  ask(LAST_USED, () => iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: accessKeyId })));

/**
 * Of a key that was never used IAM gives no date, and says N/A for the service. An answer that says nothing at
 * all proves nothing. An error is not an answer, and is thrown.
 */
function lastUseIn({ AccessKeyLastUsed }: GetAccessKeyLastUsedCommandOutput): LastUse {
  const { LastUsedDate, ServiceName, Region } = required(LAST_USED, AccessKeyLastUsed, 'a last use');
  const at = LastUsedDate?.getTime();
  if (at === undefined) return ServiceName === NOT_APPLICABLE ? { kind: 'never' } : { kind: 'unknown' };
  if (Number.isNaN(at)) return { kind: 'unknown' };
  return { kind: 'used', at, ...definedOnly({ service: told(ServiceName), region: told(Region) }) };
}

/** IAM says N/A where it has nothing to say. */
const told = (name: string | undefined): string | undefined =>
  name === undefined || name === '' || name === NOT_APPLICABLE ? undefined : name;
