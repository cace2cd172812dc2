import {
  GetAccessKeyLastUsedCommand,
  GetAccountSummaryCommand,
  ListAccessKeysCommand,
  ListUsersCommand,
  type AccessKeyMetadata,
  type IAMClient,
} from '@aws-sdk/client-iam';
import type { LastUse } from '../domain/key.ts';
import type { IamUser, KeyInventory, ListedKey } from '../run/ports.ts';
import { ask, badAnswer } from './errors.ts';

/** The most IAM gives at once; its default of 100 would cost ten times the calls. */
const PAGE = 1000;

export const iamInventory = (iam: IAMClient): KeyInventory => ({
  users: () => listUsers(iam),
  keysOf: (userName) => listKeys(iam, userName),
  lastUse: (accessKeyId) => readLastUse(iam, accessKeyId),
  rootHasKeys: async () => {
    const { SummaryMap } = await ask('iam:GetAccountSummary', () =>
      iam.send(new GetAccountSummaryCommand({})),
    );
    const present = SummaryMap?.AccountAccessKeysPresent;
    if (present === undefined) throw badAnswer('iam:GetAccountSummary', 'AccountAccessKeysPresent');
    return present > 0;
  },
});

async function listUsers(iam: IAMClient): Promise<readonly IamUser[]> {
  const users: IamUser[] = [];
  let marker: string | undefined;
  do {
    const page = await ask('iam:ListUsers', () =>
      iam.send(new ListUsersCommand({ MaxItems: PAGE, Marker: marker })),
    );
    for (const { UserName, Arn } of page.Users ?? []) {
      if (UserName === undefined || Arn === undefined) throw badAnswer('iam:ListUsers', 'a name or ARN');
      users.push({ userName: UserName, arn: Arn });
    }
    marker = nextMarker('iam:ListUsers', page, marker);
  } while (marker !== undefined);
  return users;
}

async function listKeys(iam: IAMClient, userName: string): Promise<readonly ListedKey[]> {
  const keys: ListedKey[] = [];
  let marker: string | undefined;
  do {
    const page = await ask('iam:ListAccessKeys', () =>
      iam.send(new ListAccessKeysCommand({ UserName: userName, Marker: marker })),
    );
    keys.push(...(page.AccessKeyMetadata ?? []).map(listedKey));
    marker = nextMarker('iam:ListAccessKeys', page, marker);
  } while (marker !== undefined);
  return keys;
}

/** A page may be short, or empty, and still not be the last. */
function nextMarker(
  during: string,
  page: { readonly IsTruncated?: boolean | undefined; readonly Marker?: string | undefined },
  last: string | undefined,
): string | undefined {
  if (page.IsTruncated !== true) return undefined;
  if (!page.Marker || page.Marker === last) throw badAnswer(during, 'the marker of a next page');
  return page.Marker;
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

/** An answer without a date means never used. An error is not an answer, and is thrown. */
async function readLastUse(iam: IAMClient, accessKeyId: string): Promise<LastUse> {
  const { AccessKeyLastUsed } = await ask('iam:GetAccessKeyLastUsed', () =>
    iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: accessKeyId })),
  );
  // Documented as always there; what lacks it tells nothing.
  if (AccessKeyLastUsed === undefined) return { kind: 'unknown' };
  const at = AccessKeyLastUsed.LastUsedDate?.getTime();
  if (at === undefined) return { kind: 'never' };
  return Number.isNaN(at) ? { kind: 'unknown' } : { kind: 'used', at };
}
