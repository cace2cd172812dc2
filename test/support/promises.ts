/** What AWS holds after a run, and what of the policy's promises it breaks. */
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { centralSecretNameOf, secretNameOf } from '../../src/domain/secrets/secret-name.ts';
import { HOUR, days } from '../../src/domain/time.ts';
import { adminOf } from '../aws/support.ts';
import type { AccountSnapshot, SnapshotKey } from './emulator/emulator.ts';
import { START, type World } from './world.ts';

/** A label of Secrets Manager under which consumers find the key's secret, or that they don't. */
type Stage = 'AWSCURRENT' | 'AWSPREVIOUS' | 'AWSPENDING';

interface KeyFound extends SnapshotKey {
  readonly accountId: string;
  readonly userName: string;
  /** Made by this service: no older than an hour when the scenario began. */
  readonly ours: boolean;
  /** Where its secret is; only where the secret there is really the key's. */
  readonly stored: readonly Stage[];
}

export interface Found {
  readonly keys: readonly KeyFound[];
  readonly secrets: readonly AccountSnapshot['secrets'][number][];
  /** Of the table. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** Looks from outside: whatever faults there are must be cleared before. */
export async function lookAround({ emulator, organization }: World): Promise<Found> {
  const accounts = await emulator.snapshot();
  const secretsIn = (id: string) => accounts.find(({ accountId }) => accountId === id)?.secrets ?? [];
  const keys = accounts.flatMap(({ accountId, users }) =>
    users.flatMap(({ userName, keys: own }) => own.map((key) => ({ accountId, userName, key }))),
  );
  const found = keys.map(async ({ accountId, userName, key }): Promise<KeyFound> => {
    const central = secretsIn(organization.serviceAccountId);
    const places = [
      { in: accountId, secrets: secretsIn(accountId), name: secretNameOf(userName) },
      { in: organization.serviceAccountId, secrets: central, name: centralSecretNameOf(accountId, userName) },
    ];
    const stored = places.map(async (place) => {
      const secret = place.secrets.find(({ name, replicaOf }) => name === place.name && !replicaOf);
      const stages = Object.values(secret?.versions ?? {}).flat() as Stage[];
      const held = stages.map(async (stage) => {
        const value = await emulator.secretValue(place.in, place.name, stage);
        const { AccessKeyId, SecretAccessKey } = JSON.parse(value) as Record<string, string>;
        if (AccessKeyId !== key.id) return [];
        return (await emulator.keyCredentials(key.id)).secretAccessKey === SecretAccessKey ? [stage] : [];
      });
      return (await Promise.all(held)).flat();
    });
    return {
      accountId,
      userName,
      ...key,
      ours: key.createdAt >= START - HOUR,
      stored: (await Promise.all(stored)).flat().sort(),
    };
  });
  return {
    keys: await Promise.all(found),
    secrets: accounts.flatMap(({ secrets }) => secrets),
    rows: await everyRow({ emulator, organization }),
  };
}

export async function everyRow({
  emulator,
  organization,
}: Pick<World, 'emulator' | 'organization'>): Promise<Found['rows']> {
  const client = new DynamoDBClient(await adminOf(emulator, organization.serviceAccountId));
  const { Items = [] } = await client.send(new ScanCommand({ TableName: organization.tableName }));
  client.destroy();
  return Items.map((item) => unmarshall(item));
}

/** @param before what was there before the service came; keys used in the last 90 days count as in use */
export function brokenPromises(before: Found, now: Found): readonly string[] {
  const broken: string[] = [];
  const whose = ({ accountId, userName }: KeyFound) => `${userName} of ${accountId}`;
  const isInUse = ({ status, lastUsedAt }: KeyFound) =>
    status === 'Active' && (lastUsedAt ?? 0) > START - days(90);
  for (const key of before.keys.filter(isInUse)) {
    const own = now.keys.filter((one) => whose(one) === whose(key));
    const works = own.some(
      ({ status, ours, stored }) => status === 'Active' && (!ours || stored.includes('AWSCURRENT')),
    );
    if (!works) broken.push(`${whose(key)} has no working key`);
    if (own.length > 2) broken.push(`${whose(key)} has ${own.length} keys`);
  }
  for (const key of now.keys.filter(({ ours, status }) => ours && status === 'Active')) {
    const known = ['AWSCURRENT', 'AWSPREVIOUS'].some((stage) => key.stored.includes(stage as Stage));
    const { pk, sk } = { pk: `account#${key.accountId}`, sk: `intent#${key.userName}` };
    const open = now.rows.some((row) => row['pk'] === pk && row['sk'] === sk);
    if (!known && !open) broken.push(`nobody has the secret of ${key.id} of ${whose(key)}`);
  }
  const delivered = now.rows.filter((row) => 'deliveredAt' in row && !('deletedAt' in row));
  for (const row of delivered) {
    const key = now.keys.find(({ id }) => row['sk'] === `key#${id}`);
    if (key !== undefined && key.stored.length === 0) {
      broken.push(`the ledger says that ${key.id} of ${whose(key)} is delivered`);
    }
  }
  return broken;
}

/** Of a user, an account, or the organization: what is there, without what differs between runs. */
export type Outline = ReadonlyMap<string, readonly string[]>;

/**
 * By `<account id>/<user name>`, and by account id what is not about a user.
 * @param but rows that may remain: `<account id>: <row>`
 */
export function outlineOf({ keys, secrets, rows }: Found, but?: string): Outline {
  const lines = new Map<string, string[]>();
  const say = (about: string, line: string) => lines.set(about, [...(lines.get(about) ?? []), line].sort());
  for (const { id, accountId, userName, status, ours, stored } of keys) {
    const row = rows.find(({ pk, sk }) => pk === `account#${accountId}` && sk === `key#${id}`) ?? {};
    const known = Object.keys(row).filter((name) => name.endsWith('At') || name.endsWith('Since'));
    const current = stored.includes('AWSCURRENT') ? ' current' : '';
    say(
      `${accountId}/${userName}`,
      `${ours ? 'new' : 'old'} ${status}${current} ${known.sort().join(' ')}`.trim(),
    );
  }
  for (const { pk, sk, publishedAt } of rows.map((row) => row as Record<string, string>)) {
    const [kind = '', accountId = ''] = pk?.split('#') ?? [];
    if (kind !== 'account' || sk?.startsWith('key#') || `${accountId}: ${sk}` === but) continue;
    const [what = '', userName = ''] = sk?.split('#') ?? [];
    if (what === 'intent') say(`${accountId}/${userName}`, 'intent');
    else say(accountId, what === 'digest' && publishedAt === undefined ? 'digest pending' : (sk ?? ''));
  }
  for (const { name, region, policy, replicaOf } of secrets) {
    say(
      name,
      `${replicaOf === undefined ? 'secret' : 'replica'} in ${region}${policy === undefined ? '' : ', shared'}`,
    );
  }
  return lines;
}
