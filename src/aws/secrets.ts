import { createHash } from 'node:crypto';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
  type DescribeSecretCommandOutput,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { Refusal } from '../domain/refusal.ts';
import type { CreatedKey, IamUser, SecretState, SecretStore } from '../run/ports.ts';
import { ask, kindOf, refusalOf } from './errors.ts';
import { encodeUserName, secretNameOf } from '../domain/secret-name.ts';

export interface SecretSettings {
  readonly accountId: string;
  /** A customer-managed key; absent: the account's `aws/secretsmanager`. */
  readonly kmsKeyId?: string;
}

/**
 * A version of the secret is named after the key it holds, so whether a key's secret is stored can
 * be told without ever reading a secret.
 */
export const versionOf = (accessKeyId: string): string =>
  createHash('sha256').update(accessKeyId).digest('hex');

export const secretsManagerStore = (client: SecretsManagerClient, settings: SecretSettings): SecretStore => ({
  look: async (userName) => {
    const name = secretNameOf(userName);
    const found = await describe(client, name);
    if (found === undefined) return { name, exists: false };
    if (found.DeletedDate !== undefined) throw scheduledForDeletion(name);
    const currentVersion = versionAt(found, 'AWSCURRENT');
    return { name, exists: true, ...(currentVersion === undefined ? {} : { currentVersion }) };
  },
  stageOf: async (userName, accessKeyId) => {
    const found = await describe(client, secretNameOf(userName));
    const stages = found?.VersionIdsToStages?.[versionOf(accessKeyId)] ?? [];
    if (stages.includes('AWSCURRENT') || stages.includes('AWSPREVIOUS')) return 'delivered';
    return stages.includes('AWSPENDING') ? 'pending' : 'none';
  },
  store: async (user, key, state) => {
    const made = state.exists ? state : await create(client, user, state.name, settings);
    await putValue(client, user, key, made.name, settings.accountId);
    return made;
  },
  share: (user, state) => letTheUserRead(client, user, state),
  promote: ({ id }, state) => promote(client, versionOf(id), state),
});

async function describe(
  client: SecretsManagerClient,
  name: string,
): Promise<DescribeSecretCommandOutput | undefined> {
  try {
    return await client.send(new DescribeSecretCommand({ SecretId: name }));
  } catch (error) {
    if (kindOf(error) === 'not-found') return undefined;
    throw refusalOf(error, 'secretsmanager:DescribeSecret');
  }
}

const versionAt = (secret: DescribeSecretCommandOutput | undefined, stage: string): string | undefined =>
  Object.entries(secret?.VersionIdsToStages ?? {}).find(([, stages]) => stages.includes(stage))?.[0];

/** What a secret holds before its first key was seen to work: nothing that anybody could use. */
const NOTHING_YET = '{}';

/**
 * Makes the secret without a key in it. The first version of a secret is AWSCURRENT at once, and
 * consumers are to read keys only that were seen to work.
 */
async function create(
  client: SecretsManagerClient,
  user: IamUser,
  name: string,
  { kmsKeyId }: SecretSettings,
): Promise<SecretState> {
  const input = {
    Name: name,
    SecretString: NOTHING_YET,
    Description: `Access key of the IAM user ${user.userName}. Written by access-key-rotation.`,
    Tags: [
      { Key: 'access-key-rotation:managed', Value: 'true' },
      // Tag values don't take a comma either.
      { Key: 'access-key-rotation:user', Value: encodeUserName(user.userName) },
    ],
    ...(kmsKeyId === undefined ? {} : { KmsKeyId: kmsKeyId }),
  };
  const { VersionId } = await ask('secretsmanager:CreateSecret', () =>
    client.send(new CreateSecretCommand(input)),
  );
  return { name, exists: true, ...(VersionId === undefined ? {} : { currentVersion: VersionId }) };
}

/**
 * Puts the key there in the form in which `credential_process` reads credentials, plus whose it is,
 * as AWSPENDING: consumers read AWSCURRENT.
 */
async function putValue(
  client: SecretsManagerClient,
  user: IamUser,
  key: CreatedKey,
  name: string,
  accountId: string,
): Promise<void> {
  const input = {
    SecretId: name,
    SecretString: JSON.stringify({
      Version: 1,
      AccessKeyId: key.id,
      SecretAccessKey: key.secret,
      AccountId: accountId,
      UserName: user.userName,
    }),
    ClientRequestToken: versionOf(key.id),
    VersionStages: ['AWSPENDING'],
  };
  try {
    await client.send(new PutSecretValueCommand(input));
  } catch (error) {
    throw withoutSecret(error, key.secret);
  }
}

/** AWS refuses it when AWSCURRENT is no longer where it was: another run has been here. */
async function promote(
  client: SecretsManagerClient,
  version: string,
  { name, currentVersion }: SecretState,
): Promise<void> {
  const input = {
    SecretId: name,
    VersionStage: 'AWSCURRENT',
    MoveToVersionId: version,
    ...(currentVersion === undefined ? {} : { RemoveFromVersionId: currentVersion }),
  };
  try {
    await client.send(new UpdateSecretVersionStageCommand(input));
  } catch (error) {
    // After a lost answer the second try finds the stage moved, and is refused.
    const found = await describe(client, name);
    if (versionAt(found, 'AWSCURRENT') === version) return;
    throw refusalOf(error, 'secretsmanager:UpdateSecretVersionStage');
  }
}

/** Written with every version: a user deleted and made anew has the same name but not the same right. */
async function letTheUserRead(
  client: SecretsManagerClient,
  user: IamUser,
  { name }: SecretState,
): Promise<void> {
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'TheUserReadsItsOwnKey',
        Effect: 'Allow',
        Principal: { AWS: user.arn },
        Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        Resource: '*',
      },
    ],
  };
  await ask('secretsmanager:PutResourcePolicy', () =>
    client.send(
      new PutResourcePolicyCommand({
        SecretId: name,
        ResourcePolicy: JSON.stringify(policy),
        BlockPublicPolicy: true,
      }),
    ),
  );
}

/** Services may repeat a value they refuse; the secret must not get out that way. */
function withoutSecret(error: unknown, secret: string): Refusal {
  const { failure } = refusalOf(error, 'secretsmanager:PutSecretValue');
  return new Refusal({ ...failure, message: failure.message.replaceAll(secret, '[secret]') });
}

const scheduledForDeletion = (name: string): Refusal =>
  new Refusal({
    kind: 'conflict',
    during: 'secretsmanager:DescribeSecret',
    message: `the secret ${name} is scheduled for deletion`,
    nextStep: `Restore it: aws secretsmanager restore-secret --secret-id ${name}`,
  });
