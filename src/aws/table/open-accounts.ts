import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { OpenAccounts } from '../../run/ports/open-accounts.ts';
import type { AwsSettings } from '../client/config.ts';
import { ask } from '../client/errors.ts';
import type { RowKey } from './items.ts';
import { dynamoTable, updateOf } from './table.ts';

/*
 * A row for each account of which something is open, and for no other:
 *
 *   pk    sk          attributes
 *   open  <account>   isOpen
 */

const PARTITION = 'open';
const keyOf = (accountId: string): RowKey => ({ pk: PARTITION, sk: accountId });

/**
 * @param onlyAccounts whom the run is about; empty for all, who are asked for at once
 */
export function dynamoOpenAccounts(
  settings: AwsSettings,
  tableName: string,
  onlyAccounts: readonly string[],
): OpenAccounts {
  const table = dynamoTable(settings, tableName);
  let asked: Promise<Set<string>> | undefined;
  const all = async () => new Set((await table.rows(PARTITION)).map(({ sk }) => String(sk)));
  const some = async () => {
    const rows = await Promise.all(onlyAccounts.map((id) => table.row(keyOf(id))));
    return new Set(rows.flatMap((row) => (row === undefined ? [] : [String(row['sk'])])));
  };
  const open = () =>
    (asked ??= (onlyAccounts.length === 0 || onlyAccounts.length > FEW ? all() : some()).catch(
      (error: unknown) => {
        asked = undefined; // the next account asks again
        throw error;
      },
    ));
  return {
    has: async (accountId) => (await open()).has(accountId),
    add: async (accountId) => {
      await table.update(updateOf(keyOf(accountId), { isOpen: true }));
      (await open()).add(accountId);
    },
    remove: async (accountId) => {
      const command = new DeleteCommand({ TableName: tableName, Key: keyOf(accountId) });
      await ask('dynamodb:DeleteItem', () => table.client.send(command));
      (await open()).delete(accountId);
    },
  };
}

/** Beyond this, all rows at once cost less. */
const FEW = 5;
