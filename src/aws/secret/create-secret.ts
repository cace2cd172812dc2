import {
  CreateSecretCommand,
  type CreateSecretCommandOutput,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { definedOnly } from '../../domain/defined-only.ts';
import { encodeUserName } from '../../domain/secrets/secret-name.ts';
import type { SecretLocation } from '../../run/ports/accounts.ts';
import type { SecretOwner } from '../../run/ports/secrets.ts';
import { ask, required } from '../client/errors.ts';
import { ACCOUNT, MANAGED, PREPARED_BY, USER, USER_ID } from './secret-tags.ts';

/** What a secret holds before its first key was seen to work: nothing that anybody could use. */
const NOTHING_YET = '{}';

/**
 * Makes the secret without a key in it. The first version of a secret is AWSCURRENT at once, and
 * consumers are to read keys only that were seen to work.
 */
export async function createSecret(
  client: SecretsManagerClient,
  { userName, userId }: SecretOwner,
  name: string,
  runId: string | undefined,
  { accountId, place }: { readonly accountId: string; readonly place: SecretLocation },
): Promise<CreateSecretCommandOutput> {
  const central = place.delivery === 'central';
  const whose = central ? `${userName} of account ${accountId}` : userName;
  const input = {
    Name: name,
    SecretString: NOTHING_YET,
    Description: `Access key of the IAM user ${whose}. Written by access-key-rotation.`,
    Tags: [
      { Key: MANAGED, Value: 'true' },
      { Key: USER, Value: encodeUserName(userName) },
      { Key: USER_ID, Value: userId },
      ...(central ? [{ Key: ACCOUNT, Value: accountId }] : []),
      ...(runId === undefined ? [] : [{ Key: PREPARED_BY, Value: runId }]),
    ],
    ...definedOnly({ KmsKeyId: place.kmsKeyId }),
  };
  const action = 'secretsmanager:CreateSecret';
  const created = await ask(action, () => client.send(new CreateSecretCommand(input)));
  required(action, created.ARN, 'the ARN of the secret');
  return created;
}
