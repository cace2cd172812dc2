import { keepSettingsHistory, operators, rowChangesIn } from './compose/journal.ts';
import { journalOf } from './report/data/journal.ts';
import { telemetry } from './telemetry.ts';

/**
 * Keeps in the log what is added to the history, by a run or by a person, and tells the operators when
 * settings change, or records that nobody ought to change. What people add about settings it copies to where they
 * can't write. What it is told comes from the table itself, so no way to write a row leads past it.
 * @param event of the table's stream; Lambda repeats it when this fails
 * @throws InputError when it is something else
 * @throws OperationError when the operators can't be told, or the history can't be kept
 */
export async function keepJournal(event: unknown): Promise<void> {
  const changes = rowChangesIn(event);
  const { lines, notification } = journalOf(changes);
  const log = telemetry();
  for (const { level, message, about } of lines) log[level](message, about);
  if (notification !== undefined) await (await operators()).publish(notification);
  await keepSettingsHistory(changes);
}
