import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Delivery } from '../../domain/rotation/key.ts';
import { describeSecret } from './describe-secret.ts';
import { versionOf, versionsOf } from './secret-version.ts';

/** What consumers of a secret find of a key. */
export async function deliveryIn(
  client: SecretsManagerClient,
  secretId: string,
  accessKeyId: string,
): Promise<Delivery> {
  const secret = await describeSecret(client, secretId);
  if (secret === undefined) return 'gone';
  if (secret.DeletedDate !== undefined) return 'deleting';
  const stages = versionsOf(secret)[versionOf(accessKeyId)] ?? [];
  return stages.includes('AWSCURRENT') ? 'current' : 'superseded';
}
