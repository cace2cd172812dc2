import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { secretNameOf } from '../../src/domain/secrets/secret-name.ts';
import type { Credentials } from './emulator/emulator.ts';
import { REGION } from './world.ts';

/* What the owners of keys do, with real signed calls. */

const config = (endpoint: string, credentials: Credentials) => ({
  endpoint,
  region: REGION,
  credentials,
  maxAttempts: 1,
});

/** Whether a call signed with these credentials is answered, and for which user. */
export async function whoAmI(endpoint: string, credentials: Credentials): Promise<string | undefined> {
  const sts = new STSClient(config(endpoint, credentials));
  try {
    return (await sts.send(new GetCallerIdentityCommand({}))).Arn;
  } catch {
    return undefined;
  } finally {
    sts.destroy();
  }
}

/** The user's own way to its new key: reading its secret with the key it has. */
export async function readOwnSecret(
  endpoint: string,
  userName: string,
  credentials: Credentials,
): Promise<Credentials | undefined> {
  const client = new SecretsManagerClient(config(endpoint, credentials));
  try {
    const command = new GetSecretValueCommand({
      SecretId: secretNameOf(userName),
      VersionStage: 'AWSCURRENT',
    });
    const { SecretString } = await client.send(command);
    const value = JSON.parse(SecretString ?? '') as { AccessKeyId: string; SecretAccessKey: string };
    return { accessKeyId: value.AccessKeyId, secretAccessKey: value.SecretAccessKey };
  } catch {
    return undefined;
  } finally {
    client.destroy();
  }
}
