import {
  GetAccessKeyLastUsedCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Duration } from '../../src/domain/time.ts';
import { organizationOf, REGION, type CannedSeed } from './organization.ts';
import { credentials } from './run.ts';

/**
 * How most programs look for old keys: list the users, list the keys of each, ask for the last use of each,
 * one after the other. Only looks: it changes nothing.
 * @param accounts only so many of them
 */
export async function naively(endpoint: string, seed: CannedSeed, accounts: number): Promise<Duration> {
  const startedAt = performance.now();
  const sts = new STSClient({ region: REGION, endpoint, credentials });
  for (const accountId of organizationOf(seed).accountIds.slice(1, 1 + accounts)) {
    const role = new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${accountId}:role/access-key-rotation`,
      RoleSessionName: 'naive',
    });
    const {
      AccessKeyId = '',
      SecretAccessKey = '',
      SessionToken = '',
    } = (await sts.send(role)).Credentials ?? {};
    const session = {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    };
    await lookAt(new IAMClient({ region: REGION, endpoint, credentials: session }));
  }
  return performance.now() - startedAt;
}

async function lookAt(iam: IAMClient): Promise<void> {
  let Marker: string | undefined;
  do {
    const page = await iam.send(new ListUsersCommand({ Marker }));
    for (const { UserName } of page.Users ?? []) {
      const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
      for (const { AccessKeyId } of AccessKeyMetadata) {
        await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
      }
    }
    Marker = page.Marker;
  } while (Marker !== undefined);
  iam.destroy();
}
