import type { AccountSnapshot, Credentials } from '../test/support/emulator/emulator.ts';
import { whoAmI } from '../test/support/workloads.ts';
import type { World } from '../test/support/world.ts';

export interface Proof {
  readonly delivered: number;
  readonly deliveredThatWork: number;
  readonly deleted: number;
  readonly deletedThatWork: number;
}

export interface KnownKey {
  readonly id: string;
  readonly credentials: Credentials;
}

/** The credentials of every key there is, to be tried again when some are gone. */
export async function everyKey({ emulator }: World): Promise<readonly KnownKey[]> {
  const ids = keyIds(await emulator.snapshot());
  return Promise.all(ids.map(async (id) => ({ id, credentials: await emulator.keyCredentials(id) })));
}

/** Signs a call with what every secret holds, and with every key that has been deleted. */
export async function prove(before: readonly KnownKey[], { emulator }: World): Promise<Proof> {
  const accounts = await emulator.snapshot();
  const left = new Set(keyIds(accounts));
  const gone = before.filter(({ id }) => !left.has(id)).map(({ credentials }) => credentials);
  const inSecrets = await Promise.all(
    accounts.flatMap(({ accountId, secrets }) =>
      secrets.map(async ({ name }) => {
        const value = JSON.parse(await emulator.secretValue(accountId, name)) as Record<string, string>;
        return {
          accessKeyId: value['AccessKeyId'] ?? '',
          secretAccessKey: value['SecretAccessKey'] ?? '',
        };
      }),
    ),
  );
  const working = async (all: readonly Credentials[]) => {
    const answers = await Promise.all(all.map((credentials) => whoAmI(emulator.endpoint, credentials)));
    return answers.filter((arn) => arn !== undefined).length;
  };
  return {
    delivered: inSecrets.length,
    deliveredThatWork: await working(inSecrets),
    deleted: gone.length,
    deletedThatWork: await working(gone),
  };
}

const keyIds = (accounts: readonly AccountSnapshot[]): readonly string[] =>
  accounts.flatMap(({ users }) => users.flatMap(({ keys }) => keys.map(({ id }) => id)));
