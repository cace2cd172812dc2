import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretStore } from '../../run/ports/secrets.ts';
import { countCalls } from '../client/call-counts.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { secretsManagerStore } from './secret-store.ts';

/** Opens the secrets of an account, with a client of their own. */
export type OpenSecrets = (
  aws: AwsSettings,
  options: Parameters<typeof secretsManagerStore>[1],
) => SecretStore;

export const openSecrets: OpenSecrets = (aws, options) => {
  const client = countCalls(new SecretsManagerClient(clientConfig(aws)), aws.counts);
  return secretsManagerStore(client, options);
};
