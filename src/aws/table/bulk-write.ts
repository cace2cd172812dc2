import { setTimeout as wait } from 'node:timers/promises';
import { BatchWriteCommand, PutCommand, type BatchWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import { OperationError } from '../../domain/errors.ts';
import { jitter } from '../../domain/jitter.ts';
import { SECOND, type Duration } from '../../domain/time.ts';
import { required } from '../client/errors.ts';
import { settingsHistoryItem } from './history-rows.ts';
import { type Meanwhile, SETTINGS_PARTITION, type SettingsWrite } from './settings-table.ts';
import type { Table } from './table.ts';

/*
 * Thousands of rows of settings: in batches at the same time, where transactions one after the other
 * would take minutes. A batch is no transaction: who calls this marks the settings as unfinished before.
 */

/** DynamoDB takes 25 rows a batch. */
const ROWS_AT_ONCE = 25;
const BATCHES_AT_ONCE = 10;
/** Between looks whether somebody else writes, too. */
const BATCHES_IN_A_ROW = 40;
/** What DynamoDB had no room for is sent again, later each time: some 25 seconds in all. */
const TRIES = 9;
const FIRST_WAIT = 0.1 * SECOND;
/** An item has at most 400 KB, of which a character may take three bytes. */
const LONGEST_MESSAGE = 100_000;

type Requests = NonNullable<BatchWriteCommandInput['RequestItems']>[string];

/**
 * @param sleep for tests
 */
export async function bulkWrite(
  table: Pick<Table, 'name' | 'client' | 'operationError'>,
  writes: readonly SettingsWrite[],
  { stillOurs, historyKept }: Meanwhile,
  sleep: (duration: Duration) => Promise<unknown> = wait,
): Promise<void> {
  const limit = pLimit(BATCHES_AT_ONCE);
  const batches = [...byPartition(writes)].flatMap((own) => slices(own, ROWS_AT_ONCE));
  for (const some of slices(batches, BATCHES_IN_A_ROW)) {
    await stillOurs();
    await limit.map(some, async (batch) => {
      await batchWrite(table, batch.map(requestOf), sleep);
      await putHistory(table, batch, historyKept);
    });
  }
}

/** The writes of each account belong into the history of that account. */
function byPartition(writes: readonly SettingsWrite[]): Iterable<readonly SettingsWrite[]> {
  const found = new Map<string, SettingsWrite[]>();
  for (const one of writes) {
    const own = found.get(one.partition);
    if (own === undefined) found.set(one.partition, [one]);
    else own.push(one);
  }
  return found.values();
}

const slices = <One>(all: readonly One[], size: number): readonly (readonly One[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );

function requestOf({ key, item }: SettingsWrite): Requests[number] {
  const Key = { pk: SETTINGS_PARTITION, sk: key };
  return item === undefined ? { DeleteRequest: { Key } } : { PutRequest: { Item: { ...item, ...Key } } };
}

async function batchWrite(
  { name, client, operationError }: Pick<Table, 'name' | 'client' | 'operationError'>,
  requests: Requests,
  sleep: (duration: Duration) => Promise<unknown>,
): Promise<void> {
  let left = requests;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await sleep(jitter(FIRST_WAIT * 2 ** (attempt - 1), JSON.stringify(left[0])));
    try {
      const command = new BatchWriteCommand({ RequestItems: { [name]: left } });
      const { UnprocessedItems } = await client.send(command);
      left = required('dynamodb:BatchWriteItem', UnprocessedItems, 'what was not written')[name] ?? [];
    } catch (error) {
      throw operationError(error, 'dynamodb:BatchWriteItem');
    }
    if (left.length === 0) return;
  }
  throw new OperationError({
    kind: 'throttled',
    during: 'dynamodb:BatchWriteItem',
    message: `the table had no room for ${left.length} of the rows, ${TRIES} times in a row`,
    nextStep: 'Run it again: it writes what is missing.',
  });
}

/** One entry tells of a whole batch: an entry for each of thousands of rows would take as long again. */
async function putHistory(
  { name, client, operationError }: Pick<Table, 'name' | 'client' | 'operationError'>,
  batch: readonly SettingsWrite[],
  historyKept: Duration | undefined,
): Promise<void> {
  const [first] = batch;
  if (first === undefined) return;
  const { userName: _, ...entry } = first.entry;
  const reasons = new Set(batch.flatMap(({ entry: { reason } }) => reason.split(', ')));
  const message = batch.map(({ entry: one }) => one.message).join('; ');
  const whole = batch.length === 1 ? first.entry : { ...entry, reason: [...reasons].join(', '), message };
  const Item = settingsHistoryItem(
    first.partition,
    { ...whole, message: whole.message.slice(0, LONGEST_MESSAGE) },
    first.key,
    historyKept,
  );
  try {
    await client.send(new PutCommand({ TableName: name, Item }));
  } catch (error) {
    throw operationError(error, 'dynamodb:PutItem');
  }
}
