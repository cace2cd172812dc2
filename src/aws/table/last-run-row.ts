import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { definedOnly } from '../../domain/defined-only.ts';
import type { Deferred, LastRunStore } from '../../run/ports/last-run.ts';
import type { AwsSettings } from '../client/config.ts';
import { ask } from '../client/errors.ts';
import type { Item } from './items.ts';
import { dynamoTable } from './table.ts';

const KEY = { pk: 'run', sk: 'last' };

/** What the last run that was no audit left for the next one: a row of its own in the ledger's table. */
export function lastRunRow(settings: AwsSettings, tableName: string): LastRunStore {
  const table = dynamoTable(settings, tableName);
  return {
    read: async () => {
      const row = (await table.row(KEY)) ?? {};
      return {
        unreachable: listIn(row, 'unreachable'),
        deferred: listIn(row, 'late').map(parseDeferred),
        surveyed: new Map(listIn(row, 'surveyed').map(parseSurveyed)),
        runs: countIn(row, 'runs'),
      };
    },
    write: async (runId, { unreachable, deferred, surveyed, runs }) => {
      const Item = {
        ...KEY,
        runId,
        unreachable,
        late: deferred.map(formatDeferred),
        surveyed: [...surveyed].map(([accountId, count]) => `${accountId}/${count}`),
        runs,
      };
      await ask('dynamodb:PutItem', () => table.client.send(new PutCommand({ TableName: tableName, Item })));
    },
  };
}

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
