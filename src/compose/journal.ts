import { snsNotifier } from '../aws/messaging/notifier.ts';
import { copySettingsHistory } from '../aws/table/settings-history.ts';
import { InputError } from '../domain/errors.ts';
import type { RowChange } from '../domain/report/row-change.ts';
import { HISTORY_DAYS } from '../domain/rotation/history.ts';
import { days } from '../domain/time.ts';
import type { Notifier } from '../run/ports/messaging.ts';
import { findRegion } from './region.ts';

export { rowChangesIn } from '../aws/table/row-changes.ts';

/**
 * Where operators are told what concerns the service itself.
 * @throws InputError when the environment doesn't say
 */
export async function operators(): Promise<Notifier> {
  const topicArn = process.env['OPERATORS_TOPIC_ARN'];
  if (!topicArn) throw new InputError(['OPERATORS_TOPIC_ARN: must be set, to the topic of the operators']);
  return snsNotifier({ region: await findRegion() }, topicArn);
}

/**
 * Keeps what people have added to the history of settings.
 * @throws InputError when the environment doesn't say where
 * @throws OperationError when it can't be written
 */
export async function keepSettingsHistory(changes: readonly RowChange[]): Promise<void> {
  const tableName = process.env['ROTATION_TABLE_NAME'];
  if (!tableName)
    throw new InputError(['ROTATION_TABLE_NAME: must be set, to the table that the stream is of']);
  await copySettingsHistory(changes, {
    aws: { region: await findRegion() },
    tableName,
    kept: days(historyDays(process.env['ROTATION_HISTORY_DAYS'])),
    now: Date.now(),
  });
}

/** The deployment has checked it. */
const historyDays = (text: string | undefined): number => Number(text) || HISTORY_DAYS.usual;
