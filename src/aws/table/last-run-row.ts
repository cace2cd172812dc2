import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { definedOnly } from '../../domain/defined-only.ts';
import { isKind, OperationError } from '../../domain/errors.ts';
import type { Deferred, LastRun, LastRunStore } from '../../run/ports/last-run.ts';
import type { AwsSettings } from '../client/config.ts';
import { ask } from '../client/errors.ts';
import type { Item } from './items.ts';
import { dynamoTable } from './table.ts';

const KEY = { pk: 'run', sk: 'last' };

/** What the last run that was no audit left for the next one: a row of its own in the ledger's table. */
export function lastRunRow(settings: AwsSettings, tableName: string): LastRunStore {
  const table = dynamoTable(settings, tableName);
  const rowNow = async (): Promise<Item> => (await table.row(KEY)) ?? {};
  /** @returns whether nobody else has written since the row was read */
  const put = async (runId: string, last: LastRun, { runId: before }: Item): Promise<boolean> => {
    const Item = { ...KEY, runId, ...formatLast(last) };
    const asRead =
      typeof before === 'string'
        ? { ConditionExpression: 'runId = :before', ExpressionAttributeValues: { ':before': before } }
        : { ConditionExpression: 'attribute_not_exists(runId)' };
    try {
      const command = new PutCommand({ TableName: tableName, Item, ...asRead });
      await ask('dynamodb:PutItem', () => table.client.send(command));
      return true;
    } catch (error) {
      if (isKind(error, 'conflict')) return false;
      throw error;
    }
  };
  /** As it was when this run began: mostly it still is so when the run ends. */
  let known: Item | undefined;
  return {
    read: async () => {
      known = await rowNow();
      return parseLast(known);
    },
    change: async (runId, how) => {
      for (let tried = 0; tried < TRIES; tried++) {
        const row = known ?? (await rowNow());
        known = undefined;
        if (await put(runId, how(parseLast(row)), row)) return;
      }
      throw new OperationError({
        kind: 'conflict',
        during: 'dynamodb:PutItem',
        message: 'other runs recorded what they left at the same time, again and again',
        nextStep: 'Nothing to do: the next run records what it leaves.',
      });
    },
  };
}

/** Runs end at the same time seldom, and never many of them. */
const TRIES = 5;

const parseLast = (row: Item): LastRun => ({
  unreachable: listIn(row, 'unreachable'),
  deferred: listIn(row, 'late').map(parseDeferred),
  surveyed: new Map(listIn(row, 'surveyed').map(parseSurveyed)),
  runs: countIn(row, 'runs'),
});

const formatLast = ({ unreachable, deferred, surveyed, runs }: LastRun): Item => ({
  unreachable,
  late: deferred.map(formatDeferred),
  surveyed: [...surveyed].map(([accountId, count]) => `${accountId}/${count}`),
  runs,
});

/** The id of an account, and maybe the name of a user; anything else was never written by a run. */
const ENTRY = /^\d{12}(\/[\w+=,.@-]{1,128})?$/;

function listIn(row: Item, name: string): readonly string[] {
  const list: unknown = row[name];
  const entries: readonly unknown[] = Array.isArray(list) ? list : [];
  return entries.filter((value) => typeof value === 'string').filter((value) => ENTRY.test(value));
}

/** What is no count of runs is none. */
function countIn(row: Item, name: string): number {
  const count = row[name];
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : 0;
}

/** `111122223333/7`; earlier versions wrote no number, and what is none counts as the first run. */
function parseSurveyed(text: string): [accountId: string, count: number] {
  const [accountId = '', count] = text.split('/');
  return [accountId, COUNT.test(count ?? '') ? Number(count) : 1];
}

const COUNT = /^\d{1,9}$/;

/** `111122223333`, or `111122223333/alice`: no name of a user has a slash. */
const formatDeferred = ({ accountId, userName }: Deferred): string =>
  userName === undefined ? accountId : `${accountId}/${userName}`;

function parseDeferred(text: string): Deferred {
  const [accountId = '', userName] = text.split('/');
  return { accountId, ...definedOnly({ userName }) };
}
