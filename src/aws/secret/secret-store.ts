import {
  CreateSecretCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
  type CreateSecretCommandOutput,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { createHash } from 'node:crypto';
import { definedOnly } from '../../domain/defined-only.ts';
import {
  centralSecretNameOf,
  encodeUserName,
  secretNameOf,
  secretNameOfVeryUser,
} from '../../domain/secrets/secret-name.ts';
import type { SecretLocation } from '../../run/ports/accounts.ts';
import type { Clock } from '../../run/ports/clock.ts';
import type { CreatedKey } from '../../run/ports/keys.ts';
import type { SecretOwner, SecretState, SecretStore } from '../../run/ports/secrets.ts';
import { ask, operationErrorOf, required } from '../client/errors.ts';
import { deliveryIn } from './delivery.ts';
import { describeSecret, type FoundSecret } from './describe-secret.ts';
import { redact } from './redact.ts';
import { replicate } from './replicas.ts';
import { findPlace, type ListKeys } from './secret-place.ts';
import { putPolicyRight, statementsFor, type PolicyPutRight } from './secret-policy.ts';
import {
  ACCOUNT,
  FOREIGN_STATEMENTS,
  MANAGED,
  PREPARED_BY,
  tagIn,
  tagSecret,
  USER,
  USER_ID,
} from './secret-tags.ts';
import { versionAt, versionOf, versionsOf } from './secret-version.ts';
import { sesSmtpPassword } from './ses-smtp-password.ts';

export interface SecretSettings {
  /** The account of the users; the secrets are in the account of the client. */
  readonly accountId: string;
  readonly place: SecretLocation;
  readonly sleep: Clock['sleep'];
  /** Asked where a secret doesn't say whom it was made for. */
  readonly keysOf: ListKeys;
  /**
   * The client for a secret that may have been delivered elsewhere than the settings say now; undefined:
   * the usual one. Rejects where nobody may look.
   */
  readonly clientOf?: (secretId: string) => Promise<SecretsManagerClient | undefined>;
}

export function secretsManagerStore(client: SecretsManagerClient, settings: SecretSettings): SecretStore {
  const { accountId, place, keysOf, clientOf } = settings;
  const central = place.delivery === 'central';
  const nameOf = (userName: string) =>
    central ? centralSecretNameOf(accountId, userName) : secretNameOf(userName);
  const namesOf = ({ userName, userId }: SecretOwner) => {
    const name = nameOf(userName);
    return [name, secretNameOfVeryUser(name, userId)];
  };
  const placeOf = (user: SecretOwner) => findPlace(client, user, nameOf(user.userName), keysOf);
  // In the user's own account the name finds it.
  const stateOf = (name: string, { ARN, VersionIdsToStages }: Located): SecretState => ({
    name,
    exists: true,
    ...definedOnly({
      arn: central ? ARN : undefined,
      currentVersion: versionAt({ VersionIdsToStages }, 'AWSCURRENT'),
    }),
  });
  return {
    prepare: async (user, runId) => {
      const { name, secret, isUnclaimed } = await placeOf(user);
      if (isUnclaimed) await tagSecret(client, name, USER_ID, user.userId);
      const located = secret ?? locatedAs(await create(client, user, name, runId, settings));
      const policy = await putPolicyRight(
        client,
        name,
        statementsFor(user, place),
        secret === undefined || isUnclaimed,
      );
      const foreignStatements = await newForeignStatements(client, name, policy, secret);
      await replicate(client, name, place, settings.sleep);
      // Last: what is written here says that a key is made next.
      if (runId !== undefined && secret !== undefined && tagIn(secret.Tags, PREPARED_BY) !== runId) {
        await tagSecret(client, name, PREPARED_BY, runId);
      }
      return { ...stateOf(name, located), ...definedOnly({ foreignStatements }) };
    },
    look: async (user) => {
      const { name, secret } = await placeOf(user);
      if (secret === undefined) return { name, exists: false };
      return { ...stateOf(name, secret), ...definedOnly({ preparedBy: tagIn(secret.Tags, PREPARED_BY) }) };
    },
    deliveryOf: async (userName, accessKeyId, secretName) => {
      try {
        const there = secretName === undefined ? undefined : await clientOf?.(secretName);
        return await deliveryIn(there ?? client, secretName ?? nameOf(userName), accessKeyId);
      } catch {
        return 'unknown';
      }
    },
    hasHeld: async (user, accessKeyId, secretName) => {
      const there = secretName === undefined ? undefined : await clientOf?.(secretName);
      const names = secretName === undefined ? namesOf(user) : [secretName];
      for (const one of names) {
        if ((await stagesIn(there ?? client, one, accessKeyId)).length > 0) return true;
      }
      return false;
    },
    stageOf: async (user, accessKeyId) => {
      const stages: string[] = [];
      for (const one of namesOf(user)) stages.push(...(await stagesIn(client, one, accessKeyId)));
      if (stages.includes('AWSCURRENT') || stages.includes('AWSPREVIOUS')) return 'delivered';
      return stages.includes('AWSPENDING') ? 'pending' : 'none';
    },
    store: (user, key, { name }, sesRegion) => putValue(client, user, key, accountId, { name, sesRegion }),
    promote: ({ id }, state) => promote(client, versionOf(id), state),
  };
}

type Located = Pick<FoundSecret, 'ARN' | 'VersionIdsToStages'>;

/** The first version of a secret is AWSCURRENT at once. */
const locatedAs = ({ ARN, VersionId }: CreateSecretCommandOutput): Located => ({
  ARN,
  VersionIdsToStages: VersionId === undefined ? {} : { [VersionId]: ['AWSCURRENT'] },
});

const stagesIn = async (
  client: SecretsManagerClient,
  name: string,
  accessKeyId: string,
): Promise<readonly string[]> => {
  const secret = await describeSecret(client, name);
  return secret === undefined ? [] : (versionsOf(secret)[versionOf(accessKeyId)] ?? []);
};

/** The names of the statements that are not ours, unless they are those that were named before. */
async function newForeignStatements(
  client: SecretsManagerClient,
  name: string,
  { foreign, names }: PolicyPutRight,
  secret: FoundSecret | undefined,
): Promise<readonly string[] | undefined> {
  if (names.length === 0) return undefined;
  const fingerprint = createHash('sha256').update(JSON.stringify(foreign)).digest('hex').slice(0, 16);
  if (tagIn(secret?.Tags, FOREIGN_STATEMENTS) === fingerprint) return undefined;
  await tagSecret(client, name, FOREIGN_STATEMENTS, fingerprint);
  return names;
}

/** What a secret holds before its first key was seen to work: nothing that anybody could use. */
const NOTHING_YET = '{}';

/**
 * Makes the secret without a key in it. The first version of a secret is AWSCURRENT at once, and
 * consumers are to read keys only that were seen to work.
 */
async function create(
  client: SecretsManagerClient,
  { userName, userId }: SecretOwner,
  name: string,
  runId: string | undefined,
  { accountId, place }: SecretSettings,
): Promise<CreateSecretCommandOutput> {
  const central = place.delivery === 'central';
  const whose = central ? `${userName} of account ${accountId}` : userName;
  const input = {
    Name: name,
    SecretString: NOTHING_YET,
    Description: `Access key of the IAM user ${whose}. Written by access-key-rotation.`,
    Tags: [
      { Key: MANAGED, Value: 'true' },
      { Key: USER, Value: encodeUserName(userName) },
      { Key: USER_ID, Value: userId },
      ...(central ? [{ Key: ACCOUNT, Value: accountId }] : []),
      ...(runId === undefined ? [] : [{ Key: PREPARED_BY, Value: runId }]),
    ],
    ...definedOnly({ KmsKeyId: place.kmsKeyId }),
  };
  const action = 'secretsmanager:CreateSecret';
  const created = await ask(action, () => client.send(new CreateSecretCommand(input)));
  required(action, created.ARN, 'the ARN of the secret');
  return created;
}

/**
 * Puts the key there in the form in which `credential_process` reads credentials, plus whose it is,
 * as AWSPENDING: consumers read AWSCURRENT.
 */
async function putValue(
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
async function promote(
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
