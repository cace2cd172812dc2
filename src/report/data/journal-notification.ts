import type { Notification } from '../../domain/report/notification.ts';

/** One thing that operators are to hear of. */
export interface Told {
  readonly about: 'settings' | 'records';
  readonly text: string;
}

/** SNS takes 256 KB; nobody reads more than this. */
const MOST_LINES = 50;

/** @param told at least one */
export function journalNotification(told: readonly Told[]): Notification {
  const records = told.filter(({ about }) => about === 'records');
  const settings = told.filter(({ about }) => about === 'settings');
  const severity = records.length > 0 ? 'critical' : 'warning';
  const subject =
    records.length > 0
      ? 'Access key rotation: records were changed that nobody ought to change'
      : 'Access key rotation: settings were changed';
  const text = [
    ...section('Records that nobody ought to change', records),
    ...section('Settings that changed', settings),
    'The log group /aws/lambda/access-key-rotation-journal has what was there before. What to do: docs/operations.md#journal',
  ].join('\n');
  return {
    subject,
    text,
    json: JSON.stringify({ severity, records: textsOf(records), settings: textsOf(settings) }),
    attributes: { severity },
  };
}

const textsOf = (told: readonly Told[]): readonly string[] =>
  told.slice(0, MOST_LINES).map(({ text }) => text);

function section(title: string, told: readonly Told[]): readonly string[] {
  if (told.length === 0) return [];
  const more = told.length - MOST_LINES;
  return [
    `${title} (${told.length}):`,
    ...textsOf(told).map((text) => `- ${text}`),
    ...(more > 0 ? [`- and ${more} more, in the log`] : []),
    '',
  ];
}
