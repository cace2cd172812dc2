import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Emulator, OrganizationSeed, SeedUser } from '../../../support/emulator/emulator.ts';
import { createWorld, type World } from '../../../support/world.ts';
import { run, type Ended } from '../../terminal.ts';

export const APP = '111111111101';
export const DATA = '111111111102';

const COLOURS = /\u001b\[\d+m/g;

type Options = Parameters<typeof run>[2];

/** An organization of two accounts in units of their own, and `settings` as people call it. */
export interface SettingsWorld {
  readonly world: World;
  /** Ids by path: `Workloads/App`. */
  readonly ous: Readonly<Record<string, string>>;
  /** Runs `settings ...` with these words. */
  settings(words: readonly string[], options?: Options): Promise<Ended>;
  /** What is set, by the keys of the rows. */
  rows(): Promise<Readonly<Record<string, unknown>>>;
  /** Writes a row as somebody would who knows DynamoDB only. */
  putItem(sk: string, attributes: object): Promise<void>;
}

export async function settingsWorld(
  emulator: Emulator,
  users: readonly SeedUser[] = [],
  seed: Partial<OrganizationSeed> = {},
): Promise<SettingsWorld> {
  const accounts = [
    { name: 'app', ou: 'Workloads/App', users },
    { name: 'data', ou: 'Workloads/Data', users: [] },
  ];
  const world = await createWorld(emulator, { accounts, ...seed });
  const settings = async (words: readonly string[], options?: Options) => {
    const { code, stdout, stderr } = await run(['settings', ...words], world, options);
    return { code, stdout: stdout.replaceAll(COLOURS, ''), stderr: stderr.replaceAll(COLOURS, '') };
  };
  return {
    world,
    ous: world.organization.ous,
    settings,
    rows: async () => {
      const { stdout } = await settings(['list', '--json']);
      const { rows } = JSON.parse(stdout) as {
        readonly rows: readonly { readonly row: string; readonly values: unknown }[];
      };
      return Object.fromEntries(rows.map(({ row, values }) => [row, values]));
    },
    putItem: async (sk, attributes) => {
      const client = new DynamoDBClient({ ...world.aws, maxAttempts: 1 });
      const Item = marshall({ pk: 'settings', sk, ...attributes });
      await client.send(new PutItemCommand({ TableName: world.organization.tableName, Item }));
    },
  };
}

/** The lines under `Nothing was done, because of this input:`. */
export const problemsIn = (stderr: string): readonly string[] =>
  stderr.split('\n').flatMap((line) => (line.startsWith('  - ') ? [line.slice(4)] : []));
