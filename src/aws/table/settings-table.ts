import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { definedOnly } from '../../domain/defined-only.ts';
import { isKind, OperationError } from '../../domain/errors.ts';
import type { HistoryEntry } from '../../domain/rotation/history.ts';
import type { Duration } from '../../domain/time.ts';
import type { AwsSettings } from '../client/config.ts';
import { settingsHistoryItem } from './history-rows.ts';
import type { Item } from './items.ts';
import { dynamoTable, updateOf, type Table, type Write } from './table.ts';

/*
 * The rows of src/config/settings-rows.ts, and beside them
 *
 *   pk         sk        attributes
 *   settings   version   version: raised by every write
 *                        unfinished: who started to import a whole file, and when; nobody may use
 *                        what is half written
 */

export const SETTINGS_PARTITION = 'settings';
const VERSION_KEY = { pk: SETTINGS_PARTITION, sk: 'version' };

export interface StoredSettings {
  /** Without the version's row. */
  readonly items: readonly Item[];
  /** 0 before the first write. */
  readonly version: number;
  /** Present when an import was started and not finished. */
  readonly unfinished?: string;
}

/** One row that is put or removed, and its place in the history. */
export interface SettingsWrite {
  /** The sort key of the row. */
  readonly key: string;
  /** Absent: the row goes. */
  readonly item?: Item;
  /** An account's id, or `organization`. */
  readonly partition: string;
  readonly entry: HistoryEntry;
}

export interface SettingsTable {
  read(): Promise<StoredSettings>;
  /**
   * Writes what was decided on what was read.
   * @param whole the writes make up all there is, so that nothing unfinished is left after them
   * @throws OperationError `conflict` when somebody else has written since; then nothing was written, except
   * of a change too large for one transaction, and that is unfinished until a whole file is written
   */
  write(writes: readonly SettingsWrite[], read: StoredSettings, whole: boolean): Promise<void>;
}

/** DynamoDB takes a hundred items in a transaction: the version, and two for each write. */
const WRITES_AT_ONCE = 45;
/** Some seconds' worth of transactions, one after the other. */
const MOST_IN_TRANSACTIONS = 10 * WRITES_AT_ONCE;
const TRIES = 3;

/** Writes many rows fast, and in no transaction. */
export type BulkWrite = (
  table: Table,
  writes: readonly SettingsWrite[],
  meanwhile: Meanwhile,
) => Promise<void>;

export interface Meanwhile {
  /** Throws when somebody else has begun to write. */
  readonly stillOurs: () => Promise<void>;
  /** How long the history that is written stays. */
  readonly historyKept: Duration | undefined;
}

/**
 * @param historyKept how long what is added to the history stays; its default is that of the settings
 * @param bulk absent where nothing large is ever written
 */
export function settingsTable(
  settings: AwsSettings,
  tableName: string,
  { historyKept, bulk }: { readonly historyKept?: Duration; readonly bulk?: BulkWrite } = {},
): SettingsTable {
  const table = dynamoTable(settings, tableName);
  return {
    read: () => read(table, TRIES),
    write: async (writes, { version, unfinished }, whole) => {
      if (bulk !== undefined && writes.length > MOST_IN_TRANSACTIONS) {
        await writeInBulk(bulk, writes, { version, unfinished }, whole);
        return;
      }
      const parts = partsOf(writes);
      const remains = whole ? undefined : unfinished;
      for (const [index, part] of parts.entries()) {
        const isLast = index === parts.length - 1;
        const startedMark = isLast ? remains : (unfinished ?? startedBy(writes));
        await transact(table, [raised(version + index, startedMark), ...part.flatMap(itemsOf)]);
      }
    },
  };

  /** The mark at the beginning and its end are conditional; what is between them is not. */
  async function writeInBulk(
    bulk: BulkWrite,
    writes: readonly SettingsWrite[],
    { version, unfinished }: Pick<StoredSettings, 'version'> & { readonly unfinished: string | undefined },
    whole: boolean,
  ): Promise<void> {
    const mark = unfinished ?? startedBy(writes);
    await transact(table, [raised(version, mark)]);
    const stillOurs = async () => {
      if ((await versionIn(table)).version !== version + 1) throw overtaken(undefined);
    };
    try {
      await bulk(table, writes, { stillOurs, historyKept });
      await transact(table, [raised(version + 1, whole ? undefined : unfinished)]);
    } catch (error) {
      // Whoever came meanwhile may have ended already, and some rows are ours and some theirs.
      if (isKind(error, 'conflict'))
        await table.update(updateOf(VERSION_KEY, { unfinished: mark }, [], { version: 1 }));
      throw error;
    }
  }

  function itemsOf({ key, item, partition, entry }: SettingsWrite): readonly Write[] {
    const Key = { pk: SETTINGS_PARTITION, sk: key };
    const change =
      item === undefined
        ? { Delete: { TableName: tableName, Key } }
        : { Put: { TableName: tableName, Item: { ...item, ...Key } } };
    return [
      change,
      { Put: { TableName: tableName, Item: settingsHistoryItem(partition, entry, key, historyKept) } },
    ];
  }

  function raised(version: number, unfinished: string | undefined): Write {
    const Item = {
      ...VERSION_KEY,
      version: version + 1,
      ...definedOnly({ unfinished }),
    };
    const condition =
      version === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#version = :read',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':read': version },
          };
    return { Put: { TableName: tableName, Item, ...condition } };
  }
}

/**
 * A query may see one half of a transaction and not the other; that the version was the same before
 * and after it shows that none was written meanwhile.
 */
async function read(table: Table, tries: number): Promise<StoredSettings> {
  const before = await versionIn(table);
  const rows = await table.rows(SETTINGS_PARTITION);
  // Where there is nothing yet there is no half of anything.
  if (rows.length === 0 && before.version === 0) return { ...before, items: [] };
  const after = await versionIn(table);
  if (before.version === after.version) {
    const items = rows.filter(({ sk }) => sk !== VERSION_KEY.sk);
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
  const { version, unfinished } = (await table.row(VERSION_KEY)) ?? { version: 0 };
  if (typeof version !== 'number' || !Number.isSafeInteger(version)) {
    throw new OperationError({
      kind: 'unknown',
      during: 'read the settings',
      message: 'the row settings / version has no number as its version',
      nextStep: 'Put it there: a number that is higher than it has ever been.',
    });
  }
  return { version, ...(typeof unfinished === 'string' ? { unfinished } : {}) };
}

/** At least one part, so that a whole file that changes nothing still finishes what was started. */
const partsOf = (writes: readonly SettingsWrite[]): readonly (readonly SettingsWrite[])[] =>
  Array.from({ length: Math.max(1, Math.ceil(writes.length / WRITES_AT_ONCE)) }, (_, index) =>
    writes.slice(index * WRITES_AT_ONCE, (index + 1) * WRITES_AT_ONCE),
  );

const startedBy = ([first]: readonly SettingsWrite[]): string =>
  first === undefined ? 'somebody' : `${new Date(first.entry.at).toISOString()} by ${first.entry.by}`;

async function transact(table: Table, TransactItems: Write[]): Promise<void> {
  try {
    await table.client.send(new TransactWriteCommand({ TransactItems }));
  } catch (error) {
    throw isOvertaken(error) ? overtaken(error) : table.operationError(error, 'dynamodb:TransactWriteItems');
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
