import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Delivery } from '../../domain/rotation/key.ts';
import { describeSecret } from './describe-secret.ts';
import type { SecretList } from './secret-list.ts';
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

/**
 * Whether a list of secrets shows that consumers find the key. Any other answer of a list may be one of
 * some minutes ago, so it is none.
 */
export async function isListedAsCurrent(
  list: Pick<SecretList, 'find'>,
  secretId: string,
  accessKeyId: string,
): Promise<boolean> {
  const secret = await list.find(secretId);
  if (secret === 'none' || secret === 'unknown') return false;
  return secret.SecretVersionsToStages?.[versionOf(accessKeyId)]?.includes('AWSCURRENT') ?? false;
}
