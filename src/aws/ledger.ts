import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { days, HOUR, SECOND, type Duration, type Instant } from '../domain/time.ts';
import type { AccountMemory, Intent, LeaseAnswer, Ledger } from '../run/ports.ts';
import { clientConfig, type AwsSettings } from './clients.ts';
import { counted } from './counting.ts';
import { ask, refusalOf } from './errors.ts';
import {
  intentRow,
  keyRow,
  LEASE_ROW,
  number,
  partitionOf,
  readRows,
  text,
  texts,
  type Item,
} from './ledger-rows.ts';

/** How long the row of a deleted key stays, for people who ask what became of it. */
const KEPT_AFTER_DELETION = days(400);
/** A lease that nobody gave back is no use to anyone after this. */
const KEPT_AFTER_LEASE = 24 * HOUR;

const special = {
  'not-found': 'Check ROTATION_TABLE_NAME: there is no such table in this account and region.',
  denied: 'Allow this call on the table of ROTATION_TABLE_NAME to the role of the service.',
};

/** The ledger in one DynamoDB table. Every write touches one account's partition. */
export function dynamoLedger(settings: AwsSettings, tableName: string): Ledger {
  const client = counted(new DynamoDBClient(clientConfig(settings)), settings.counts);
  const at = (accountId: string, sk: string): Item => ({ pk: text(partitionOf(accountId)), sk: text(sk) });
  const update = (accountId: string, sk: string, changes: Item, removes: readonly string[] = []) => ({
    TableName: tableName,
    Key: at(accountId, sk),
    ...updateOf(changes, removes),
  });
  const remember = async (accountId: string, id: string, changes: Item, removes: readonly string[] = []) => {
    await ask(
      'dynamodb:UpdateItem',
      () => client.send(new UpdateItemCommand(update(accountId, keyRow(id), changes, removes))),
      special,
    );
  };

  const rowAt = async (accountId: string, sk: string): Promise<Item> => {
    const input = { TableName: tableName, Key: at(accountId, sk), ConsistentRead: true };
    const { Item = {} } = await ask(
      'dynamodb:GetItem',
      () => client.send(new GetItemCommand(input)),
      special,
    );
    return Item;
  };

  /** Deletes a row of this run; one of another run stays. */
  const removeOwn = async (key: Item, runId: string) => {
    try {
      await client.send(new DeleteItemCommand({ TableName: tableName, Key: key, ...ifOf(runId) }));
    } catch (error) {
      // Another run has it by now, or the first try was answered and the answer lost.
      if (!(error instanceof ConditionalCheckFailedException)) {
        throw refusalOf(error, 'dynamodb:DeleteItem', special);
      }
    }
  };

  return {
    read: (accountId) => readAll(client, tableName, accountId),
    lease: (accountId, runId, until, now) =>
      lease(client, tableName, at(accountId, LEASE_ROW), runId, until, now),
    release: (accountId, runId) => removeOwn(at(accountId, LEASE_ROW), runId),
    openIntent: (accountId, intent) => openIntent(client, tableName, accountId, intent),
    closeIntent: (accountId, { userName, runId }) => removeOwn(at(accountId, intentRow(userName)), runId),
    delivered: async (accountId, { userName, replaces, runId }, accessKeyId, when) => {
      const changes = {
        userName: text(userName),
        replacementOf: text(replaces),
        deliveredAt: number(when),
      };
      const input = {
        TransactItems: [
          { Update: update(accountId, keyRow(accessKeyId), changes) },
          { Delete: { TableName: tableName, Key: at(accountId, intentRow(userName)), ...ifOf(runId) } },
        ],
      };
      try {
        await client.send(new TransactWriteItemsCommand(input));
      } catch (error) {
        // After a lost answer the second try finds the intent closed: by this very delivery?
        const refusal = refusalOf(error, 'dynamodb:TransactWriteItems', special);
        const known = refusal.failure.kind === 'conflict' ? await rowAt(accountId, keyRow(accessKeyId)) : {};
        if (known['deliveredAt']?.N !== String(when)) throw refusal;
      }
    },
    noticed: (accountId, userName, id, when) =>
      remember(accountId, id, { userName: text(userName), noticedAt: number(when) }),
    inactive: (accountId, userName, id, when) =>
      remember(accountId, id, { userName: text(userName), inactiveSince: number(when) }),
    reactivated: (accountId, userName, id, when) =>
      remember(accountId, id, { userName: text(userName), reactivatedAt: number(when) }, [
        'inactiveSince',
        'noticedAt',
      ]),
    deleted: (accountId, userName, id, when) =>
      remember(accountId, id, {
        userName: text(userName),
        deletedAt: number(when),
        expiresAt: seconds(when, KEPT_AFTER_DELETION),
      }),
  };
}

async function readAll(client: DynamoDBClient, tableName: string, accountId: string): Promise<AccountMemory> {
  const items: Item[] = [];
  let from: Item | undefined;
  do {
    const page = await ask(
      'dynamodb:Query',
      () =>
        client.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': text(partitionOf(accountId)) },
            // What the run before wrote a second ago is what matters most.
            ConsistentRead: true,
            ExclusiveStartKey: from,
          }),
        ),
      special,
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return readRows(items);
}

async function lease(
  client: DynamoDBClient,
  tableName: string,
  key: Item,
  runId: string,
  until: Instant,
  now: Instant,
): Promise<LeaseAnswer> {
  const input = {
    TableName: tableName,
    Item: {
      ...key,
      runId: text(runId),
      until: number(until),
      expiresAt: seconds(until, KEPT_AFTER_LEASE),
    },
    ConditionExpression: 'attribute_not_exists(pk) OR runId = :me OR #until <= :now',
    ExpressionAttributeNames: { '#until': 'until' },
    ExpressionAttributeValues: { ':me': text(runId), ':now': number(now) },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const;
  try {
    await client.send(new PutItemCommand(input));
    return { granted: true };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) {
      throw refusalOf(error, 'dynamodb:PutItem', special);
    }
    const held = error.Item ?? {};
    return {
      granted: false,
      holder: held['runId']?.S ?? 'another run',
      until: Number(held['until']?.N ?? until),
    };
  }
}

async function openIntent(
  client: DynamoDBClient,
  tableName: string,
  accountId: string,
  intent: Intent,
): Promise<void> {
  const input = {
    TableName: tableName,
    Item: {
      pk: text(partitionOf(accountId)),
      sk: text(intentRow(intent.userName)),
      userArn: text(intent.userArn),
      replaces: text(intent.replaces),
      knownKeyIds: texts(intent.knownKeyIds),
      startedAt: number(intent.startedAt),
      leaseEndsAt: number(intent.leaseEndsAt),
      runId: text(intent.runId),
    },
    // An intent of another run is a replacement nobody has repaired yet.
    ConditionExpression: 'attribute_not_exists(pk) OR runId = :me',
    ExpressionAttributeValues: { ':me': text(intent.runId) },
  };
  await ask('dynamodb:PutItem', () => client.send(new PutItemCommand(input)), special);
}

const ifOf = (runId: string) => ({
  ConditionExpression: 'runId = :me',
  ExpressionAttributeValues: { ':me': text(runId) },
});

const seconds = (from: Instant, after: Duration) => number(Math.ceil((from + after) / SECOND));

/** Every name goes in by reference: DynamoDB reserves more words than anyone remembers. */
function updateOf(changes: Item, removes: readonly string[]) {
  const names = [...Object.keys(changes), ...removes];
  const sets = Object.keys(changes).map((name) => `#${name} = :${name}`);
  const removal = removes.length === 0 ? '' : ` REMOVE ${removes.map((name) => `#${name}`).join(', ')}`;
  return {
    UpdateExpression: `SET ${sets.join(', ')}${removal}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries(changes).map(([name, value]) => [`:${name}`, value]),
    ),
  };
}
