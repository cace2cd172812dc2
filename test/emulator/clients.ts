import { AccountClient } from '@aws-sdk/client-account';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { AssumeRoleCommand, STSClient, type AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import type { Credentials, Emulator } from '../support/emulator/emulator.ts';

export const MANAGEMENT = '123456789012';
export const FIRST_MEMBER = '111111111101';
export const MEMBER_ROLE = `arn:aws:iam::${FIRST_MEMBER}:role/access-key-rotation`;
export const NOW = Date.parse('2026-03-02T09:00:00Z');
export const DAY = 86_400_000;

/** The SDK's clients, each of one attempt: a test wants to see what the emulator answers. */
export function clientsFor(emulator: Emulator, credentials: Credentials, region = 'eu-central-1') {
  const settings = { endpoint: emulator.endpoint, region, credentials, maxAttempts: 1 };
  return {
    account: new AccountClient(settings),
    dynamodb: new DynamoDBClient(settings),
    events: new EventBridgeClient(settings),
    iam: new IAMClient(settings),
    kms: new KMSClient(settings),
    organizations: new OrganizationsClient(settings),
    secrets: new SecretsManagerClient(settings),
    sns: new SNSClient(settings),
    sts: new STSClient(settings),
  };
}

export type Clients = ReturnType<typeof clientsFor>;

/** Enters a role of an account, as the service does. */
export async function assume(
  emulator: Emulator,
  { sts }: Clients,
  roleArn: string,
  input: Partial<AssumeRoleCommandInput> = {},
): Promise<Clients> {
  const { Credentials: made } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'test', ...input }),
  );
  return clientsFor(emulator, {
    accessKeyId: made?.AccessKeyId ?? '',
    secretAccessKey: made?.SecretAccessKey ?? '',
    sessionToken: made?.SessionToken ?? '',
  });
}

/** As someone who may do everything in the account. */
export async function adminOf(emulator: Emulator, accountId: string, region?: string): Promise<Clients> {
  return clientsFor(emulator, await emulator.credentialsFor(accountId, 'administrator'), region);
}

export async function userWith(emulator: Emulator, accessKeyId: string): Promise<Clients> {
  return clientsFor(emulator, await emulator.keyCredentials(accessKeyId));
}

type Problem = Error & { readonly $metadata?: { readonly httpStatusCode?: number } };

export async function problemOf(call: Promise<unknown>): Promise<Problem | undefined> {
  try {
    await call;
    return undefined;
  } catch (problem) {
    return problem as Problem;
  }
}

/** The name of the error a call ends with; "accepted" when it doesn't. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  return (await problemOf(call))?.name ?? 'accepted';
}

/** Lengths of the pages of a list, from the first to the one without a token. */
export async function pageLengths<Page>(
  ask: (token: string | undefined) => Promise<Page>,
  read: (page: Page) => { readonly length: number; readonly next: string | undefined },
): Promise<readonly number[]> {
  const lengths: number[] = [];
  let token: string | undefined;
  do {
    const { length, next } = read(await ask(token));
    lengths.push(length);
    token = next;
  } while (token !== undefined);
  return lengths;
}
