import type { HistoryEntry } from '../../domain/rotation/history.ts';
import type { SettingsRow, SettingsSnapshot } from '../../domain/settings/setting.ts';

/** All settings of the deployment. */
export interface SettingsSource {
  /** @throws OperationError when they can't be read: nothing is done on a guess of what is set */
  read(): Promise<SettingsSnapshot>;
}

/** One row of the settings that is put or removed, and its place in the history. */
export interface SettingsRowWrite {
  /** The name the row has in the table until now; a row whose target nobody understands has no other. */
  readonly key: string;
  /** Absent: the row goes. */
  readonly after?: SettingsRow;
  /** In whose history it is: an account's id, or `organization`. */
  readonly partition: string;
  readonly entry: HistoryEntry;
}

/** Writes settings that were decided on what was read before; all or none, as far as there is room. */
export interface SettingsWriter {
  /** @throws OperationError `conflict` when somebody else has written since they were read */
  write(rows: readonly SettingsRowWrite[]): Promise<void>;
}
