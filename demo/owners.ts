import type { Credentials } from '../test/support/emulator/emulator.ts';
import { readOwnSecret, whoAmI } from '../test/support/workloads.ts';
import type { World } from '../test/support/world.ts';
import { habitOf } from './organization.ts';

/** Somebody, or something, that works with an access key. */
export interface Owner {
  readonly account: string;
  readonly userName: string;
  readonly adopts: boolean;
  credentials: Credentials;
}

/** Every user that works, with the key it works with at the beginning. */
export async function everyOwner({ emulator, organization }: World): Promise<readonly Owner[]> {
  const names = new Map([
    [organization.managementAccountId, 'Management'],
    ...organization.accounts.map(({ id, name }) => [id, name] as const),
  ]);
  const owners: Owner[] = [];
  for (const { accountId, users } of await emulator.snapshot()) {
    const account = names.get(accountId) ?? accountId;
    for (const { userName, keys } of users) {
      const habit = habitOf(account, userName);
      if (habit === 'idle') continue;
      const used = keys.filter(({ status, lastUsedAt }) => status === 'Active' && lastUsedAt !== undefined);
      const youngestFirst = used.toSorted((one, two) => two.createdAt - one.createdAt);
      for (const { id } of habit === 'two programs' ? youngestFirst : youngestFirst.slice(0, 1)) {
        const credentials = await emulator.keyCredentials(id);
        owners.push({ account, userName, adopts: habit === 'adopts', credentials });
      }
    }
  }
  return owners;
}

/** A week of work: who adopts reads its secret with the key it has and moves on; then everyone signs a call. */
export async function work(owners: readonly Owner[], world: World): Promise<void> {
  const { endpoint } = world.emulator;
  await Promise.all(
    owners.map(async (owner) => {
      if (!owner.adopts) return;
      const found = await readOwnSecret(endpoint, owner.userName, owner.credentials);
      if (found !== undefined) owner.credentials = found;
    }),
  );
  await cutOff(owners, world);
}

/** Everyone signs a call. @returns those whose key doesn't work */
export async function cutOff(owners: readonly Owner[], { emulator }: World): Promise<readonly Owner[]> {
  const answers = await Promise.all(owners.map(({ credentials }) => whoAmI(emulator.endpoint, credentials)));
  return owners.filter((_, index) => answers[index] === undefined);
}
