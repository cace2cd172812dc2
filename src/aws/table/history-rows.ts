import * as z from 'zod';
import { HISTORY_DAYS, HISTORY_KINDS, type HistoryEntry } from '../../domain/rotation/history.ts';
import { clean } from '../../domain/report/clean.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import { days, type Duration } from '../../domain/time.ts';
import { expiry, moment, text, type Item, type RowKey } from './items.ts';

/*
 * The history of changes:
 *
 *   pk                    sk                                           attributes
 *   history#<account id>  <ISO time>#<what>#<key id, or ''>#<run id>   at (milliseconds), runId, by, what,
 *   history#organization                                               reason, message, userName,
 *                                                                      accessKeyId, newAccessKeyId, secretName
 *
 * All of them have `expiresAt`.
 *
 * People who set settings write no history, or they could write what they like: they add the entry to
 *
 *   settings-history#<account id>                                      the same
 *   settings-history#organization
 *
 * and the journal copies it (settings-history.ts).
 */

const SETTINGS = 'settings-';
export const historyPartitionOf = (partition: string): string => `history#${partition}`;
export const settingsHistoryPartitionOf = (partition: string): string =>
  SETTINGS + historyPartitionOf(partition);

/** The row that an entry about settings is added as. */
export const settingsHistoryItem = (...args: Parameters<typeof historyItem>): Item & RowKey => ({
  ...historyItem(...args),
  pk: settingsHistoryPartitionOf(args[0]),
});

/** Where a row of a person is copied to; undefined for every other row. */
export const copyOf = (pk: string): string | undefined =>
  pk.startsWith(settingsHistoryPartitionOf('')) ? pk.slice(SETTINGS.length) : undefined;

/**
 * The row of an entry. The same entry is the same row, so writing it again changes nothing.
 * @param partition an account id, or `organization`
 * @param about distinguishes entries that one run makes at the same moment
 * @param kept after so long DynamoDB removes it
 */
export function historyItem(
  partition: string,
  entry: HistoryEntry,
  about: string = entry.accessKeyId ?? '',
  kept: Duration = days(HISTORY_DAYS.usual),
): Item & RowKey {
  const { at, ...words } = entry;
  const texts = Object.entries(words).filter(([, value]) => typeof value === 'string');
  return {
    pk: historyPartitionOf(partition),
    sk: [new Date(at).toISOString(), entry.what, about, entry.runId].join('#'),
    at,
    ...Object.fromEntries(texts),
    expiresAt: expiry(at, kept),
  };
}

/** Of a user, or of keys: `AKIA... and AKIA...`. */
const LONGEST_NAME = 300;
const name = z.string().transform((value) => clean(value, LONGEST_NAME));

/** What an import of thousands of settings says. */
const LONGEST_MESSAGE = 100_000;

const Row = z.object({
  at: moment,
  runId: name,
  by: text,
  what: z.enum(HISTORY_KINDS),
  userName: name.optional(),
  accessKeyId: name.optional(),
  newAccessKeyId: name.optional(),
  secretName: text.optional(),
  reason: text,
  message: z.string(),
});

/**
 * The entry of a row; undefined when it can't be understood. Its place among the others is its sort key: one
 * that says another moment than that was not written by us.
 */
export function readHistory(item: Item): HistoryEntry | undefined {
  const { success, data } = Row.safeParse(item);
  if (!success || !String(item['sk']).startsWith(new Date(data.at).toISOString())) return undefined;
  const { message } = data;
  const whole = data.what === 'settings-changed' ? clean(message, LONGEST_MESSAGE) : text.parse(message);
  return definedOnly({ ...data, message: whole });
}
