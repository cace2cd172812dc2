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
  type User,
} from '@aws-sdk/client-iam';
import { isKind } from '../../domain/errors.ts';
import type { LastUse } from '../../domain/rotation/key.ts';
import type { IamUser, KeyInventory, ListedKey } from '../../run/ports/keys.ts';
import { distinct } from '../client/distinct.ts';
import { ask, badAnswer } from '../client/errors.ts';

/** The most IAM gives at once; its default of 100 would cost ten times the calls. */
const PAGE = 1000;

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
  userOf: async (accessKeyId) => (await ifThere(() => getLastUsed(iam, accessKeyId)))?.UserName,
});

interface Page {
  readonly IsTruncated?: boolean | undefined;
  readonly Marker?: string | undefined;
}

/** All pages of a list. One may be short, or empty, and still not be the last. */
async function pagesOf<One extends Page>(
  during: string,
  fetch: (marker: { readonly Marker: string | undefined }) => Promise<One>,
): Promise<readonly One[]> {
  const pages: One[] = [];
  let marker: string | undefined;
  do {
    const page = await ask(during, () => fetch({ Marker: marker }));
    pages.push(page);
    marker = nextMarker(during, page, marker);
  } while (marker !== undefined);
  return pages;
}

function nextMarker(during: string, page: Page, last: string | undefined): string | undefined {
  if (page.IsTruncated !== true) return undefined;
  if (!page.Marker || page.Marker === last) throw badAnswer(during, 'the marker of a next page');
  return page.Marker;
}

/** What IAM says about something; undefined when there is no such thing. */
async function ifThere<Answer>(read: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isKind(error, 'not-found')) return undefined;
    throw error;
  }
}

async function listUsers(iam: IAMClient): Promise<readonly IamUser[]> {
  const pages = await pagesOf('iam:ListUsers', (marker) =>
    iam.send(new ListUsersCommand({ MaxItems: PAGE, ...marker })),
  );
  const users = pages.flatMap(({ Users = [] }) => Users.map(iamUser));
  return distinct(users, ({ userName }) => userName);
}

export function iamUser({ UserName, Arn, Path }: User): IamUser {
  if (UserName === undefined || Arn === undefined || Path === undefined) {
    throw badAnswer('iam:ListUsers', 'a name, an ARN or a path');
  }
  return { userName: UserName, arn: Arn, path: Path };
}

async function listKeys(iam: IAMClient, userName: string): Promise<readonly ListedKey[]> {
  const pages = await pagesOf('iam:ListAccessKeys', (marker) =>
    iam.send(new ListAccessKeysCommand({ UserName: userName, ...marker })),
  );
  const keys = pages.flatMap(({ AccessKeyMetadata = [] }) => AccessKeyMetadata.map(listedKey));
  return distinct(keys, ({ id }) => id);
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
  const pages = await pagesOf('iam:ListUserTags', (marker) =>
    iam.send(new ListUserTagsCommand({ UserName: userName, ...marker })),
  );
  const tags = pages
    .flatMap(({ Tags = [] }) => Tags)
    .map(({ Key, Value }): [string, string] => {
      // A tag decides whether a key is touched, so one that can't be read is not left out.
      if (Key === undefined || Value === undefined) throw badAnswer('iam:ListUserTags', 'a key or a value');
      return [Key, Value];
    });
  return Object.fromEntries(tags);
}

async function listMembers(iam: IAMClient, group: string): Promise<readonly string[]> {
  const pages = await pagesOf('iam:GetGroup', (marker) =>
    iam.send(new GetGroupCommand({ GroupName: group, MaxItems: PAGE, ...marker })),
  );
  return pages
    .flatMap(({ Users = [] }) => Users)
    .map(({ UserName }) => {
      if (UserName === undefined) throw badAnswer('iam:GetGroup', 'the name of a user');
      return UserName;
    });
}

const getLastUsed = (iam: IAMClient, accessKeyId: string): Promise<GetAccessKeyLastUsedCommandOutput> =>
  ask('iam:GetAccessKeyLastUsed', () =>
    iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: accessKeyId })),
  );

/** An answer without a date means never used. An error is not an answer, and is thrown. */
function lastUseIn({ AccessKeyLastUsed }: GetAccessKeyLastUsedCommandOutput): LastUse {
  // Documented as always there; what lacks it tells nothing.
  if (AccessKeyLastUsed === undefined) return { kind: 'unknown' };
  const at = AccessKeyLastUsed.LastUsedDate?.getTime();
  if (at === undefined) return { kind: 'never' };
  return Number.isNaN(at) ? { kind: 'unknown' } : { kind: 'used', at };
}
