import type { Overview } from '../../domain/report/overview.ts';
import { isoOf } from '../common/wording.ts';

/** What holds a moment; all other numbers count something. */
const MOMENTS: ReadonlySet<string> = new Set([
  'at',
  'createdAt',
  'date',
  'deliveredAt',
  'dueAt',
  'finishedAt',
  'firstAt',
  'inAnyCase',
  'inactiveSince',
  'lastAt',
  'reactivatedAt',
  'since',
  'until',
]);

/** For programs, with moments in ISO 8601. What has this `schemaVersion` only ever gains fields. */
export const overviewJson = (overview: Overview): string =>
  `${JSON.stringify(
    { schemaVersion: 1, ...overview },
    (name, value: unknown) => (typeof value === 'number' && MOMENTS.has(name) ? isoOf(value) : value),
    2,
  )}\n`;
