import { clean } from '../../domain/report/clean.ts';
import type { History } from '../../run/ports/history.ts';
import type { AwsSettings } from '../client/config.ts';
import { historyPartitionOf, readHistory } from './history-rows.ts';
import type { Item } from './items.ts';
import { dynamoTable } from './table.ts';

/** The history in the ledger's table. A row that can't be parsed is only named, so that the others are shown. */
export function dynamoHistory(settings: AwsSettings, tableName: string): History {
  const table = dynamoTable(settings, tableName);
  return {
    of: async (accountId) => {
      const rows = await table.rows(historyPartitionOf(accountId), 'descending');
      const read = rows.map((row) => ({ row, entry: readHistory(row) }));
      return {
        entries: read.flatMap(({ entry }) => entry ?? []),
        unreadable: read.flatMap(({ row, entry }) => (entry === undefined ? [nameOf(row)] : [])),
      };
    },
  };
}

/** Longer than those we make. */
const LONGEST_NAME = 300;

const nameOf = ({ pk, sk }: Item): string => clean(`${String(pk)} / ${String(sk)}`, LONGEST_NAME);
