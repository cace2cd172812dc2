import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { fromIni } from '@aws-sdk/credential-provider-ini';
import * as z from 'zod';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { ask, kindOf, badAnswer } from '../client/errors.ts';
import { regionOfSecret, secretNameOf } from '../../domain/secrets/secret-name.ts';

/* The consumer's side: a user reads its own key. The service itself never reads a secret. */

/** A key as its user holds it. */
export interface HeldKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A secret that was made, but no key was seen to work yet. */
const NothingYet = z.strictObject({});
const Stored = z.object({ AccessKeyId: z.string().min(1), SecretAccessKey: z.string().min(1) });

/**
 * The user's current key, read with a key the user has.
 * @param secretId the name or the ARN of its secret, where that is not the usual one of its own account
 * @returns undefined when there is no secret for this user, as before the first replacement. AWS
 *   says so to those only who may read all secrets; to others it denies what isn't there.
 * @throws OperationError `denied` when the key itself is not accepted
 */
export async function readOwnKey(
  settings: Omit<AwsSettings, 'credentials'>,
  userName: string,
  held: HeldKey,
  secretId = secretNameOf(userName),
): Promise<HeldKey | undefined> {
  const region = regionOfSecret(secretId) ?? settings.region;
  const client = new SecretsManagerClient({
    ...clientConfig({ ...settings, region }),
    credentials: { ...held },
    // Programs wait for the answer.
    maxAttempts: 2,
  });
  const input = { SecretId: secretId, VersionStage: 'AWSCURRENT' };
  try {
    const { SecretString } = await ask(
      'secretsmanager:GetSecretValue',
      async () => {
        try {
          return await client.send(new GetSecretValueCommand(input));
        } catch (error) {
          if (kindOf(error) === 'not-found' || isAccessDenied(error)) return { SecretString: undefined };
          throw error;
        }
      },
      { denied: `Check that the key is one of ${userName}, and that it is active.` },
    );
    return SecretString === undefined ? undefined : parse(SecretString);
  } finally {
    client.destroy();
  }
}

const isAccessDenied = (error: unknown): boolean =>
  error instanceof Error && error.name.startsWith('AccessDenied');

function parse(text: string): HeldKey | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined; // what can't be parsed may hold a secret, so no error repeats it
  }
  if (NothingYet.safeParse(value).success) return undefined;
  const parsed = Stored.safeParse(value);
  if (!parsed.success) throw badAnswer('secretsmanager:GetSecretValue', 'AccessKeyId or SecretAccessKey');
  return { accessKeyId: parsed.data.AccessKeyId, secretAccessKey: parsed.data.SecretAccessKey };
}

/**
 * The key that is written in a profile of the AWS config files.
 * @throws Error when the profile has none
 */
export async function keyOfProfile(profile: string): Promise<HeldKey> {
  const { accessKeyId, secretAccessKey } = await fromIni({ profile, ignoreCache: true })();
  return { accessKeyId, secretAccessKey };
}
