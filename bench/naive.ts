import {
  CreateAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  IAMClient,
  paginateListAccessKeys,
  paginateListUsers,
} from '@aws-sdk/client-iam';
import { OrganizationsClient, paginateListAccounts } from '@aws-sdk/client-organizations';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { DAY } from '../src/domain/time.ts';
import type { World } from '../test/support/world.ts';

/**
 * The way most rotations go: every account, every user, every key, one after the other. A key that is due is
 * replaced with the two calls that nobody can do without: nothing is written down, tested or told.
 */
export async function rotateNaively({ aws, clock }: Pick<World, 'aws' | 'clock'>): Promise<void> {
  const { region, endpoint, credentials } = aws;
  const own = { region, endpoint, credentials };
  const sts = new STSClient(own);
  const organizations = new OrganizationsClient(own);
  for await (const { Accounts = [] } of paginateListAccounts({ client: organizations }, {})) {
    for (const { Id } of Accounts) {
      const { Credentials } = await sts.send(
        new AssumeRoleCommand({
          RoleArn: `arn:aws:iam::${Id ?? ''}:role/access-key-rotation`,
          RoleSessionName: 'naive',
        }),
      );
      const session = {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      };
      await rotateAccount(
        new IAMClient({ region, endpoint, credentials: session }),
        new SecretsManagerClient({ region, endpoint, credentials: session }),
        clock.now() - 60 * DAY,
      );
    }
  }
}

async function rotateAccount(
  iam: IAMClient,
  secrets: SecretsManagerClient,
  dueBefore: number,
): Promise<void> {
  for await (const { Users = [] } of paginateListUsers({ client: iam }, {})) {
    for (const { UserName = '' } of Users) {
      for await (const { AccessKeyMetadata = [] } of paginateListAccessKeys({ client: iam }, { UserName })) {
        for (const { AccessKeyId, CreateDate } of AccessKeyMetadata) {
          await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
          if (CreateDate === undefined || CreateDate.getTime() > dueBefore) continue;
          const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
          await secrets.send(
            new CreateSecretCommand({ Name: UserName, SecretString: JSON.stringify(AccessKey) }),
          );
        }
      }
    }
  }
}
