import { bulkWrite } from '../aws/table/bulk-write.ts';
import { settingsTable, type SettingsTable, type StoredSettings } from '../aws/table/settings-table.ts';
import { awsSettings, type Environment } from './environment.ts';
import { composePlan } from './plan.ts';
import type { Settings } from '../config/settings.ts';
import { days } from '../domain/time.ts';
import type { ServiceExaminer } from '../run/ports/doctor.ts';
import type { RunContext } from '../run/context/run-context.ts';
import type { SettingsWriter } from '../run/ports/settings.ts';
import { settingsWriter } from './settings-writer.ts';

/** What the commands about settings need. Calls nothing yet. */
export interface SettingsAccess
  extends
    Pick<RunContext, 'runId' | 'now' | 'directory' | 'sessions' | 'plaintextTo'>,
    Pick<ServiceExaminer, 'subscriptions'>,
    Pick<SettingsTable, 'read'> {
  readonly region: string;
  /** @param whole the writes make up all there is, so that nothing unfinished is left after them */
  writer(read: StoredSettings, whole: boolean): SettingsWriter;
}

/** @param tableName where the settings are */
export function composeSettings(
  settings: Settings,
  tableName: string,
  environment: Pick<Environment, 'region' | 'endpoint' | 'credentials' | 'clock'>,
): SettingsAccess {
  const request = { accountIds: [], userNames: [] };
  const { runId, now, directory, sessions, plaintextTo } = composePlan(settings, request, environment);
  const { region } = environment;
  const aws = awsSettings(environment);
  const table = settingsTable(aws, tableName, {
    historyKept: days(settings.historyDays),
    bulk: bulkWrite,
  });
  return {
    runId,
    now,
    region,
    directory,
    sessions,
    plaintextTo,
    // Only who changes topics asks, and it takes five clients to load.
    subscriptions: async (topicArn) => {
      const { serviceClients, serviceExaminer } = await import('../aws/doctor/service-examiner.ts');
      return serviceExaminer(serviceClients(aws)).subscriptions(topicArn);
    },
    read: () => table.read(),
    writer: (read, whole) => settingsWriter(table, read, whole),
  };
}

export { snapshotOf, FINISH_IT, describeUnfinished } from './settings-source.ts';
