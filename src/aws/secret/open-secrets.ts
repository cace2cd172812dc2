import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretStore } from '../../run/ports/secrets.ts';
import { counted } from '../client/call-counts.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { readOnly } from '../client/read-only.ts';
import { secretsManagerStore } from './secret-store.ts';

/** Opens the secrets of an account, with a client of their own. */
export type OpenSecrets = (
  aws: AwsSettings,
  onlyReading: boolean,
  options: Parameters<typeof secretsManagerStore>[1],
) => SecretStore;

export const openSecrets: OpenSecrets = (aws, onlyReading, options) => {
  const client = counted(new SecretsManagerClient(clientConfig(aws)), aws.counts);
  if (onlyReading) readOnly(client);
  return secretsManagerStore(client, options);
};
