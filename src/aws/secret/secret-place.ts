import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { OperationError } from '../../domain/errors.ts';
import { secretNameOfVeryUser } from '../../domain/secrets/secret-name.ts';
import type { ListedKey } from '../../run/ports/keys.ts';
import type { SecretOwner } from '../../run/ports/secrets.ts';
import { describeSecret, type FoundSecret } from './describe-secret.ts';
import type { SecretList } from './secret-list.ts';
import { MANAGED, tagIn, USER_ID } from './secret-tags.ts';
import { isNamedAfterKey, versionAt, versionOf } from './secret-version.ts';

/* Which secret is a user's. One of somebody else is never written. */

export interface Place {
  readonly name: string;
  /** Absent: it is to be made. */
  readonly secret?: PlaceSecret;
  /** Made for this very user by an earlier version, which did not write down the user's id. */
  readonly isUnclaimed: boolean;
}

type PlaceSecret = Pick<FoundSecret, 'ARN' | 'VersionIdsToStages' | 'Tags' | 'DeletedDate' | 'PrimaryRegion'>;

export type ListKeys = (userName: string) => Promise<readonly Pick<ListedKey, 'id'>[]>;

/**
 * The place for a user's keys, as it is. Another user had the name before where the usual secret is
 * another one's; then the user's id makes a name of its own, which is kept.
 * @param usualName the name without that
 * @throws OperationError `conflict` when a secret that isn't ours is in the way, or the user's own
 *   can't take a key; what to do is in it
 */
export async function findPlace(
  client: SecretsManagerClient,
  user: SecretOwner,
  usualName: string,
  keysOf: ListKeys,
): Promise<Place> {
  const usual = await look(client, user, usualName, keysOf);
  if (usual.whose === 'user') return checked(client, usual);
  const own = await look(client, user, secretNameOfVeryUser(usualName, user.userId), keysOf);
  if (own.whose === 'user') return checked(client, own);
  // In the way of a name that can be nobody else's: never by our doing.
  if (own.whose === 'another-user') throw notOurs(own.name);
  return usual.whose === 'nobody' ? usual : own;
}

/**
 * The same by a list of the account's secrets, where that settles it: the secret is the user's own beyond
 * doubt, or none is in the way. Undefined where it has to be looked at.
 */
export async function findPlaceIn(
  list: Pick<SecretList, 'find'>,
  client: SecretsManagerClient,
  user: SecretOwner,
  usualName: string,
): Promise<Place | undefined> {
  const veryOwn = secretNameOfVeryUser(usualName, user.userId);
  const usual = await list.find(usualName);
  if (usual === 'none') {
    // What else may be there without being listed, AWS refuses to make a second time.
    return (await list.find(veryOwn)) === 'none' ? { name: usualName, isUnclaimed: false } : undefined;
  }
  if (usual === 'unknown' || tagIn(usual.Tags, USER_ID) !== user.userId) return undefined;
  const { SecretVersionsToStages: VersionIdsToStages, ...rest } = usual;
  if (VersionIdsToStages === undefined) return undefined;
  return checked(client, { name: usualName, secret: { ...rest, VersionIdsToStages }, isUnclaimed: false });
}

interface Looked extends Place {
  readonly whose: 'user' | 'another-user' | 'nobody';
}

async function look(
  client: SecretsManagerClient,
  user: SecretOwner,
  name: string,
  keysOf: ListKeys,
): Promise<Looked> {
  const secret = await describeSecret(client, name);
  if (secret === undefined) return { name, whose: 'nobody', isUnclaimed: false };
  if (tagIn(secret.Tags, MANAGED) !== 'true') throw notOurs(name);
  const userId = tagIn(secret.Tags, USER_ID);
  if (userId !== undefined) {
    return { name, secret, whose: userId === user.userId ? 'user' : 'another-user', isUnclaimed: false };
  }
  const isUsers = holdsKeyOf(secret, await keysOf(user.userName));
  return { name, secret, whose: isUsers ? 'user' : 'another-user', isUnclaimed: true };
}

/**
 * Whether consumers of a secret read a key of this very user; or, where they read none at all yet,
 * whether one waits there to be delivered.
 */
function holdsKeyOf(secret: PlaceSecret, keys: readonly Pick<ListedKey, 'id'>[]): boolean {
  const versions = keys.map(({ id }) => versionOf(id));
  const current = versionAt(secret, 'AWSCURRENT');
  const telling =
    current !== undefined && !isNamedAfterKey(current) ? versionAt(secret, 'AWSPENDING') : current;
  return telling !== undefined && versions.includes(telling);
}

async function checked(client: SecretsManagerClient, place: Place): Promise<Place> {
  const { name, secret } = place;
  if (secret?.DeletedDate !== undefined) throw scheduledForDeletion(name);
  if (secret?.PrimaryRegion !== undefined) {
    const region = await client.config.region();
    if (secret.PrimaryRegion !== region) throw isReplica(name, region, secret.PrimaryRegion);
  }
  return place;
}

const conflict = (message: string, nextStep: string): OperationError =>
  new OperationError({ kind: 'conflict', during: 'secretsmanager:DescribeSecret', message, nextStep });

const scheduledForDeletion = (name: string): OperationError =>
  conflict(
    `the secret ${name} is scheduled for deletion`,
    `Restore it: aws secretsmanager restore-secret --secret-id ${name}`,
  );

const isReplica = (name: string, region: string, primary: string): OperationError =>
  conflict(
    `the secret ${name} in ${region} is a replica of the one in ${primary}, and can't be written to`,
    `Run the service in ${primary}, or make the replica a secret of its own: aws secretsmanager stop-replication-to-replica --region ${region} --secret-id ${name}`,
  );

const notOurs = (name: string): OperationError =>
  conflict(
    `there is a secret ${name} that this service did not make for the user; it is left alone`,
    `Delete it or keep its value under another name. If it was made by this service and only its tag ${MANAGED} was taken away, put that back with the value true.`,
  );
