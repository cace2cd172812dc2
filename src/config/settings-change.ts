import { definedOnly } from '../domain/defined-only.ts';
import type { Result } from '../domain/result.ts';
import {
  describeTarget,
  type SettingsSnapshot,
  type SettingsRow,
  type Target,
} from '../domain/settings/setting.ts';
import type { Instant } from '../domain/time.ts';
import { endedExemptions, readValues, type WrittenValues } from './read-values.ts';
import { toSnapshotRows, keyOf, writtenValues, type StoredRow } from './settings-rows.ts';

/** The change of one row. */
export interface RowChange {
  /** Its sort key. */
  readonly key: string;
  /** Absent for a row with an unknown kind of key, which can only be removed. */
  readonly target?: Target;
  readonly kind: 'added' | 'changed' | 'removed';
  readonly settings: readonly ValueChange[];
  /** Absent when the row goes. */
  readonly after?: SettingsRow;
}

/** A setting as people write it; absent where it is not set. */
export interface ValueChange {
  readonly name: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

export type Changing = Result<readonly RowChange[], { readonly problems: readonly string[] }>;

/** The changes that make these rows the only ones. */
export function replacingAll(
  stored: readonly StoredRow[],
  wanted: readonly SettingsRow[],
  now: Instant,
): Changing {
  const found = new Map(stored.map((row) => [row.key, row]));
  const kept = new Set(wanted.map(({ target }) => keyOf(target)));
  const problems = wanted.flatMap((row) => ended(row, found.get(keyOf(row.target)), now));
  if (problems.length > 0) return { kind: 'failed', problems };
  return {
    kind: 'ok',
    value: [
      ...wanted.flatMap((row) => changeOf(found.get(keyOf(row.target)), row)),
      ...stored.filter(({ key }) => !kept.has(key)).flatMap((row) => changeOf(row, undefined)),
    ],
  };
}

/**
 * The change of one row, which is made or removed as needed.
 * @param edit gets the row as people write it, whatever is wrong with it
 */
export function changingOne(
  stored: readonly StoredRow[],
  asked: Target,
  edit: (written: WrittenValues) => WrittenValues,
  now: Instant,
): Changing {
  const before = stored.find(({ key }) => key.toLowerCase() === keyOf(asked).toLowerCase());
  const target = before?.target ?? asked;
  const reading = readValues(edit(before?.written ?? { values: {}, final: undefined }), target.level, now);
  if (reading.kind === 'failed') {
    return { kind: 'failed', problems: reading.problems.map((one) => `${describeTarget(target)}: ${one}`) };
  }
  const after = { target, ...reading.value };
  const problems = ended(after, before, now);
  if (problems.length > 0) return { kind: 'failed', problems };
  const isNothing = Object.keys(after.values).length === 0 && after.final.length === 0;
  return { kind: 'ok', value: changeOf(before, isNothing ? undefined : after) };
}

const ended = (row: SettingsRow, before: StoredRow | undefined, now: Instant): readonly string[] =>
  endedExemptions(row.values, before?.row?.values ?? {}, now).map(
    (problem) => `${describeTarget(row.target)}: ${problem}`,
  );

function changeOf(before: StoredRow | undefined, after: SettingsRow | undefined): readonly RowChange[] {
  const target = after?.target ?? before?.target;
  const key = before?.key ?? (after === undefined ? undefined : keyOf(after.target));
  if (key === undefined) return [];
  const settings = differences(
    before?.row === undefined ? before?.written : asWritten(before.row),
    after === undefined ? undefined : asWritten(after),
  );
  // An invalid row is written again, even if its values stay the same.
  if (before?.row !== undefined && after !== undefined && settings.length === 0) return [];
  return [
    {
      key,
      ...definedOnly({ target }),
      kind: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
      settings,
      ...definedOnly({ after }),
    },
  ];
}

const asWritten = (row: SettingsRow): WrittenValues => ({ values: writtenValues(row), final: row.final });

function differences(
  before: WrittenValues | undefined,
  after: WrittenValues | undefined,
): readonly ValueChange[] {
  const [old, next] = [withFinal(before), withFinal(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(next)])]
    .filter((name) => JSON.stringify(old[name]) !== JSON.stringify(next[name]))
    .map((name) => ({
      name,
      ...(name in old ? { from: old[name] } : {}),
      ...(name in next ? { to: next[name] } : {}),
    }));
}

const withFinal = (written: WrittenValues | undefined): Readonly<Record<string, unknown>> => {
  const { values = {}, final } = written ?? {};
  return {
    ...values,
    ...(final === undefined || (Array.isArray(final) && final.length === 0) ? {} : { final }),
  };
};

/** All settings as they are after the changes. */
export function snapshotAfter(
  base: SettingsSnapshot['base'],
  stored: readonly StoredRow[],
  changes: readonly RowChange[],
): SettingsSnapshot {
  const changed = new Set(changes.map(({ key }) => key));
  const { rows, badRows } = toSnapshotRows(stored.filter(({ key }) => !changed.has(key)));
  return { base, rows: [...rows, ...changes.flatMap(({ after }) => after ?? [])], badRows };
}
