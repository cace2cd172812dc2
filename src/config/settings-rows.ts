import { definedOnly } from '../domain/defined-only.ts';
import { listable } from '../domain/errors.ts';
import {
  describeTarget,
  type SettingName,
  type SettingsSnapshot,
  type SettingsRow,
  type Target,
} from '../domain/settings/setting.ts';
import type { Instant } from '../domain/time.ts';
import { describeValue } from './describe-issue.ts';
import { ACCOUNT_ID, OU_ID, USER_NAME } from './fields.ts';
import { readValues, type WrittenValues } from './read-values.ts';
import { written } from './setting-values.ts';

/*
 * Settings in the table, one row a target:
 *
 *   pk         sk                               attributes
 *   settings   organization                     values: a map of names and values, as people write them
 *   settings   ou#<id>                          final: a list of names
 *   settings   account#<id>                     updatedAt (ISO 8601), updatedBy (an ARN)
 *   settings   user#<account id>#<user name>
 *   settings   version                          see settings-table.ts
 */

/** An item of the table without its marshalling. */
export type RawItem = Readonly<Record<string, unknown>>;

const SETTINGS_PARTITION = 'settings';

/** A row as it was found. */
export interface StoredRow {
  /** Its sort key. */
  readonly key: string;
  /** Absent where the key can't be understood. */
  readonly target?: Target;
  readonly written: WrittenValues;
  /** When it was written (ISO 8601), and by whom (an ARN). */
  readonly changed?: { readonly at: string; readonly by: string };
  /** Absent where something is wrong. */
  readonly row?: SettingsRow;
  /** What is wrong; each names the row and what would be right. */
  readonly problems: readonly string[];
}

export function keyOf(target: Target): string {
  switch (target.level) {
    case 'organization':
      return 'organization';
    case 'organizational-unit':
      return `ou#${target.ouId}`;
    case 'account':
      return `account#${target.accountId}`;
    case 'user':
      return `user#${target.accountId}#${target.userName}`;
  }
}

/** The target a sort key stands for; undefined when it is none of ours. */
export function targetOf(key: string): Target | undefined {
  const [kind = '', id = '', userName = '', ...rest] = key.split('#');
  if (key === 'organization') return { level: 'organization' };
  if (rest.length > 0) return undefined;
  if (kind === 'user') {
    return ACCOUNT_ID.test(id) && USER_NAME.test(userName)
      ? { level: 'user', accountId: id, userName }
      : undefined;
  }
  if (key.split('#').length !== 2) return undefined;
  if (kind === 'ou' && OU_ID.test(id)) return { level: 'organizational-unit', ouId: id };
  return kind === 'account' && ACCOUNT_ID.test(id) ? { level: 'account', accountId: id } : undefined;
}

const ATTRIBUTES: readonly string[] = ['pk', 'sk', 'values', 'final', 'updatedAt', 'updatedBy'];

/** Rows as they were found, the wrong ones too. IAM knows no two users whose names differ in case only. */
export function readItems(items: readonly RawItem[], now: Instant): readonly StoredRow[] {
  const stored = items.map((item) => readItem(item, now));
  const firsts = new Map<string, string>();
  const twice = new Set<string>();
  for (const { key } of stored) {
    const first = firsts.get(key.toLowerCase());
    if (first === undefined) firsts.set(key.toLowerCase(), key);
    else [first, key].forEach((one) => twice.add(one));
  }
  return stored.map((one) =>
    twice.has(one.key)
      ? withProblems(one, ['the same user has rows in upper and lower case; only one may be there'])
      : one,
  );
}

function readItem(item: RawItem, now: Instant): StoredRow {
  const key = String(item['sk']);
  const target = targetOf(key);
  const { values, final, updatedAt: at, updatedBy: by } = item;
  const isMap = isPlainMap(values);
  const stored: StoredRow = {
    key,
    ...definedOnly({ target }),
    written: { values: isMap ? values : {}, final },
    ...(typeof at === 'string' && typeof by === 'string' ? { changed: { at, by } } : {}),
    problems: [],
  };
  const problems = Object.keys(item)
    .filter((name) => !ATTRIBUTES.includes(name))
    .map((name) => `${name}: no such attribute; settings belong into the map values`);
  if (!isMap) problems.push(`values: must be a map of names and values, not ${describeValue(values)}`);
  if (target === undefined) {
    const right = 'organization, ou#<id>, account#<id> or user#<account id>#<user name>';
    return withProblems(stored, [`nobody can tell whom it is about: its sk must be ${right}`, ...problems]);
  }
  const reading = readValues(stored.written, target.level, now);
  if (reading.kind === 'failed') return withProblems(stored, [...problems, ...reading.problems]);
  return problems.length > 0
    ? withProblems(stored, problems)
    : { ...stored, row: { target, ...reading.value } };
}

/** Sets and binary values are objects too, and no maps. */
const isPlainMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function withProblems({ row: _, ...stored }: StoredRow, problems: readonly string[]): StoredRow {
  const whose = stored.target === undefined ? `row ${stored.key}` : describeTarget(stored.target);
  return { ...stored, problems: [...stored.problems, ...problems.map((one) => `${whose}: ${one}`)] };
}

/** The rows as a run uses them. */
export const toSnapshotRows = (stored: readonly StoredRow[]): Pick<SettingsSnapshot, 'rows' | 'badRows'> => ({
  rows: stored.flatMap(({ row, changed }) =>
    row === undefined ? [] : [{ ...row, ...definedOnly({ changedBy: changed?.by }) }],
  ),
  badRows: stored
    .filter(({ row }) => row === undefined)
    .map(({ target, problems }) => ({
      ...definedOnly({ target }),
      message: `the settings can't be used: ${listable(problems).join('; ')}`,
    })),
});

/** Values as people write them. */
export const writtenValues = ({ values }: Pick<SettingsRow, 'values'>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, written(value)]));

/** A row for the table. */
export const itemOf = (
  row: SettingsRow,
  { at, by }: { readonly at: Instant; readonly by: string },
): RawItem & { readonly values: Partial<Record<SettingName, unknown>> } => ({
  pk: SETTINGS_PARTITION,
  sk: keyOf(row.target),
  values: writtenValues(row),
  final: [...row.final],
  updatedAt: new Date(at).toISOString(),
  updatedBy: by,
});
