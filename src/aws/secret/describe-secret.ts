import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { kindOf, operationErrorOf, required } from '../client/errors.ts';

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
    const found = await client.send(new DescribeSecretCommand({ SecretId: id }));
    required('secretsmanager:DescribeSecret', found.ARN, 'the ARN of the secret');
    return found;
  } catch (error) {
    if (kindOf(error) === 'not-found') return undefined;
    throw operationErrorOf(error, 'secretsmanager:DescribeSecret');
  }
}
