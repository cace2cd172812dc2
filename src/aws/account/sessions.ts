import { definedOnly } from '../../domain/defined-only.ts';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import type { Account } from '../../domain/account.ts';
import { parseArn } from '../../domain/arn.ts';
import { OperationError } from '../../domain/errors.ts';
import type { AccountSession, SessionOptions, Sessions } from '../../run/ports/accounts.ts';
import type { Clock } from '../../run/ports/clock.ts';
import { countCalls } from '../client/call-counts.ts';
import { clientConfig, patient, sentOnce, type AwsSettings } from '../client/config.ts';
import { shared } from '../client/credentials.ts';
import { READ_ONLY_SESSION_POLICY } from './read-only-session.ts';
import type { OpenSecrets, SecretOptions } from '../secret/open-secrets.ts';
import { assumeRole, callerIdentity, sessionNameOf, type CallerIdentity } from './assume-role.ts';
import { readCredentialReport } from './credential-report.ts';
import { iamInventory } from './inventory.ts';
import { cloudTrailUsage } from './key-usage.ts';
import { iamKeyWriter } from './key-writer.ts';
import { signingKeyId } from './signing-key.ts';
import { stsVerifier } from './verifier.ts';

export interface RoleSettings {
  readonly roleName: string;
  /** With a slash at both ends. */
  readonly rolePath: string;
  readonly externalId?: string;
  readonly runId: string;
}

/** Enters accounts by their member roles, and knows who does. */
export function memberRoles(settings: AwsSettings, role: RoleSettings, clock: Pick<Clock, 'now'>) {
  const sts = countCalls(new STSClient(clientConfig(settings)), settings.counts);
  let known: Promise<CallerIdentity> | undefined;
  const identity = () =>
    (known ??= callerIdentity(sts).catch((error: unknown) => {
      known = undefined; // try again for the next account
      throw error;
    }));

  /** @param sessionPolicy what the session may do at most; absent: what the role may */
  const enter = async (accountId: string, sessionPolicy?: string): Promise<AwsSettings> => {
    const { accountId: ownId, partition } = await identity();
    const request = {
      roleArn: `arn:${partition}:iam::${accountId}:role${role.rolePath}${role.roleName}`,
      sessionName: sessionNameOf(role.runId),
      ...definedOnly({ externalId: role.externalId }),
      ...definedOnly({ sessionPolicy }),
      nextStep: nextStepFor(accountId, ownId, role),
    };
    const fetch = () => assumeRole(sts, request);
    const credentials = shared(fetch, await fetch(), () => clock.now());
    return { ...settings, credentials };
  };
  return { sts, identity, enter };
}

/**
 * Enters the accounts, every one by its member role: that of the service, too, whose own role may do
 * nothing with keys or secrets.
 * @param openSecrets handed in, so that what reads no secrets needn't load the client for them
 */
export function openSessions(
  settings: AwsSettings,
  role: RoleSettings,
  clock: Clock,
  openSecrets: OpenSecrets,
): Sessions {
  const { sts, identity, enter } = memberRoles(settings, role, clock);

  // One session for all who need it: the account of the service is also where central secrets are.
  const entered = new Map<string, Promise<AwsSettings>>();
  const enterOnce = (accountId: string, readOnly: boolean): Promise<AwsSettings> => {
    const key = `${accountId} ${readOnly ? 'reads' : 'writes'}`;
    const entering =
      entered.get(key) ??
      enter(accountId, readOnly ? READ_ONLY_SESSION_POLICY : undefined).catch((error: unknown) => {
        entered.delete(key); // the next caller tries again
        throw error;
      });
    entered.set(key, entering);
    return entering;
  };

  return {
    caller: async () => (await identity()).arn,
    signingKeyId: () => signingKeyId(sts),
    open: async (account, options) => {
      const { readOnly, secrets } = options;
      const member = await enterOnce(account.id, readOnly);
      const secretsAccountId = secrets.delivery === 'central' ? (await identity()).accountId : account.id;
      const ofSecrets = await enterOnce(secretsAccountId, readOnly);
      // What a row of the ledger says of a place leads into these two accounts only.
      const elsewhere = async (secretId: string): Promise<AwsSettings | undefined> => {
        const { accountId = account.id, region = settings.region } = parseArn(secretId) ?? {};
        if (accountId === secretsAccountId && region === settings.region) return undefined;
        if (![account.id, (await identity()).accountId].includes(accountId)) throw notEntered(secretId);
        return { ...(await enterOnce(accountId, readOnly)), region };
      };
      return accountSession(account, { member, ofSecrets, elsewhere }, options, clock, openSecrets);
    },
  };
}

/** Only where the role comes from is different in the account of the service. */
function nextStepFor(accountId: string, ownId: string, { rolePath, roleName }: RoleSettings): string {
  const name = `${rolePath}${roleName}`;
  const otherwise = `or check that its trust policy admits ${ownId} and its external id is ROTATION_EXTERNAL_ID.`;
  return accountId === ownId
    ? `Deploy the service again (npx serverless deploy): its stack makes the member role ${name} in ${accountId}; ${otherwise}`
    : `Deploy the member role ${name} into ${accountId}, ${otherwise}`;
}

const notEntered = (secretId: string): OperationError =>
  new OperationError({
    kind: 'not-found',
    during: 'secretsmanager:DescribeSecret',
    message: `${secretId} is neither in the account of its user nor in that of the service`,
    nextStep: 'Look at the ledger: this service writes no such place.',
  });

/** How to call AWS in the account of the users, and in that of their secrets. */
interface Entered {
  readonly member: AwsSettings;
  readonly ofSecrets: AwsSettings;
  readonly elsewhere: SecretOptions['elsewhere'];
}

function accountSession(
  { id }: Account,
  { member, ofSecrets, elsewhere }: Entered,
  { secrets: place }: SessionOptions,
  clock: Clock,
  openSecrets: OpenSecrets,
): AccountSession {
  const iam = new IAMClient(patient(member));
  const once = new IAMClient(sentOnce(member));
  for (const client of [iam, once]) countCalls(client, member.counts);
  const inventory = iamInventory(iam);
  return {
    inventory,
    reports: { read: (until) => readCredentialReport(iam, clock, until) },
    writer: iamKeyWriter(iam, once),
    ...openSecrets(ofSecrets, {
      accountId: id,
      place,
      sleep: clock.sleep,
      keysOf: inventory.keysOf,
      elsewhere,
    }),
    verifier: stsVerifier(member, id),
    usage: cloudTrailUsage(member, clock),
  };
}
