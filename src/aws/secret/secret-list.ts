import {
  ListSecretsCommand,
  type ListSecretsCommandOutput,
  type SecretListEntry,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { centralSecretNameOf, secretNameOf } from '../../domain/secrets/secret-name.ts';
import type { SecretDelivery } from '../../domain/settings/setting.ts';
import { badAnswer } from '../client/errors.ts';
import { readList, type List } from '../client/pages.ts';
import { MANAGED, tagIn } from './secret-tags.ts';

/* One list of an account's secrets instead of a look at each. It may be minutes old: AWS says five. */

/** The most that AWS gives at once. */
const PAGE_SIZE = 100;

/** A secret as the list shows it: all but where its copies are. */
export interface ListedSecret extends SecretListEntry {
  readonly ARN: string;
  readonly Name: string;
}

export interface SecretList {
  /**
   * The secrets that this service made for the account's users, but for those that are scheduled for
   * deletion. Read once.
   * @throws OperationError when it can't be read; who asks again then has it read again
   */
  all(): Promise<readonly ListedSecret[]>;
  /**
   * The one of that name or ARN. `unknown` where the list can't be read, which is tried once, or is one of
   * another account or region.
   */
  find(id: string): Promise<ListedSecret | 'none' | 'unknown'>;
}

export function secretList(
  client: SecretsManagerClient,
  { accountId, delivery }: { readonly accountId: string; readonly delivery: SecretDelivery },
): SecretList {
  // What the names of all of them begin with.
  const prefix = delivery === 'central' ? centralSecretNameOf(accountId, '') : secretNameOf('');
  let reading: Promise<readonly ListedSecret[]> | undefined;
  let byId: Promise<ReadonlyMap<string, ListedSecret> | undefined> | undefined;
  const all = () =>
    (reading ??= read(client, prefix).catch((error: unknown) => {
      reading = undefined;
      throw error;
    }));
  const indexed = async () => {
    try {
      const secrets = await all();
      return new Map(secrets.flatMap((one) => [[one.Name, one] as const, [one.ARN, one] as const]));
    } catch {
      return undefined; // each is looked at, then
    }
  };
  return {
    all,
    find: async (id) => {
      const found = await (byId ??= indexed());
      return found === undefined ? 'unknown' : (found.get(id) ?? 'none');
    },
  };
}

async function read(client: SecretsManagerClient, prefix: string): Promise<readonly ListedSecret[]> {
  const listed = await readList(listOf(client, prefix));
  // A filter of the list only means what begins alike, so each is looked at.
  return listed.flatMap((one) => {
    const { ARN, Name, Tags, DeletedDate } = one;
    if (ARN === undefined || Name === undefined)
      throw badAnswer('secretsmanager:ListSecrets', 'a name or an ARN');
    const isOurs = tagIn(Tags, MANAGED) === 'true' && Name.startsWith(prefix) && DeletedDate === undefined;
    return isOurs ? [{ ...one, ARN, Name }] : [];
  });
}

const listOf = (
  client: SecretsManagerClient,
  prefix: string,
): List<ListSecretsCommandOutput, SecretListEntry> => ({
  action: 'secretsmanager:ListSecrets',
  fetch: (NextToken) =>
    client.send(
      new ListSecretsCommand({
        MaxResults: PAGE_SIZE,
        NextToken,
        Filters: [
          { Key: 'tag-key', Values: [MANAGED] },
          { Key: 'name', Values: [prefix] },
        ],
      }),
    ),
  things: ({ SecretList }) => SecretList,
  next: ({ NextToken }) => NextToken,
});
