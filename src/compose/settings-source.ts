import type { AwsSettings } from '../aws/client/config.ts';
import { settingsTable, type StoredSettings } from '../aws/table/settings-table.ts';
import { baseLayers } from '../config/base-layers.ts';
import { toSnapshotRows, readItems } from '../config/settings-rows.ts';
import type { Settings } from '../config/settings.ts';
import type { BadSettingsRow, SettingsSnapshot } from '../domain/settings/setting.ts';
import type { Instant } from '../domain/time.ts';
import type { SettingsSource } from '../run/ports/settings.ts';

/**
 * All settings there are: defaults, the deployment's, and the table's, if there is one.
 * @param now what no exemption may be longer than a year from
 */
export function settingsSource(aws: AwsSettings, settings: Settings, now: Instant): SettingsSource {
  const { tableName } = settings;
  return {
    read: async () =>
      tableName === undefined
        ? { base: baseLayers(settings), rows: [], badRows: [] }
        : snapshotOf(settings, await settingsTable(aws, tableName).read(), now),
  };
}

/** An unfinished import stops every account: the missing half may hold a stricter row. */
export function snapshotOf(settings: Settings, stored: StoredSettings, now: Instant): SettingsSnapshot {
  const { rows, badRows } = toSnapshotRows(readItems(stored.items, now));
  return { base: baseLayers(settings), rows, badRows: [...badRows, ...unfinished(stored)] };
}

const unfinished = ({ unfinished: startedAt }: StoredSettings): readonly BadSettingsRow[] =>
  startedAt === undefined ? [] : [{ message: `${describeUnfinished(startedAt)}; ${FINISH_IT}` }];

/** A half-written table looks complete; only the file shows what is missing. */
export const describeUnfinished = (startedAt: string): string =>
  `an import of settings was begun at ${startedAt} and is not finished`;

export const FINISH_IT =
  'finish it first, with the file it was begun with: access-key-rotation settings import FILE';
