import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { kindOf, operationErrorOf } from '../client/errors.ts';

export type FoundSecret = DescribeSecretCommandOutput;

/**
 * What AWS tells of a secret without its value; also of one that is scheduled for deletion.
 * @returns undefined when there is none
 */
export async function describeSecret(
  client: SecretsManagerClient,
  id: string,
): Promise<FoundSecret | undefined> {
  try {
    return await client.send(new DescribeSecretCommand({ SecretId: id }));
  } catch (error) {
    if (kindOf(error) === 'not-found') return undefined;
    throw operationErrorOf(error, 'secretsmanager:DescribeSecret');
  }
}
