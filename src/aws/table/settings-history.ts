import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import type { RowChange } from '../../domain/report/row-change.ts';
import type { Duration, Instant } from '../../domain/time.ts';
import type { AwsSettings } from '../client/config.ts';
import { copyOf, readHistory } from './history-rows.ts';
import { expiry, type Item, type RowKey } from './items.ts';
import { dynamoTable, type Table } from './table.ts';

const ROWS_AT_ONCE = 10;

/**
 * Copies what people have added about settings into the history, where they can't write: from then on nobody
 * changes it. A copy that is there already stays as it is, so the same changes may be told twice.
 * @param kept after so long, from now, DynamoDB removes a copy
 * @throws OperationError
 */
export async function copySettingsHistory(
  changes: readonly RowChange[],
  { aws, tableName, kept, now }: { aws: AwsSettings; tableName: string; kept: Duration; now: Instant },
): Promise<void> {
  const copies = changes.flatMap((change) => copyOfChange(change, expiry(now, kept)) ?? []);
  if (copies.length === 0) return;
  const table = dynamoTable(aws, tableName);
  await pLimit(ROWS_AT_ONCE).map(copies, (copy) => putOnce(copy, table));
}

function copyOfChange({ pk, sk, before, after }: RowChange, expiresAt: number): (Item & RowKey) | undefined {
  const copiedTo = copyOf(pk);
  if (copiedTo === undefined || before !== undefined || after === undefined) return undefined;
  const entry = readHistory({ ...after, sk });
  return entry?.what === 'settings-changed' ? { pk: copiedTo, sk, ...entry, expiresAt } : undefined;
}

async function putOnce(Item: Item & RowKey, { client, name, operationError }: Table): Promise<void> {
  try {
    await client.send(
      new PutCommand({ TableName: name, Item, ConditionExpression: 'attribute_not_exists(pk)' }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw operationError(error, 'dynamodb:PutItem');
  }
}
