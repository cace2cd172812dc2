import {
  TransactWriteItemsCommand,
  TransactionCanceledException,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { HistoryEntry } from '../../domain/rotation/history.ts';
import { OperationError } from '../../domain/errors.ts';
import type { AwsSettings } from '../client/config.ts';
import { historyItem } from './history-rows.ts';
import { number, text, type Item } from './items.ts';
import { dynamoTable, type Table } from './table.ts';

/*
 * The rows of src/config/settings-rows.ts, and beside them
 *
 *   pk         sk        attributes
 *   settings   version   version: raised by every write
 *                        unfinished: who has begun to write a whole file, and when; nobody may go by
 *                        what is half written
 */

const PARTITION = 'settings';
const VERSION_KEY = { pk: text(PARTITION), sk: text('version') };

export type PlainItem = Readonly<Record<string, unknown>>;

export interface StoredSettings {
  /** Without the version's row. */
  readonly items: readonly PlainItem[];
  /** 0 before the first write. */
  readonly version: number;
  /** Present when a write was begun and not finished. */
  readonly unfinished?: string;
}

/** One row that is put or removed, and its place in the history. */
export interface SettingsWrite {
  /** The sort key of the row. */
  readonly key: string;
  /** Absent: the row goes. */
  readonly item?: PlainItem;
  /** An account's id, or `organization`. */
  readonly partition: string;
  readonly entry: HistoryEntry;
}

export interface SettingsTable {
  read(): Promise<StoredSettings>;
  /**
   * Writes what was decided on what was read.
   * @param whole the writes make up all there is, so that nothing unfinished is left after them
   * @throws Refusal `conflict` when somebody else has written since; then nothing was written, except
   * of a change too large for one transaction, and that is unfinished until a whole file is written
   */
  write(writes: readonly SettingsWrite[], read: StoredSettings, whole: boolean): Promise<void>;
}

/** DynamoDB takes a hundred items in a transaction: the version, and two for each write. */
const WRITES_AT_ONCE = 45;
const TRIES = 3;

export function settingsTable(settings: AwsSettings, tableName: string): SettingsTable {
  const table = dynamoTable(settings, tableName);
  return {
    read: () => read(table, TRIES),
    write: async (writes, { version, unfinished }, whole) => {
      const parts = partsOf(writes);
      const remains = whole ? undefined : unfinished;
      for (const [index, part] of parts.entries()) {
        const isLast = index === parts.length - 1;
        const begun = isLast ? remains : (unfinished ?? begunBy(writes));
        await transact(table, [raised(version + index, begun), ...part.flatMap(itemsOf)]);
      }
    },
  };

  function itemsOf({ key, item, partition, entry }: SettingsWrite): readonly TransactWriteItem[] {
    const Key = { pk: text(PARTITION), sk: text(key) };
    const change =
      item === undefined
        ? { Delete: { TableName: tableName, Key } }
        : {
            Put: {
              TableName: tableName,
              Item: { ...marshall(item, { removeUndefinedValues: true }), ...Key },
            },
          };
    return [change, { Put: { TableName: tableName, Item: historyItem(partition, entry, key) } }];
  }

  function raised(version: number, unfinished: string | undefined): TransactWriteItem {
    const Item = {
      ...VERSION_KEY,
      version: number(version + 1),
      ...(unfinished === undefined ? {} : { unfinished: text(unfinished) }),
    };
    const condition =
      version === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#version = :read',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':read': number(version) },
          };
    return { Put: { TableName: tableName, Item, ...condition } };
  }
}

/**
 * A query may see one half of a transaction and not the other; that the version was the same before
 * and after it tells that none was written meanwhile.
 */
async function read(table: Table, tries: number): Promise<StoredSettings> {
  const before = await versionIn(table);
  const rows = await table.rows(PARTITION);
  const after = await versionIn(table);
  if (before.version === after.version) {
    const items = rows.filter(({ sk }) => sk?.S !== VERSION_KEY.sk.S).map(plainItem);
    return { ...after, items };
  }
  if (tries > 1) return read(table, tries - 1);
  throw new OperationError({
    kind: 'conflict',
    during: 'read the settings',
    message: 'they are being changed again and again',
    nextStep: 'Run it again when nobody changes them.',
  });
}

async function versionIn(table: Table): Promise<Omit<StoredSettings, 'items'>> {
  const { version, unfinished } = (await table.row(VERSION_KEY)) ?? { version: number(0) };
  const found = Number(version?.N);
  if (!Number.isSafeInteger(found)) {
    throw new OperationError({
      kind: 'unknown',
      during: 'read the settings',
      message: 'the row settings / version has no number as its version',
      nextStep: 'Put it there: a number that is higher than it has ever been.',
    });
  }
  return { version: found, ...(unfinished?.S === undefined ? {} : { unfinished: unfinished.S }) };
}

/** Numbers beyond what JavaScript can hold exactly are wrong for every setting, and said to be so. */
const plainItem = (item: Item): PlainItem => unmarshall(item, { wrapNumbers: Number });

/** At least one part, so that a whole file that changes nothing still finishes what was begun. */
const partsOf = (writes: readonly SettingsWrite[]): readonly (readonly SettingsWrite[])[] =>
  Array.from({ length: Math.max(1, Math.ceil(writes.length / WRITES_AT_ONCE)) }, (_, index) =>
    writes.slice(index * WRITES_AT_ONCE, (index + 1) * WRITES_AT_ONCE),
  );

const begunBy = ([first]: readonly SettingsWrite[]): string =>
  first === undefined ? 'somebody' : `${new Date(first.entry.at).toISOString()} by ${first.entry.by}`;

async function transact(table: Table, TransactItems: TransactWriteItem[]): Promise<void> {
  try {
    await table.client.send(new TransactWriteItemsCommand({ TransactItems }));
  } catch (error) {
    throw isOvertaken(error) ? overtaken(error) : table.refusal(error, 'dynamodb:TransactWriteItems');
  }
}

const isOvertaken = (error: unknown): boolean =>
  error instanceof TransactionCanceledException &&
  (error.CancellationReasons ?? []).some(
    ({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict',
  );

const overtaken = (cause: unknown): OperationError =>
  new OperationError(
    {
      kind: 'conflict',
      during: 'write the settings',
      message: 'somebody else changed the settings meanwhile',
      nextStep: 'Run it again: it goes by what is set now.',
    },
    { cause },
  );
