import type { History } from '../../run/ports/history.ts';
import type { AwsSettings } from '../client/config.ts';
import { historyPartitionOf, readHistory } from './history-rows.ts';
import { dynamoTable } from './table.ts';

/** The history in the ledger's table. A row that can't be parsed is left out, so that the others are shown. */
export function dynamoHistory(settings: AwsSettings, tableName: string): History {
  const table = dynamoTable(settings, tableName);
  return {
    of: async (accountId) => {
      const rows = await table.rows(historyPartitionOf(accountId), 'descending');
      return rows.flatMap((row) => readHistory(row) ?? []);
    },
  };
}
