import { DynamoDBClient, type ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
  type TransactWriteCommandInput,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { OperationError } from '../../domain/errors.ts';
import { countCalls } from '../client/call-counts.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { distinct } from '../client/distinct.ts';
import { ask, operationErrorOf, required } from '../client/errors.ts';
import { readList } from '../client/pages.ts';
import type { Item, RowKey } from './items.ts';

/** One of the writes of a transaction. */
export type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** The one table: what its readers and writers have in common. OperationErrors say what to check. */
export interface Table {
  readonly name: string;
  readonly client: DynamoDBDocumentClient;
  /** As it is now; undefined when there is no such row. */
  row(key: RowKey): Promise<Item | undefined>;
  /** All rows of a partition, as they are now, in the order of their sort keys. */
  rows(partition: string, order?: 'ascending' | 'descending'): Promise<readonly Item[]>;
  update(change: Update): Promise<void>;
  /** All of it or nothing. */
  transact(items: readonly Write[]): Promise<void>;
  operationError(error: unknown, during: string): OperationError;
}

type Update = Pick<
  UpdateCommandInput,
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

const idOf = ({ pk, sk }: Item): string => JSON.stringify([pk, sk]);

/**
 * Numbers that JavaScript can't hold exactly are no moments and no settings: their schemas say so.
 * Made anew for each use, since the document client adds options of its own to what it is given.
 */
const fromDynamo = () => ({ wrapNumbers: Number });

/** The only way to the table: rows go in and come out as plain values, what is undefined stays out. */
function documentClient(settings: AwsSettings): DynamoDBDocumentClient {
  const client = new DynamoDBClient(clientConfig(settings));
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const answer = await next(args);
        // `{}` is how DynamoDB says that there is no such row, or that a row was written. It always says in
        // which request: a lease, for instance, isn't taken because a proxy has answered.
        const { $metadata } = answer.output;
        required(`dynamodb:${commandName.replace(/Command$/, '')}`, $metadata.requestId, WITHOUT_ID);
        return answer;
      },
    { step: 'initialize', name: 'requireRequestId' },
  );
  return DynamoDBDocumentClient.from(countCalls(client, settings.counts), {
    marshallOptions: { removeUndefinedValues: true },
    unmarshallOptions: fromDynamo(),
  });
}

const WITHOUT_ID = 'the id that AWS gives every answer';

/** The row that made a conditional write fail; the document client leaves errors as they are. */
export const rowInTheWay = ({ Item: raw }: ConditionalCheckFailedException): Item =>
  unmarshall(raw ?? {}, fromDynamo());

export function dynamoTable(settings: AwsSettings, name: string): Table {
  const client = documentClient(settings);
  const TableName = name;
  return {
    name,
    client,
    row: async (Key) => {
      const command = new GetCommand({ TableName, Key, ConsistentRead: true });
      return (await ask('dynamodb:GetItem', () => client.send(command), special)).Item;
    },
    rows: async (partition, order = 'ascending') => {
      const items = await readList({
        action: 'dynamodb:Query',
        fetch: (start: RowKey | undefined) =>
          client.send(
            new QueryCommand({
              TableName,
              KeyConditionExpression: 'pk = :pk',
              ExpressionAttributeValues: { ':pk': partition },
              // What the run before wrote a second ago is what matters most.
              ConsistentRead: true,
              ScanIndexForward: order === 'ascending',
              ExclusiveStartKey: start,
            }),
          ),
        things: ({ Items }) => Items,
        next: ({ LastEvaluatedKey: last }) => last && { pk: String(last['pk']), sk: String(last['sk']) },
        special,
      });
      return distinct(items, idOf);
    },
    update: async (change) => {
      const command = new UpdateCommand({ TableName, ...change });
      await ask('dynamodb:UpdateItem', () => client.send(command), special);
    },
    transact: async (items) => {
      const command = new TransactWriteCommand({ TransactItems: [...items] });
      await ask('dynamodb:TransactWriteItems', () => client.send(command), special);
    },
    operationError: (error, during) => operationErrorOf(error, during, special),
  };
}

/**
 * An update that sets some attributes of a row, removes others, and adds to others. Names are placeholders: DynamoDB
 * has many reserved words.
 */
export function updateOf(
  Key: RowKey,
  changes: Item,
  removes: readonly string[] = [],
  /** Numbers, and members of sets, that are added to what is there. */
  adds: Item = {},
): Change {
  const names = [...Object.keys(changes), ...removes, ...Object.keys(adds)];
  const sets = Object.keys(changes).map((name) => `#${name} = :${name}`);
  const removals = removes.map((name) => `#${name}`);
  const additions = Object.keys(adds).map((name) => `#${name} :${name}`);
  const values = Object.entries({ ...changes, ...adds });
  const clauses = [
    ...(sets.length === 0 ? [] : [`SET ${sets.join(', ')}`]),
    ...(removals.length === 0 ? [] : [`REMOVE ${removals.join(', ')}`]),
    ...(additions.length === 0 ? [] : [`ADD ${additions.join(', ')}`]),
  ];
  return {
    Key,
    UpdateExpression: clauses.join(' '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    // DynamoDB refuses values that are not there.
    ...(values.length === 0
      ? {}
      : {
          ExpressionAttributeValues: Object.fromEntries(values.map(([name, value]) => [`:${name}`, value])),
        }),
  };
}
