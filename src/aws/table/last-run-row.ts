import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Deferred, LastRunStore } from '../../run/ports/last-run.ts';
import type { AwsSettings } from '../client/config.ts';
import { ask } from '../client/errors.ts';
import { text, texts, type Item } from './items.ts';
import { dynamoTable } from './table.ts';

const KEY = { pk: text('run'), sk: text('last') };

/** What the last run that changed something left for the next one: a row of its own in the ledger's table. */
export function dynamoRunMemory(settings: AwsSettings, tableName: string): LastRunStore {
  const table = dynamoTable(settings, tableName);
  return {
    read: async () => {
      const row = (await table.row(KEY)) ?? {};
      return { unreachable: listIn(row, 'unreachable'), deferred: listIn(row, 'late').map(lateOf) };
    },
    write: async (runId, { unreachable, deferred: late }) => {
      const Item = {
        ...KEY,
        runId: text(runId),
        unreachable: texts(unreachable),
        late: texts(late.map(lateInWords)),
      };
      await ask('dynamodb:PutItem', () =>
        table.client.send(new PutItemCommand({ TableName: tableName, Item })),
      );
    },
  };
}

const listIn = (row: Item, name: string): readonly string[] =>
  (row[name]?.L ?? []).flatMap(({ S }) => (S === undefined ? [] : [S]));

/** `111122223333`, or `111122223333/alice`: no name of a user has a slash. */
const lateInWords = ({ accountId, userName }: Deferred): string =>
  userName === undefined ? accountId : `${accountId}/${userName}`;

function lateOf(text: string): Deferred {
  const [accountId = '', userName] = text.split('/');
  return { accountId, ...(userName === undefined ? {} : { userName }) };
}
