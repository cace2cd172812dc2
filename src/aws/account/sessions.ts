import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import type { Account } from '../../domain/account.ts';
import type { AccountSession, Entrance, Sessions } from '../../run/ports/accounts.ts';
import type { Clock } from '../../run/ports/clock.ts';
import type { SecretStore } from '../../run/ports/secrets.ts';
import { counted } from '../client/call-counts.ts';
import { clientConfig, patient, sentOnce, type AwsSettings } from '../client/config.ts';
import { shared } from '../client/credentials.ts';
import { lazy } from '../client/lazy.ts';
import { READ_ONLY_SESSION_POLICY, readOnly } from '../client/read-only.ts';
import { assumeRole, callerIdentity, sessionNameOf, type CallerIdentity } from './assume-role.ts';
import { iamInventory } from './inventory.ts';
import { iamKeyWriter } from './key-writer.ts';
import { stsVerifier } from './verifier.ts';

export interface RoleSettings {
  readonly roleName: string;
  /** With a slash at both ends. */
  readonly rolePath: string;
  readonly externalId?: string;
  readonly runId: string;
}

/** Enters the accounts: by role, except the one the service runs in, where it is already. */
export function stsSessions(settings: AwsSettings, role: RoleSettings, clock: Clock): Sessions {
  const sts = counted(new STSClient(clientConfig(settings)), settings.counts);
  let known: Promise<CallerIdentity> | undefined;
  const identity = () =>
    (known ??= callerIdentity(sts).catch((error: unknown) => {
      known = undefined; // the next account may have more luck
      throw error;
    }));

  return {
    caller: async () => (await identity()).arn,
    open: async (account, entrance) => {
      const { accountId, partition } = await identity();
      if (account.id === accountId) return accountSession(account, settings, settings, entrance, clock);
      const request = {
        roleArn: `arn:${partition}:iam::${account.id}:role${role.rolePath}${role.roleName}`,
        sessionName: sessionNameOf(role.runId),
        ...(role.externalId === undefined ? {} : { externalId: role.externalId }),
        ...(entrance.readOnly ? { sessionPolicy: READ_ONLY_SESSION_POLICY } : {}),
        nextStep: `Deploy the member role ${role.rolePath}${role.roleName} into ${account.id}, or check that its trust policy admits ${accountId} and its external id is ROTATION_EXTERNAL_ID.`,
      };
      const fetch = () => assumeRole(sts, request);
      const credentials = shared(fetch, await fetch(), () => clock.now());
      return accountSession(account, { ...settings, credentials }, settings, entrance, clock);
    },
  };
}

/**
 * @param member how the account is called
 * @param service how the account of the service is called, where central secrets are
 */
function accountSession(
  { id }: Account,
  member: AwsSettings,
  service: AwsSettings,
  { readOnly: onlyReading, secrets: place }: Entrance,
  { sleep }: Clock,
): AccountSession {
  const iam = new IAMClient(patient(member));
  const once = new IAMClient(sentOnce(member));
  for (const client of [iam, once]) {
    counted(client, member.counts);
    if (onlyReading) readOnly(client);
  }
  // Most accounts have nothing to replace today.
  const secrets = lazy<SecretStore>(['look', 'stageOf', 'store', 'share', 'promote'], async () => {
    const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
    const { secretsManagerStore } = await import('../secret/secret-store.ts');
    const client = new SecretsManagerClient(clientConfig(place.delivery === 'central' ? service : member));
    counted(client, member.counts);
    if (onlyReading) readOnly(client);
    return secretsManagerStore(client, { accountId: id, place, sleep });
  });
  return {
    inventory: iamInventory(iam),
    writer: iamKeyWriter(iam, once),
    secrets,
    verifier: stsVerifier(member, id),
  };
}
