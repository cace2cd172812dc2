import type { SettingsTable, StoredSettings } from '../aws/table/settings-table.ts';
import { itemOf, keyOf } from '../config/settings-rows.ts';
import type { SettingsWriter } from '../run/ports/settings.ts';

/**
 * Writes rows as the table of settings keeps them.
 * @param read what the writes were decided on
 * @param whole the writes make up all there is
 */
export const settingsWriter = (
  table: SettingsTable,
  read: StoredSettings,
  whole: boolean,
): SettingsWriter => ({
  write: (rows) =>
    table.write(
      rows.map(({ key, after, partition, entry }) =>
        after === undefined
          ? { key, partition, entry }
          : { key: keyOf(after.target), item: itemOf(after, entry), partition, entry },
      ),
      read,
      whole,
    ),
});
