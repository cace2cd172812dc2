/** The on-demand commands, each in a world in which there is something to do. */
import { DAY } from '../../src/domain/time.ts';
import { FIRST_MEMBER } from '../aws/support.ts';
import { set } from '../privileges/organization.ts';
import type { Emulator } from '../support/emulator/emulator.ts';
import { START, userWithKey, type World } from '../support/world.ts';
import { ANNOUNCED, ledgerOf, oneAccount } from './one-account.ts';

export interface Command {
  readonly args: readonly string[];
  readonly world: (emulator: Emulator) => Promise<World>;
}

const KEY = 'AKIAANNHASTHISKEY000';
const of = (name: string, ...more: readonly string[]) => [
  ...[name, '--account', FIRST_MEMBER, ...more],
  ...['--reason', 'asked for by Ben', '--yes', '--json'],
];

export const COMMANDS: readonly Command[] = [
  {
    args: of('replace', '--user', 'ann', '--key', KEY),
    world: (emulator) => oneAccount(emulator, userWithKey('ann', { id: KEY, age: 20, usedAgo: 1 })),
  },
  {
    args: of('restore', '--key', KEY),
    world: async (emulator) => {
      const off = { id: KEY, status: 'Inactive', createdAt: START - 95 * DAY } as const;
      const world = await oneAccount(emulator, { userName: 'ann', keys: [off] });
      await (
        await ledgerOf(world)
      ).record(FIRST_MEMBER, [{ kind: 'inactive', userName: 'ann', accessKeyId: KEY, at: START - DAY }]);
      return world;
    },
  },
  {
    args: of('accept', '--limit', 'deactivations'),
    world: async (emulator) => {
      const world = await oneAccount(emulator, userWithKey('ann', { id: KEY, age: 200, usedAgo: 120 }));
      await set(world, 'organization', { maxDeactivations: 0 });
      await (
        await ledgerOf(world)
      ).record(FIRST_MEMBER, [{ kind: 'published', userName: 'ann', accessKeyId: KEY, notice: ANNOUNCED }]);
      return world;
    },
  },
];
