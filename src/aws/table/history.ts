import type { History } from '../../run/ports/history.ts';
import type { AwsSettings } from '../client/config.ts';
import { historyPartitionOf, readHistory, settingsHistoryPartitionOf } from './history-rows.ts';
import { dynamoTable } from './table.ts';

/**
 * The history in the ledger's table, with what people have added about settings and the journal may not have copied
 * yet. A row that can't be parsed is left out, so that the others are shown.
 */
export function dynamoHistory(settings: AwsSettings, tableName: string): History {
  const table = dynamoTable(settings, tableName);
  return {
    of: async (accountId) => {
      const [kept, added] = await Promise.all([
        table.rows(historyPartitionOf(accountId), 'descending'),
        table.rows(settingsHistoryPartitionOf(accountId), 'descending'),
      ]);
      const entries = kept.flatMap((row) => readHistory(row) ?? []);
      const copied = new Set(kept.map(({ sk }) => sk));
      // Of anything else whoever adds a row there has nothing to say.
      const notCopied = added
        .filter(({ sk }) => !copied.has(sk))
        .flatMap((row) => readHistory(row) ?? [])
        .filter(({ what }) => what === 'settings-changed');
      return [...entries, ...notCopied].toSorted((one, other) => other.at - one.at);
    },
  };
}
