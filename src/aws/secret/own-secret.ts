import { lookup } from 'node:dns/promises';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Failure } from '../../domain/errors.ts';
import { regionOfSecret } from '../../domain/secrets/secret-name.ts';
import type { HeldKey, SecretAnswer } from '../../run/ports/own-key.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { badAnswer, kindOf, operationErrorOf } from '../client/errors.ts';
import { whyNoAnswer } from '../client/key-refused.ts';

/* The consumer's side: a user reads its own key. The service itself never reads a secret. */

const DURING = 'secretsmanager:GetSecretValue';

/** Where a secret is looked for: a name is in the region of the settings, an ARN where it says. */
export type OwnSecretSettings = Omit<AwsSettings, 'credentials'>;

/**
 * What the user's secret holds, read with a key the user has.
 * @param secretId its name or its ARN
 */
export async function readOwnSecret(
  settings: OwnSecretSettings,
  held: HeldKey,
  secretId: string,
): Promise<SecretAnswer> {
  const region = regionOfSecret(secretId) ?? settings.region;
  const client = new SecretsManagerClient({
    ...clientConfig({ ...settings, region }),
    credentials: { ...held },
    // Programs wait for the answer.
    maxAttempts: 2,
  });
  try {
    const input = { SecretId: secretId, VersionStage: 'AWSCURRENT' };
    const { SecretString, SecretBinary, VersionId } = await client.send(new GetSecretValueCommand(input));
    // What AWS gives is a version, and always holds something: anything else was not AWS, and proves nothing.
    if (!isText(VersionId)) return oddAnswer('the version of the secret');
    if (SecretString === undefined && SecretBinary === undefined) return oddAnswer('what the secret holds');
    return understand(SecretString);
  } catch (error) {
    return (await wrongRegion(error, region)) ?? answerOf(error, held);
  } finally {
    client.destroy();
  }
}

function answerOf(error: unknown, { accessKeyId }: HeldKey): SecretAnswer {
  if (kindOf(error) === 'not-found') return { kind: 'none' };
  const { name = '', message = '' } = error as { readonly name?: string; readonly message?: string };
  const failure = (nextStep: string): Failure => ({
    ...operationErrorOf(error, DURING).failure,
    nextStep,
  });
  if (name.startsWith('AccessDenied')) {
    return isForbidden(message)
      ? { kind: 'denied', failure: failure(whoForbids(message)) }
      : { kind: 'none' };
  }
  const special = whyNoAnswer(error, DURING, accessKeyId);
  if (special !== undefined) return special;
  return {
    kind: 'denied',
    failure: failure(
      /deletion|deleted/i.test(message)
        ? 'Somebody has scheduled the secret for deletion: let an administrator restore it, or use a key of your own.'
        : 'Look the message up in the documentation of this call.',
    ),
  };
}

/**
 * AWS says whether somebody forbids a call, or merely nobody allows it. The latter is what users hear who
 * have no policy of their own and ask for a secret that isn't there.
 */
const isForbidden = (message: string): boolean =>
  /explicit deny/i.test(message) ||
  /because no (service control|resource control|VPC endpoint|session|permissions boundary)/i.test(message) ||
  /\bKMS\b/.test(message);

const WHO: readonly (readonly [RegExp, string])[] = [
  [/\bKMS\b/, 'The user needs kms:Decrypt on the key that encrypts the secret.'],
  [/(service|resource) control policy/i, 'A policy of the organization forbids it: ask who keeps those.'],
  [
    /VPC endpoint/i,
    'The policy of the VPC endpoint for Secrets Manager has to let secretsmanager:GetSecretValue through.',
  ],
  [/permissions boundary/i, "The user's permissions boundary has to allow secretsmanager:GetSecretValue."],
  [/resource-based/i, "The secret's own policy forbids it: the digest says who may read it."],
];

const whoForbids = (message: string): string =>
  WHO.find(([pattern]) => pattern.test(message))?.[1] ??
  'A policy of the user forbids it. If it asks for MFA, which a program has not, except secretsmanager:GetSecretValue on the secret of the user from that.';

/** An endpoint that has no address, on a network that finds others, is that of a region that there isn't. */
async function wrongRegion(error: unknown, region: string): Promise<SecretAnswer | undefined> {
  const { code, hostname = '' } = error as { readonly code?: string; readonly hostname?: string };
  if (code !== 'ENOTFOUND' || !hostname.includes(`.${region}.`)) return undefined;
  const isOnline = await lookup('sts.amazonaws.com').then(
    () => true,
    () => false,
  );
  if (!isOnline) return undefined;
  return {
    kind: 'denied',
    failure: {
      kind: 'not-found',
      during: DURING,
      message: `there is no ${hostname}, though the network works`,
      nextStep: `Check the region, ${region}.`,
    },
  };
}

const oddAnswer = (lacks: string): SecretAnswer => ({
  kind: 'denied',
  failure: {
    ...badAnswer(DURING, lacks).failure,
    nextStep: 'Find out what answers in the place of Secrets Manager: a proxy, or AWS_ENDPOINT_URL.',
  },
});

function understand(text: string | undefined): SecretAnswer {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    value = undefined; // what can't be parsed may hold a secret, so no error repeats it
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    if (Object.keys(value).length === 0) return { kind: 'no-key-yet' };
    const { AccessKeyId, SecretAccessKey, UserName, AccountId } = value as Readonly<Record<string, unknown>>;
    if (isText(AccessKeyId) && isText(SecretAccessKey)) {
      return {
        kind: 'key',
        key: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey },
        ...(isText(UserName) ? { userName: UserName } : {}),
        ...(isText(AccountId) ? { accountId: AccountId } : {}),
      };
    }
  }
  const { failure } = badAnswer(DURING, 'AccessKeyId or SecretAccessKey');
  const nextStep = 'Somebody has changed the secret by hand: let an administrator put its last version back.';
  return { kind: 'denied', failure: { ...failure, nextStep } };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
