import type { CreateSecretCommandOutput, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createHash } from 'node:crypto';
import { definedOnly } from '../../domain/defined-only.ts';
import { isKind, OperationError } from '../../domain/errors.ts';
import { centralSecretNameOf, secretNameOf, secretNameOfVeryUser } from '../../domain/secrets/secret-name.ts';
import type { SecretLocation } from '../../run/ports/accounts.ts';
import type { Clock } from '../../run/ports/clock.ts';
import type { SecretOwner, SecretState, SecretStore } from '../../run/ports/secrets.ts';
import { createSecret } from './create-secret.ts';
import { deliveryIn, isListedAsCurrent } from './delivery.ts';
import { describeSecret } from './describe-secret.ts';
import { replicate } from './replicas.ts';
import type { SecretList } from './secret-list.ts';
import { findPlace, findPlaceIn, type ListKeys, type Place } from './secret-place.ts';
import { putFirstPolicy, putPolicyRight, statementsFor, type PolicyPutRight } from './secret-policy.ts';
import { FOREIGN_STATEMENTS, PREPARED_BY, tagIn, tagSecret, USER_ID } from './secret-tags.ts';
import { promote, putValue } from './secret-value.ts';
import { versionAt, versionOf, versionsOf } from './secret-version.ts';

export interface SecretSettings {
  /** The account of the users; the secrets are in the account of the client. */
  readonly accountId: string;
  readonly place: SecretLocation;
  readonly sleep: Clock['sleep'];
  /** Asked where a secret doesn't say whom it was made for. */
  readonly keysOf: ListKeys;
  /** The secrets of the account's users. */
  readonly listed: Pick<SecretList, 'find'>;
  /**
   * The client for a secret that may have been delivered elsewhere than the settings say now; undefined:
   * the usual one. Rejects where nobody may look.
   */
  readonly clientOf?: (secretId: string) => Promise<SecretsManagerClient | undefined>;
}

export function secretsManagerStore(client: SecretsManagerClient, settings: SecretSettings): SecretStore {
  const { accountId, place, keysOf, listed, clientOf } = settings;
  const central = place.delivery === 'central';
  const nameOf = (userName: string) =>
    central ? centralSecretNameOf(accountId, userName) : secretNameOf(userName);
  const namesOf = ({ userName, userId }: SecretOwner) => {
    const name = nameOf(userName);
    return [name, secretNameOfVeryUser(name, userId)];
  };
  // In the user's own account the name finds it.
  const stateOf = ({ name, secret, isUnclaimed }: Place): SecretState => ({
    name,
    exists: secret !== undefined,
    ...definedOnly({
      arn: central ? secret?.ARN : undefined,
      currentVersion: versionAt(secret, 'AWSCURRENT'),
      preparedBy: tagIn(secret?.Tags, PREPARED_BY),
      isUnclaimed: isUnclaimed || undefined,
      statementsNamed: tagIn(secret?.Tags, FOREIGN_STATEMENTS),
    }),
  });
  const look: SecretStore['look'] = async (user, asOf) => {
    const usualName = nameOf(user.userName);
    const listedPlace = asOf === 'listed' ? await findPlaceIn(listed, client, user, usualName) : undefined;
    return stateOf(listedPlace ?? (await findPlace(client, user, usualName, keysOf)));
  };
  const makeReady = async (user: SecretOwner, looked: SecretState, runId?: string): Promise<SecretState> => {
    const { name, isUnclaimed = false, preparedBy } = looked;
    if (isUnclaimed) await tagSecret(client, name, USER_ID, user.userId);
    const policy = await putPolicyRight(client, name, statementsFor(user, place), isUnclaimed);
    const foreignStatements = await newForeignStatements(client, policy, looked);
    await replicate(client, name, place, settings.sleep);
    // Last: what is written here says that a key is made next.
    if (runId !== undefined && preparedBy !== runId) await tagSecret(client, name, PREPARED_BY, runId);
    return { ...looked, ...definedOnly({ foreignStatements }) };
  };
  const make = async (user: SecretOwner, name: string, runId?: string): Promise<SecretState> => {
    let created: CreateSecretCommandOutput;
    try {
      created = await createSecret(client, user, name, runId, settings);
    } catch (error) {
      return await makeReady(user, await foundInTheWay(error, name, () => look(user)), runId);
    }
    await putFirstPolicy(client, name, statementsFor(user, place));
    await replicate(client, name, place, settings.sleep);
    return stateOf({ name, secret: locatedAs(created), isUnclaimed: false });
  };
  return {
    look,
    prepare: (user, looked, runId) =>
      looked.exists ? makeReady(user, looked, runId) : make(user, looked.name, runId),
    deliveryOf: async (userName, accessKeyId, secretName, asOf) => {
      const id = secretName ?? nameOf(userName);
      try {
        if (asOf === 'listed' && (await isListedAsCurrent(listed, id, accessKeyId))) return 'current';
        const there = secretName === undefined ? undefined : await clientOf?.(secretName);
        return await deliveryIn(there ?? client, id, accessKeyId);
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

/** The first version of a secret is AWSCURRENT at once. */
const locatedAs = ({ ARN, VersionId }: CreateSecretCommandOutput): NonNullable<Place['secret']> => ({
  ARN,
  VersionIdsToStages: VersionId === undefined ? {} : { [VersionId]: ['AWSCURRENT'] },
});

/**
 * What stands where a secret was to be made: a list doesn't show it at once, and never what isn't ours.
 * @throws OperationError when the user's key can't go there
 */
async function foundInTheWay(
  error: unknown,
  name: string,
  look: () => Promise<SecretState>,
): Promise<SecretState> {
  if (!isKind(error, 'conflict', 'unknown')) throw error;
  const found = await look();
  if (found.name !== name) throw movedMeanwhile(found.name);
  if (!found.exists) throw error;
  return found;
}

const movedMeanwhile = (name: string): OperationError =>
  new OperationError({
    kind: 'changed-meanwhile',
    during: 'prepare the secret',
    message: `the place of the user's keys is ${name} by now`,
    nextStep: 'Nothing to do: the next run decides anew.',
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
  { foreign, names }: PolicyPutRight,
  { name, statementsNamed }: SecretState,
): Promise<readonly string[] | undefined> {
  if (names.length === 0) return undefined;
  const fingerprint = createHash('sha256').update(JSON.stringify(foreign)).digest('hex').slice(0, 16);
  if (statementsNamed === fingerprint) return undefined;
  await tagSecret(client, name, FOREIGN_STATEMENTS, fingerprint);
  return names;
}
