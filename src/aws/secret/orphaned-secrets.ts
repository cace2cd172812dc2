import {
  DeleteSecretCommand,
  RemoveRegionsFromReplicationCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { definedOnly } from '../../domain/defined-only.ts';
import { OperationError } from '../../domain/errors.ts';
import { decodeUserName } from '../../domain/secrets/secret-name.ts';
import type { Instant } from '../../domain/time.ts';
import type { SecretDelivery } from '../../domain/settings/setting.ts';
import type { OrphanedSecrets, OwnSecret } from '../../run/ports/orphaned-secrets.ts';
import { ask } from '../client/errors.ts';
import { describeSecret } from './describe-secret.ts';
import type { ListedSecret, SecretList } from './secret-list.ts';
import { ACCOUNT, MANAGED, ORPHANED_SINCE, tagIn, tagSecret, USER, USER_ID } from './secret-tags.ts';

/** What stands in the tag when the user turned out to be there; no date. */
const NOT_ORPHANED = 'no';

type Entry = Omit<OwnSecret, 'replicaRegions'>;

/**
 * The secrets that were made for the users of one account.
 * @param secrets of that account
 */
export const secretsManagerOrphans = (
  client: SecretsManagerClient,
  secrets: Pick<SecretList, 'all'>,
  { accountId, delivery }: { readonly accountId: string; readonly delivery: SecretDelivery },
): OrphanedSecrets => {
  const owner = delivery === 'central' ? accountId : undefined;
  return {
    list: async (isSuspect) => {
      const entries = (await secrets.all()).flatMap((found) => entryOf(found, owner));
      const own: OwnSecret[] = [];
      for (const entry of entries) {
        const replicaRegions = isSuspect(entry) ? await replicasOf(client, entry.id) : [];
        if (replicaRegions !== undefined) own.push({ ...entry, replicaRegions });
      }
      return own;
    },
    mark: ({ id }, since) =>
      tagSecret(
        client,
        id,
        ORPHANED_SINCE,
        since === undefined ? NOT_ORPHANED : new Date(since).toISOString(),
      ),
    scheduleDeletion: async (secret) => {
      await assertSame(client, secret);
      const { id: SecretId, replicaRegions } = secret;
      if (replicaRegions.length > 0) {
        // A secret with copies can't be deleted.
        const input = { SecretId, RemoveReplicaRegions: [...replicaRegions] };
        await ask('secretsmanager:RemoveRegionsFromReplication', () =>
          client.send(new RemoveRegionsFromReplicationCommand(input)),
        );
      }
      await ask('secretsmanager:DeleteSecret', () =>
        client.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 30 })),
      );
    },
  };
};

/** @param owner the account, where the secrets of several are kept together */
function entryOf(found: ListedSecret, owner: string | undefined): readonly Entry[] {
  const { ARN: id, Name: name, Tags, PrimaryRegion } = found;
  const user = tagIn(Tags, USER);
  const isReplica = PrimaryRegion !== undefined && id.split(':')[3] !== PrimaryRegion;
  if (user === undefined || isReplica || tagIn(Tags, ACCOUNT) !== owner) return [];
  const orphanedSince = dateIn(tagIn(Tags, ORPHANED_SINCE));
  const userId = tagIn(Tags, USER_ID);
  return [{ id, name, userName: decodeUserName(user), ...definedOnly({ userId, orphanedSince }) }];
}

const dateIn = (text: string | undefined): Instant | undefined => {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : at;
};

/** @returns undefined when the secret is gone by now, or is about to be */
async function replicasOf(client: SecretsManagerClient, id: string): Promise<readonly string[] | undefined> {
  const secret = await describeSecret(client, id);
  if (secret === undefined || secret.DeletedDate !== undefined) return undefined;
  return (secret.ReplicationStatus ?? []).flatMap(({ Region }) => Region ?? []);
}

/** Looked at again: what is deleted is what was decided about. */
async function assertSame(client: SecretsManagerClient, { id, name, userId }: OwnSecret): Promise<void> {
  const secret = await describeSecret(client, id);
  if (tagIn(secret?.Tags, MANAGED) === 'true' && tagIn(secret?.Tags, USER_ID) === userId) return;
  throw new OperationError({
    kind: 'changed-meanwhile',
    during: 'secretsmanager:DeleteSecret',
    message: `the secret ${name} is not as it was when this was decided`,
    nextStep: 'Nothing to do: the next run decides anew.',
  });
}
