import {
  CreateSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
  type CreateSecretCommandOutput,
  type DescribeSecretCommandOutput,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { createHash } from 'node:crypto';
import { definedOnly } from '../../domain/defined-only.ts';
import { OperationError } from '../../domain/errors.ts';
import { centralSecretNameOf, encodeUserName, secretNameOf } from '../../domain/secrets/secret-name.ts';
import type { SecretLocation } from '../../run/ports/accounts.ts';
import type { Clock } from '../../run/ports/clock.ts';
import type { CreatedKey } from '../../run/ports/keys.ts';
import type { SecretOwner, SecretState, SecretStore } from '../../run/ports/secrets.ts';
import { ask, kindOf, operationErrorOf } from '../client/errors.ts';
import { redact } from './redact.ts';
import { replicate } from './replicas.ts';
import { allowUserToRead } from './secret-policy.ts';

export interface SecretSettings {
  /** The account of the users; the secrets are in the account of the client. */
  readonly accountId: string;
  readonly place: SecretLocation;
  readonly sleep: Clock['sleep'];
}

/**
 * A version of the secret is named after the key it holds, so whether a key's secret is stored can
 * be seen without ever reading a secret.
 */
const versionOf = (accessKeyId: string): string => createHash('sha256').update(accessKeyId).digest('hex');

export function secretsManagerStore(client: SecretsManagerClient, settings: SecretSettings): SecretStore {
  const { accountId, place, sleep } = settings;
  const central = place.delivery === 'central';
  const nameOf = (userName: string) =>
    central ? centralSecretNameOf(accountId, userName) : secretNameOf(userName);
  // In the user's own account the name finds it.
  const stateOf = (name: string, arn: string | undefined, currentVersion: string | undefined) => ({
    name,
    exists: true,
    ...(central && arn !== undefined ? { arn } : {}),
    ...definedOnly({ currentVersion }),
  });
  return {
    look: async (userName) => {
      const name = nameOf(userName);
      const found = await describe(client, name);
      if (found === undefined) return { name, exists: false };
      if (found.DeletedDate !== undefined) throw scheduledForDeletion(name);
      return stateOf(name, found.ARN, versionAt(found, 'AWSCURRENT'));
    },
    stageOf: async (userName, accessKeyId) => {
      const found = await describe(client, nameOf(userName));
      const stages = found?.VersionIdsToStages?.[versionOf(accessKeyId)] ?? [];
      if (stages.includes('AWSCURRENT') || stages.includes('AWSPREVIOUS')) return 'delivered';
      return stages.includes('AWSPENDING') ? 'pending' : 'none';
    },
    store: async (user, key, state) => {
      let made = state;
      if (!state.exists) {
        const { ARN, VersionId } = await create(client, user, state.name, settings);
        made = stateOf(state.name, ARN, VersionId);
      }
      await putValue(client, user, key, made.name, accountId);
      return made;
    },
    share: async (user, state) => {
      await allowUserToRead(client, user, state);
      await replicate(client, state.name, place, sleep);
    },
    promote: ({ id }, state) => promote(client, versionOf(id), state),
  };
}

async function describe(
  client: SecretsManagerClient,
  name: string,
): Promise<DescribeSecretCommandOutput | undefined> {
  try {
    return await client.send(new DescribeSecretCommand({ SecretId: name }));
  } catch (error) {
    if (kindOf(error) === 'not-found') return undefined;
    throw operationErrorOf(error, 'secretsmanager:DescribeSecret');
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
  { userName }: SecretOwner,
  name: string,
  { accountId, place }: SecretSettings,
): Promise<CreateSecretCommandOutput> {
  const central = place.delivery === 'central';
  const whose = central ? `${userName} of account ${accountId}` : userName;
  const input = {
    Name: name,
    SecretString: NOTHING_YET,
    Description: `Access key of the IAM user ${whose}. Written by access-key-rotation.`,
    Tags: [
      { Key: 'access-key-rotation:managed', Value: 'true' },
      // Tag values don't take a comma either.
      { Key: 'access-key-rotation:user', Value: encodeUserName(userName) },
      ...(central ? [{ Key: 'access-key-rotation:account', Value: accountId }] : []),
    ],
    ...definedOnly({ KmsKeyId: place.kmsKeyId }),
  };
  return await ask('secretsmanager:CreateSecret', () => client.send(new CreateSecretCommand(input)));
}

/**
 * Puts the key there in the form in which `credential_process` reads credentials, plus whose it is,
 * as AWSPENDING: consumers read AWSCURRENT.
 */
async function putValue(
  client: SecretsManagerClient,
  user: SecretOwner,
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
    throw redact(error, key.secret, 'secretsmanager:PutSecretValue');
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
    ...definedOnly({ RemoveFromVersionId: currentVersion }),
  };
  try {
    await client.send(new UpdateSecretVersionStageCommand(input));
  } catch (error) {
    // After a lost answer the second try finds the stage moved, and is refused.
    const found = await describe(client, name);
    if (versionAt(found, 'AWSCURRENT') === version) return;
    throw operationErrorOf(error, 'secretsmanager:UpdateSecretVersionStage');
  }
}

const scheduledForDeletion = (name: string): OperationError =>
  new OperationError({
    kind: 'conflict',
    during: 'secretsmanager:DescribeSecret',
    message: `the secret ${name} is scheduled for deletion`,
    nextStep: `Restore it: aws secretsmanager restore-secret --secret-id ${name}`,
  });
