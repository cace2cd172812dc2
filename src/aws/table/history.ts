import type { History } from '../../run/ports/history.ts';
import type { AwsSettings } from '../client/config.ts';
import { historyPartitionOf, readHistory } from './history-rows.ts';
import { dynamoTable } from './table.ts';

/** The history in the ledger's table. A row that can't be read is left out: the others help more than none. */
export function dynamoHistory(settings: AwsSettings, tableName: string): History {
  const table = dynamoTable(settings, tableName);
  return {
    of: async (accountId) => {
      const rows = await table.rows(historyPartitionOf(accountId), 'descending');
      return rows.flatMap((row) => readHistory(row) ?? []);
    },
  };
}
