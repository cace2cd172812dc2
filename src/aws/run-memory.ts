import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { RunMemory } from '../run/ports.ts';
import { clientConfig, type AwsSettings } from './clients.ts';
import { counted } from './counting.ts';
import { ask } from './errors.ts';
import { text, texts } from './items.ts';

const KEY = { pk: text('run'), sk: text('last') };

/** What the last run that changed something left for the next one: a row of its own in the ledger's table. */
export function dynamoRunMemory(settings: AwsSettings, tableName: string): RunMemory {
  const client = counted(new DynamoDBClient(clientConfig(settings)), settings.counts);
  return {
    unreachable: async () => {
      const input = { TableName: tableName, Key: KEY, ConsistentRead: true };
      const { Item } = await ask('dynamodb:GetItem', () => client.send(new GetItemCommand(input)));
      return (Item?.['unreachable']?.L ?? []).flatMap(({ S }) => (S === undefined ? [] : [S]));
    },
    remember: async (runId, unreachable) => {
      const Item = { ...KEY, runId: text(runId), unreachable: texts(unreachable) };
      await ask('dynamodb:PutItem', () => client.send(new PutItemCommand({ TableName: tableName, Item })));
    },
  };
}
