import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { OrphanedSecrets } from '../../run/ports/orphaned-secrets.ts';
import type { SecretStore } from '../../run/ports/secrets.ts';
import { countCalls } from '../client/call-counts.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { secretsManagerOrphans } from './orphaned-secrets.ts';
import { secretList } from './secret-list.ts';
import { secretsManagerStore, type SecretSettings } from './secret-store.ts';

export interface SecretOptions extends Omit<SecretSettings, 'clientOf' | 'listed'> {
  /**
   * How to call AWS where a secret was delivered, if that is elsewhere than secrets are delivered now.
   * Rejects where nobody may look.
   */
  readonly elsewhere: (secretId: string) => Promise<AwsSettings | undefined>;
}

export interface OpenedSecrets {
  readonly secrets: SecretStore;
  readonly orphanedSecrets: OrphanedSecrets;
}

/** Opens the secrets of an account, with a client of their own. */
export type OpenSecrets = (aws: AwsSettings, options: SecretOptions) => OpenedSecrets;

export const openSecrets: OpenSecrets = (aws, { elsewhere, ...settings }) => {
  const clientOf = async (secretId: string) => {
    const there = await elsewhere(secretId);
    return there === undefined ? undefined : clientWith(there);
  };
  const client = clientWith(aws);
  const whose = { accountId: settings.accountId, delivery: settings.place.delivery };
  const listed = secretList(client, whose);
  return {
    secrets: secretsManagerStore(client, { ...settings, clientOf, listed }),
    orphanedSecrets: secretsManagerOrphans(client, listed, whose),
  };
};

const clientWith = (aws: AwsSettings): SecretsManagerClient =>
  countCalls(new SecretsManagerClient(clientConfig(aws)), aws.counts);
