import { settingsTable, type SettingsTable } from './aws/settings-table.ts';
import { awsSettings, compose, type Surroundings } from './compose.ts';
import type { Settings } from './config/settings.ts';
import type { Run } from './run/run.ts';

/** What the commands about settings need. Calls nothing yet. */
export interface SettingsDesk
  extends Pick<Run, 'runId' | 'now' | 'directory' | 'sessions' | 'plaintextTo'>, SettingsTable {
  readonly region: string;
}

/** @param tableName where the settings are */
export function composeSettings(
  settings: Settings,
  tableName: string,
  surroundings: Pick<Surroundings, 'region' | 'endpoint' | 'credentials' | 'clock'>,
): SettingsDesk {
  const request = { accountIds: [], userNames: [] };
  const { runId, now, directory, sessions, plaintextTo } = compose(settings, request, {
    ...surroundings,
    publish: false,
  });
  const { region } = surroundings;
  return {
    runId,
    now,
    region,
    directory,
    sessions,
    plaintextTo,
    ...settingsTable(awsSettings(surroundings), tableName),
  };
}

export { bookOf } from './settings-source.ts';
export type { SettingsWrite, StoredSettings } from './aws/settings-table.ts';
