import { BatchWriteItemCommand, DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { GetUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { marshall } from '@aws-sdk/util-dynamodb';
import { secretsManagerStore } from '../../src/aws/secret/secret-store.ts';
import { type Item } from '../../src/aws/table/items.ts';
import {
  acceptanceItem,
  intentItem,
  keyRow,
  NOTICE_ATTRIBUTES,
  partitionOf,
} from '../../src/aws/table/ledger-rows.ts';
import { centralReaderPolicies } from '../../src/domain/secrets/central-secret-access.ts';
import { centralSecretNameOf, secretNameOf } from '../../src/domain/secrets/secret-name.ts';
import { DAY, MINUTE } from '../../src/domain/time.ts';
import type { SecretLocation } from '../../src/run/ports/accounts.ts';
import { adminOf, MANAGEMENT, NO_LIST, once } from '../aws/support.ts';
import type { Emulator } from '../support/emulator/emulator.ts';
import { createWorld, REGION, START, type World } from '../support/world.ts';
import { APP, DATA, idOf, INTERRUPTED_AT, seedOf, type PastUser } from './users.ts';
import { prepared } from '../support/prepared.ts';

const OPEN = { readers: [], access: 'open' } as const;

/** Where the central secrets are, too. */
const REPLICA_REGION = 'eu-west-1';

export interface PastAccount {
  readonly id: string;
  readonly name: string;
  readonly delivery: 'member' | 'central';
  readonly users: readonly PastUser[];
}

export const ACCOUNTS: readonly PastAccount[] = [
  { id: '111111111101', name: 'app', delivery: 'member', users: APP },
  { id: '111111111102', name: 'data', delivery: 'central', users: DATA },
];

/** One call after the other, in an order that is always the same. */
export const ONE_BY_ONE = {
  ROTATION_ACCOUNT_CONCURRENCY: '1',
  ROTATION_USER_CONCURRENCY: '1',
  ROTATION_EXCLUDE_ACCOUNTS: MANAGEMENT,
};

export const secretOf = ({ id, delivery }: PastAccount, userName: string): string =>
  delivery === 'central' ? centralSecretNameOf(id, userName) : secretNameOf(userName);

/** Where an account's secrets are. */
export const placeOf = ({ id, delivery }: PastAccount): string => (delivery === 'central' ? MANAGEMENT : id);

/** Two accounts at {@link START} in which a run has to do everything it can ever have to do. */
export async function beginWith(emulator: Emulator): Promise<World> {
  const world = await createWorld(emulator, {
    accounts: ACCOUNTS.map(({ id, name, users }) => ({ id, name, users: users.map(seedOf) })),
  });
  const service = once(await adminOf(emulator, MANAGEMENT));
  const kmsKeyArn = await newKey(service);
  for (const account of ACCOUNTS) {
    const own = once(await adminOf(emulator, account.id));
    const central = account.delivery === 'central';
    await storeSecrets(account, central ? service : own, kmsKeyArn, emulator);
    if (central) await letThemReadCentralSecrets(account, own, kmsKeyArn);
  }
  const rows = [...ACCOUNTS.flatMap(rowsOf), ...settingsRows(kmsKeyArn)];
  await putRows(rows, service, world.organization.tableName);
  return world;
}

type Caller = Awaited<ReturnType<typeof adminOf>>;

/** In every region the same one, as replicas need it. */
async function newKey(service: Caller): Promise<string> {
  const everybody = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [everybody] });
  const command = new CreateKeyCommand({ Policy, MultiRegion: true });
  return (await new KMSClient(service).send(command)).KeyMetadata?.Arn ?? '';
}

async function storeSecrets(
  account: PastAccount,
  caller: Caller,
  kmsKeyId: string,
  emulator: Emulator,
): Promise<void> {
  const { id: accountId, delivery, users } = account;
  const place: SecretLocation =
    delivery === 'central'
      ? { delivery, kmsKeyId, replicaRegions: [REPLICA_REGION], ...OPEN }
      : { delivery, replicaRegions: [], ...OPEN };
  const sleep = () => Promise.resolve();
  const store = secretsManagerStore(new SecretsManagerClient(caller), {
    accountId,
    place,
    sleep,
    keysOf: () => Promise.resolve([]),
    listed: NO_LIST,
  });
  const iam = new IAMClient(once(await adminOf(emulator, accountId)));
  const ownerOf = async (userName: string) => {
    const { User } = await iam.send(new GetUserCommand({ UserName: userName }));
    return { userName, arn: arnOf(account, userName), userId: User?.UserId ?? '' };
  };
  for (const { userName, keys, isInterrupted } of users) {
    // The place before the key.
    if (isInterrupted) await prepared(store, await ownerOf(userName), RUN_BEFORE);
    for (const { role, secret } of keys.filter((key) => key.secret !== undefined)) {
      const id = idOf(userName, role);
      const { secretAccessKey } = await emulator.keyCredentials(id);
      const created = { id, status: 'active', createdAt: START, secret: secretAccessKey } as const;
      const owner = await ownerOf(userName);
      const state = await prepared(store, owner);
      await store.store(owner, created, state);
      if (secret === 'delivered') await store.promote(created, state);
    }
  }
}

const RUN_BEFORE = 'run-before';

/** What their account has to do itself. */
async function letThemReadCentralSecrets(
  account: PastAccount,
  caller: Caller,
  kmsKeyArn: string,
): Promise<void> {
  const iam = new IAMClient(caller);
  for (const { userName } of account.users) {
    const reader = {
      userName,
      userArn: arnOf(account, userName),
      accountId: account.id,
      serviceAccountId: MANAGEMENT,
      region: REGION,
      kmsKeyArn,
    };
    const PolicyDocument = JSON.stringify(centralReaderPolicies(reader).identityPolicy);
    await iam.send(new PutUserPolicyCommand({ UserName: userName, PolicyName: 'own-key', PolicyDocument }));
  }
}

export const arnOf = ({ id }: PastAccount, userName: string): string => `arn:aws:iam::${id}:user/${userName}`;

/** What the ledger has of an account. */
function rowsOf(account: PastAccount): readonly Item[] {
  const { id: accountId, users } = account;
  const pk = partitionOf(accountId);
  const keys = users.flatMap(({ userName, keys: own }) =>
    own.flatMap(({ role, memory }): Item[] => {
      if (memory === undefined) return [];
      const { notices = [], ...rest } = memory;
      const given = notices.map(({ about, ...dates }) => [NOTICE_ATTRIBUTES[about], dates] as const);
      return [{ pk, sk: keyRow(idOf(userName, role)), userName, ...rest, ...Object.fromEntries(given) }];
    }),
  );
  const intents = users
    .filter(({ isInterrupted }) => isInterrupted)
    .map(({ userName }) =>
      intentItem(accountId, {
        userName,
        userArn: arnOf(account, userName),
        replaces: idOf(userName, 'old'),
        knownKeyIds: [idOf(userName, 'old')],
        secretName: secretOf(account, userName),
        startedAt: INTERRUPTED_AT,
        leaseEndsAt: INTERRUPTED_AT + 10 * MINUTE,
        runId: RUN_BEFORE,
      }),
    );
  return [...keys, ...intents];
}

/** What people have set, and that somebody has accepted more deactivations than the limit. */
function settingsRows(kmsKeyArn: string): readonly Item[] {
  const [app, data] = ACCOUNTS.map(({ id }) => id);
  const written = { pk: 'settings', final: [], updatedAt: new Date(START).toISOString(), updatedBy: 'ann' };
  const exemption = {
    users: ['tag:rotate=no'],
    until: new Date(START + 100 * DAY).toISOString().slice(0, 10),
    owner: 'Ann',
    reason: 'until the migration is over',
  };
  const ofData = {
    secretDelivery: 'central',
    secretKmsKeyId: kmsKeyArn,
    secretReplicaRegions: [REPLICA_REGION],
    maxDeactivations: 1,
  };
  const accepted = {
    limit: 'deactivations',
    keyIds: [idOf('idle-1', 'old'), idOf('idle-2', 'old')],
    by: 'ann',
    reason: 'both were looked at',
    at: START - DAY,
    until: START + 13 * DAY,
  } as const;
  return [
    // Whoever sets a tag in an account can't exempt himself: only the organization's row names one.
    { ...written, sk: 'organization', values: { exemptions: [exemption] } },
    { ...written, sk: `account#${app ?? ''}`, values: { digestFrequency: 'weekly' } },
    { ...written, sk: `account#${data ?? ''}`, values: ofData },
    acceptanceItem(data ?? '', accepted),
  ];
}

/** As many as DynamoDB takes at once. */
const ROWS_AT_ONCE = 25;

async function putRows(rows: readonly Item[], caller: Caller, tableName: string): Promise<void> {
  const dynamodb = new DynamoDBClient(caller);
  for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
    const requests = rows
      .slice(first, first + ROWS_AT_ONCE)
      .map((item): WriteRequest => ({ PutRequest: { Item: marshall(item) } }));
    await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }));
  }
}
