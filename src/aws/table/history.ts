import { clean } from '../../domain/report/clean.ts';
import type { History } from '../../run/ports/history.ts';
import type { AwsSettings } from '../client/config.ts';
import { historyPartitionOf, readHistory, settingsHistoryPartitionOf } from './history-rows.ts';
import type { Item } from './items.ts';
import { dynamoTable } from './table.ts';

/**
 * The history in the ledger's table, with what people have added about settings and the journal may not have copied
 * yet. A row that can't be parsed is only named, so that the others are shown.
 */
export function dynamoHistory(settings: AwsSettings, tableName: string): History {
  const table = dynamoTable(settings, tableName);
  return {
    of: async (accountId) => {
      const [kept, added] = await Promise.all([
        table.rows(historyPartitionOf(accountId), 'descending'),
        table.rows(settingsHistoryPartitionOf(accountId), 'descending'),
      ]);
      const copied = new Set(kept.map(({ sk }) => sk));
      const read = [
        ...kept.map((row) => ({ row, entry: readHistory(row) })),
        ...added
          .filter(({ sk }) => !copied.has(sk))
          .map((row) => ({ row, entry: readHistory(row) }))
          // Of anything else whoever adds a row there has nothing to say.
          .map(({ row, entry }) => ({ row, entry: entry?.what === 'settings-changed' ? entry : undefined })),
      ];
      return {
        entries: read.flatMap(({ entry }) => entry ?? []).toSorted((one, other) => other.at - one.at),
        unreadable: read.flatMap(({ row, entry }) => (entry === undefined ? [nameOf(row)] : [])),
      };
    },
  };
}

/** Longer than those we make. */
const LONGEST_NAME = 300;

const nameOf = ({ pk, sk }: Item): string => clean(`${String(pk)} / ${String(sk)}`, LONGEST_NAME);
