import {
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { definedOnly } from '../../domain/defined-only.ts';
import type { CreatedKey } from '../../run/ports/keys.ts';
import type { SecretOwner, SecretState } from '../../run/ports/secrets.ts';
import { operationErrorOf, required } from '../client/errors.ts';
import { describeSecret } from './describe-secret.ts';
import { redact } from './redact.ts';
import { versionAt, versionOf } from './secret-version.ts';
import { sesSmtpPassword } from './ses-smtp-password.ts';

/**
 * Puts the key there in the form in which `credential_process` reads credentials, plus whose it is,
 * as AWSPENDING: consumers read AWSCURRENT.
 */
export async function putValue(
  client: SecretsManagerClient,
  user: SecretOwner,
  key: CreatedKey,
  accountId: string,
  { name, sesRegion }: { readonly name: string; readonly sesRegion: string | undefined },
): Promise<void> {
  const smtpPassword = sesRegion === undefined ? undefined : sesSmtpPassword(key.secret, sesRegion);
  const input = {
    SecretId: name,
    SecretString: JSON.stringify({
      Version: 1,
      AccessKeyId: key.id,
      SecretAccessKey: key.secret,
      AccountId: accountId,
      UserName: user.userName,
      ...definedOnly({ SesSmtpPassword: smtpPassword }),
    }),
    ClientRequestToken: versionOf(key.id),
    VersionStages: ['AWSPENDING'],
  };
  try {
    const { ARN } = await client.send(new PutSecretValueCommand(input));
    required('secretsmanager:PutSecretValue', ARN, 'the ARN of the secret');
  } catch (error) {
    const redacted = redact(error, key.secret, 'secretsmanager:PutSecretValue');
    throw smtpPassword === undefined
      ? redacted
      : redact(redacted, smtpPassword, 'secretsmanager:PutSecretValue');
  }
}

/** AWS refuses it when AWSCURRENT is no longer where it was: another run has been here. */
export async function promote(
  client: SecretsManagerClient,
  version: string,
  { name, currentVersion }: SecretState,
): Promise<void> {
  const input = {
    SecretId: name,
    VersionStage: 'AWSCURRENT',
    MoveToVersionId: version,
    ...definedOnly({ RemoveFromVersionId: currentVersion }),
  };
  try {
    const { ARN } = await client.send(new UpdateSecretVersionStageCommand(input));
    required('secretsmanager:UpdateSecretVersionStage', ARN, 'the ARN of the secret');
  } catch (error) {
    // After a lost answer the second try finds the stage moved, and is refused.
    const found = await describeSecret(client, name);
    if (versionAt(found, 'AWSCURRENT') === version) return;
    throw operationErrorOf(error, 'secretsmanager:UpdateSecretVersionStage');
  }
}
