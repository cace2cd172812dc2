import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { intentRow, keyRow, partitionOf } from '../../src/aws/table/ledger-rows.ts';
import { historyPartitionOf } from '../../src/aws/table/history-rows.ts';
import type { AccountSnapshot, SnapshotKey } from '../support/emulator/emulator.ts';
import type { World } from '../support/world.ts';
import { ACCOUNTS, placeOf, secretOf, type PastAccount } from './scenario.ts';
import { idOf, type PastUser, type Role } from './users.ts';

type Row = Readonly<Record<string, unknown>>;

/** A user as it is found at some moment. */
export interface FoundUser {
  readonly account: PastAccount;
  readonly past: PastUser;
  readonly keys: readonly SnapshotKey[];
  readonly secret?: AccountSnapshot['secrets'][number];
  readonly replicas: readonly string[];
  /** What consumers of its secret read; undefined where there is no secret, or no key in it yet. */
  readonly reads?: { readonly AccessKeyId: string; readonly SecretAccessKey: string };
}

/** Everything that a run can change. */
export interface Found {
  readonly users: readonly FoundUser[];
  readonly rows: readonly Row[];
}

export async function lookAt(world: World): Promise<Found> {
  const { emulator } = world;
  const accounts = new Map((await emulator.snapshot()).map((one) => [one.accountId, one]));
  const users = ACCOUNTS.flatMap((account) => account.users.map((past) => ({ account, past })));
  return {
    rows: await rowsOf(world),
    users: await Promise.all(
      users.map(async ({ account, past }): Promise<FoundUser> => {
        const { userName } = past;
        const name = secretOf(account, userName);
        const secrets = (accounts.get(placeOf(account))?.secrets ?? []).filter((one) => one.name === name);
        const secret = secrets.find(({ replicaOf }) => replicaOf === undefined);
        const user = accounts.get(account.id)?.users.find((one) => one.userName === userName);
        const value = secret === undefined ? '{}' : await emulator.secretValue(placeOf(account), name);
        return {
          account,
          past,
          keys: user?.keys ?? [],
          replicas: secrets.flatMap(({ replicaOf, region }) => (replicaOf === undefined ? [] : region)),
          ...(secret === undefined ? {} : { secret }),
          ...(value === '{}' ? {} : { reads: JSON.parse(value) as NonNullable<FoundUser['reads']> }),
        };
      }),
    ),
  };
}

async function rowsOf({ emulator: { endpoint }, organization, aws }: World): Promise<readonly Row[]> {
  const { region } = aws;
  const client = new DynamoDBClient({ endpoint, region, credentials: organization.credentials });
  const { Items = [] } = await client.send(new ScanCommand({ TableName: organization.tableName }));
  return Items.map((item) => unmarshall(item));
}

/** What a key was there for before the run, or that it is new. */
export function roleOf({ userName, keys }: PastUser, id: string): Role | 'new' {
  return keys.map(({ role }) => role).find((role) => idOf(userName, role) === id) ?? 'new';
}

/**
 * All of it as lines that don't depend on the ids of new keys or on times: what two
 * ways to the same state have to agree on.
 */
export const inLines = ({ users, rows }: Found): readonly string[] =>
  [
    ...users.flatMap((user) => linesOfUser(user, rows)),
    ...ACCOUNTS.flatMap((one) => linesOf(one, rows)),
  ].sort();

function linesOfUser(user: FoundUser, rows: readonly Row[]): readonly string[] {
  const { account, past, keys, secret, replicas, reads } = user;
  const role = (id: unknown) => roleOf(past, String(id));
  const ledger = new Map(inPartition(rows, partitionOf(account.id)).map((row) => [String(row['sk']), row]));
  const facts = keys.flatMap(({ id }) =>
    Object.entries(ledger.get(keyRow(id)) ?? {})
      // What was told in full differs by the run that told it.
      .filter(([name]) => !['pk', 'sk', 'userName', 'told'].includes(name))
      .map(([name, fact]) => (name === 'replacementOf' ? `${name} ${role(fact)}` : name))
      .map((fact) => `the ledger says of its ${role(id)} key: ${fact}`),
  );
  return [
    ...keys.map(({ id, status }) => `its ${role(id)} key is ${status}`),
    ...(secret === undefined
      ? []
      : [`its secret holds ${reads === undefined ? 'no key' : `its ${role(reads.AccessKeyId)} key`}`]),
    ...replicas.map((region) => `its secret is in ${region} too`),
    ...facts,
    ...(ledger.has(intentRow(past.userName)) ? ['an intent is open'] : []),
  ].map((line) => `${past.userName}: ${line}`);
}

function linesOf({ id, name }: PastAccount, rows: readonly Row[]): readonly string[] {
  return inPartition(rows, partitionOf(id))
    .filter(({ sk }) => /^(lease|digest|(accepted|begun)#.*)$/.test(String(sk)))
    .flatMap(({ pk: _, sk, expiresAt: _2, ...facts }) =>
      Object.keys(facts).map((fact) => `account ${name}: ${String(sk)} has ${fact}`),
    );
}

/** Whose history it is, what was done, and to which key. */
export const historyIn = ({ users, rows }: Found): readonly string[] =>
  ACCOUNTS.flatMap((account) =>
    inPartition(rows, historyPartitionOf(account.id)).map(({ what, userName, accessKeyId }) => {
      const past = users.find((user) => user.past.userName === userName)?.past;
      return past === undefined
        ? `${account.name}: ${String(what)}`
        : `${past.userName}, ${roleOf(past, String(accessKeyId))} key: ${String(what)}`;
    }),
  );

const inPartition = (rows: readonly Row[], partition: string): readonly Row[] =>
  rows.filter(({ pk }) => pk === partition);
