import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import type { Account } from '../../domain/account.ts';
import type { AccountSession, SessionOptions, Sessions } from '../../run/ports/accounts.ts';
import type { Clock } from '../../run/ports/clock.ts';
import { counted } from '../client/call-counts.ts';
import { clientConfig, patient, sentOnce, type AwsSettings } from '../client/config.ts';
import { shared } from '../client/credentials.ts';
import { READ_ONLY_SESSION_POLICY, readOnly } from '../client/read-only.ts';
import type { OpenSecrets } from '../secret/open-secrets.ts';
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

/**
 * Enters the accounts: by role, except the one the service runs in, where it is already.
 * @param openSecrets handed in, so that what reads no secrets needn't load the client for them
 */
export function openSessions(
  settings: AwsSettings,
  role: RoleSettings,
  clock: Clock,
  openSecrets: OpenSecrets,
): Sessions {
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
      if (account.id === accountId)
        return accountSession(account, settings, settings, entrance, clock, openSecrets);
      const request = {
        roleArn: `arn:${partition}:iam::${account.id}:role${role.rolePath}${role.roleName}`,
        sessionName: sessionNameOf(role.runId),
        ...(role.externalId === undefined ? {} : { externalId: role.externalId }),
        ...(entrance.readOnly ? { sessionPolicy: READ_ONLY_SESSION_POLICY } : {}),
        nextStep: `Deploy the member role ${role.rolePath}${role.roleName} into ${account.id}, or check that its trust policy admits ${accountId} and its external id is ROTATION_EXTERNAL_ID.`,
      };
      const fetch = () => assumeRole(sts, request);
      const credentials = shared(fetch, await fetch(), () => clock.now());
      return accountSession(account, { ...settings, credentials }, settings, entrance, clock, openSecrets);
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
  { readOnly: onlyReading, secrets: place }: SessionOptions,
  { sleep }: Clock,
  openSecrets: OpenSecrets,
): AccountSession {
  const iam = new IAMClient(patient(member));
  const once = new IAMClient(sentOnce(member));
  for (const client of [iam, once]) {
    counted(client, member.counts);
    if (onlyReading) readOnly(client);
  }
  return {
    inventory: iamInventory(iam),
    writer: iamKeyWriter(iam, once),
    secrets: openSecrets(place.delivery === 'central' ? service : member, onlyReading, {
      accountId: id,
      place,
      sleep,
    }),
    verifier: stsVerifier(member, id),
  };
}
