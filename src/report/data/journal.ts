import { clean } from '../../domain/report/clean.ts';
import type { Notification } from '../../domain/report/notification.ts';
import type { RowChange, RowValues } from '../../domain/report/row-change.ts';
import { journalNotification, type Told } from './journal-notification.ts';

/** A line of the log, as structured as it gets. */
interface JournalLine {
  readonly level: 'info' | 'warn';
  readonly message: string;
  readonly about: Readonly<Record<string, unknown>>;
}

export interface Journal {
  readonly lines: readonly JournalLine[];
  /** For the operators; absent: nothing that they have to hear of at once. */
  readonly notification?: Notification;
}

/**
 * What the log keeps of changes in the table, and what operators are told: settings that changed, with who did
 * it as the row says, and records that nobody ought to change. What runs write in their work is left out.
 */
export function journalOf(changes: readonly RowChange[]): Journal {
  const entries = changes.flatMap((change) => entryOf(change) ?? []);
  const lines = entries.map(({ line }) => line);
  const told = entries.flatMap(({ told: one }) => one ?? []);
  return told.length === 0 ? { lines } : { lines, notification: journalNotification(told) };
}

interface Entry {
  readonly line: JournalLine;
  readonly told?: Told;
}

function entryOf(change: RowChange): Entry | undefined {
  const { pk, sk, after, expired } = change;
  if (pk.startsWith('history#')) return historyEntry(change);
  if (pk.startsWith('settings-history#')) return addedEntry(change);
  if (pk === 'settings' && sk !== 'version') return settingsEntry(change);
  // Nobody deletes what is known about a key: it ends by itself. Without its version nobody could change settings.
  const isKept = sk.startsWith('key#') || pk === 'settings';
  const isRemoved = isKept && after === undefined && !expired;
  return isRemoved ? altered(change, 'a row of the ledger was removed') : undefined;
}

/** Where what a history entry has is found in the log; a message is the log's own word. */
const HISTORY_FIELDS = [
  'runId',
  'by',
  'what',
  'userName',
  'accessKeyId',
  'newAccessKeyId',
  'secretName',
  'reason',
] as const;

/** By name, so that nothing gets into the log that somebody put beside it. */
const historyValues = (values: RowValues | undefined): Readonly<Record<string, unknown>> => ({
  at: isoOf(values?.['at']),
  ...Object.fromEntries(HISTORY_FIELDS.flatMap((name) => textIn(values, name, name))),
  ...Object.fromEntries(textIn(values, 'message', 'why')),
});

const textIn = (values: RowValues | undefined, name: string, as: string): readonly [string, string][] => {
  const value = values?.[name];
  return typeof value === 'string' ? [[as, value]] : [];
};

const isoOf = (at: unknown): string | undefined => {
  const date = new Date(typeof at === 'number' ? at : Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
};

/** @param notAdded what to say of a new entry that nobody may add; absent: it is one of the history's own */
function historyEntry(change: RowChange, notAdded?: string): Entry | undefined {
  const { pk, before, after, expired } = change;
  if (before === undefined) {
    if (notAdded !== undefined) return altered(change, notAdded);
    const about = { accountId: pk.slice('history#'.length), ...historyValues(after) };
    return { line: { level: 'info', message: 'history', about } };
  }
  if (expired) return undefined;
  return altered(
    change,
    after === undefined ? 'an entry of the history was removed' : 'an entry of the history was changed',
  );
}

/** What a person adds about settings is a line of the log when it is in the history: the journal copies it. */
function addedEntry(change: RowChange): Entry | undefined {
  const { before, after } = change;
  const isAdded = before === undefined && after?.['what'] === 'settings-changed';
  return isAdded
    ? undefined
    : historyEntry(change, 'something else than settings was added to their history');
}

function altered({ pk, sk, before, after }: RowChange, what: string): Entry {
  const isHistory = /^(settings-)?history#/.test(pk);
  const about = {
    row: `${pk} / ${sk}`,
    before: isHistory ? historyValues(before) : before,
    after: isHistory && after !== undefined ? historyValues(after) : after,
  };
  return {
    line: { level: 'warn', message: what, about },
    told: { about: 'records', text: `${clean(`${pk} / ${sk}`)}: ${what}` },
  };
}

function settingsEntry({ sk, before, after, expired }: RowChange): Entry {
  const by = after?.['updatedBy'];
  const at = after?.['updatedAt'];
  const who = typeof by === 'string' ? by : 'nobody says by whom';
  const names = changedNames(before, after);
  const about = {
    whose: sk,
    by,
    at,
    names,
    before: before?.['values'],
    after: after?.['values'],
    final: after?.['final'],
    ...(expired ? { expired } : {}),
  };
  const what = after === undefined ? 'removed (by whom, the history says)' : `by ${clean(who)}`;
  const when = typeof at === 'string' ? `, ${clean(at)}` : '';
  const text = `${clean(sk)}: ${what}${when}: ${names.map((name) => clean(name, 64)).join(', ') || 'nothing in it'}`;
  return {
    line: { level: 'info', message: 'settings changed', about },
    told: { about: 'settings', text },
  };
}

/** The settings whose value is another one now, by their names. */
function changedNames(before: RowValues | undefined, after: RowValues | undefined): readonly string[] {
  const [old, now] = [mapIn(before), mapIn(after)];
  const names = new Set([...Object.keys(old), ...Object.keys(now)]);
  const isFinal = (values: RowValues | undefined) => JSON.stringify(values?.['final'] ?? []);
  return [
    ...[...names].filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name])).sort(),
    ...(isFinal(before) === isFinal(after) ? [] : ['final']),
  ];
}

const mapIn = (values: RowValues | undefined): Readonly<Record<string, unknown>> => {
  const map = values?.['values'];
  return typeof map === 'object' && map !== null ? (map as Readonly<Record<string, unknown>>) : {};
};
