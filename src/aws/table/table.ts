import {
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type TransactWriteItem,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { OperationError } from '../../domain/errors.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { counted } from '../client/call-counts.ts';
import { ask, badAnswer, refusalOf } from '../client/errors.ts';
import { text, type Item, type RowKey } from './items.ts';
import { distinct } from '../client/distinct.ts';

/** The one table: what its readers and writers have in common. Refusals say what to check. */
export interface Table {
  readonly name: string;
  readonly client: DynamoDBClient;
  /** As it is now; undefined when there is no such row. */
  row(key: RowKey): Promise<Item | undefined>;
  /** All rows of a partition, as they are now, in the order of their sort keys. */
  rows(partition: string, order?: 'ascending' | 'descending'): Promise<readonly Item[]>;
  update(change: Update): Promise<void>;
  /** All of it or nothing. */
  transact(items: readonly TransactWriteItem[]): Promise<void>;
  refusal(error: unknown, during: string): OperationError;
}

type Update = Pick<
  UpdateItemCommandInput,
  | 'Key'
  | 'UpdateExpression'
  | 'ConditionExpression'
  | 'ExpressionAttributeNames'
  | 'ExpressionAttributeValues'
>;

type Change = Required<Pick<Update, 'Key' | 'UpdateExpression' | 'ExpressionAttributeNames'>> &
  Pick<Update, 'ExpressionAttributeValues'>;

const special = {
  'not-found': 'Check ROTATION_TABLE_NAME: there is no such table in this account and region.',
  denied: 'Allow this call on the table of ROTATION_TABLE_NAME to the role of the service.',
};

const idOf = ({ pk, sk }: Item): string => JSON.stringify([pk?.S, sk?.S]);

export function dynamoTable(settings: AwsSettings, name: string): Table {
  const client = counted(new DynamoDBClient(clientConfig(settings)), settings.counts);
  const TableName = name;
  return {
    name,
    client,
    row: async (Key) => {
      const command = new GetItemCommand({ TableName, Key, ConsistentRead: true });
      return (await ask('dynamodb:GetItem', () => client.send(command), special)).Item;
    },
    rows: async (partition, order = 'ascending') => {
      const items: Item[] = [];
      let from: Item | undefined;
      do {
        const command = new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': text(partition) },
          // What the run before wrote a second ago is what matters most.
          ConsistentRead: true,
          ScanIndexForward: order === 'ascending',
          ExclusiveStartKey: from,
        });
        const page = await ask('dynamodb:Query', () => client.send(command), special);
        items.push(...(page.Items ?? []));
        const next = page.LastEvaluatedKey;
        if (next !== undefined && idOf(next) === idOf(from ?? {})) {
          throw badAnswer('dynamodb:Query', 'the key of a next page');
        }
        from = next;
      } while (from !== undefined);
      return distinct(items, idOf);
    },
    update: async (change) => {
      const command = new UpdateItemCommand({ TableName, ...change });
      await ask('dynamodb:UpdateItem', () => client.send(command), special);
    },
    transact: async (items) => {
      const command = new TransactWriteItemsCommand({ TransactItems: [...items] });
      await ask('dynamodb:TransactWriteItems', () => client.send(command), special);
    },
    refusal: (error, during) => refusalOf(error, during, special),
  };
}

/**
 * What sets some attributes of a row and removes others. Every name goes in by reference: DynamoDB
 * reserves more words than anyone remembers.
 */
export function updateOf(Key: RowKey, changes: Item, removes: readonly string[] = []): Change {
  const names = [...Object.keys(changes), ...removes];
  const sets = Object.keys(changes).map((name) => `#${name} = :${name}`);
  const removals = removes.map((name) => `#${name}`);
  const clauses = [
    ...(sets.length === 0 ? [] : [`SET ${sets.join(', ')}`]),
    ...(removals.length === 0 ? [] : [`REMOVE ${removals.join(', ')}`]),
  ];
  return {
    Key,
    UpdateExpression: clauses.join(' '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    // DynamoDB refuses values that are not there.
    ...(sets.length === 0
      ? {}
      : {
          ExpressionAttributeValues: Object.fromEntries(
            Object.entries(changes).map(([name, value]) => [`:${name}`, value]),
          ),
        }),
  };
}
