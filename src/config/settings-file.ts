import { Document, visit } from 'yaml';
import { definedOnly } from '../domain/defined-only.ts';
import { InputError } from '../domain/errors.ts';
import type { SettingsRow, Target } from '../domain/settings/setting.ts';
import type { Instant } from '../domain/time.ts';
import { describeValue } from './describe-issue.ts';
import { ACCOUNT_ID, OU_ID, USER_NAME } from './fields.ts';
import { noSuch } from './nearest.ts';
import { readValues, type WrittenValues } from './read-values.ts';
import { keyOf } from './settings-rows.ts';
import { readTree } from './yaml-tree.ts';

/*
 * Settings in a file, YAML or JSON:
 *
 *   organization: {rotateAfter: 60, final: [rotateAfter]}
 *   organizationalUnits: {ou-ab12-34cd56ef: {...}}
 *   accounts: {'111122223333': {..., users: {svc-ledger: {...}}}}
 */

type Tree = Readonly<Record<string, unknown>>;

/** The parts of a file. `$schema` is for editors. */
const PARTS: readonly string[] = ['organization', 'organizationalUnits', 'accounts'];

/** Where the schema of the file says it is. */
export const SCHEMA_ID = 'urn:access-key-rotation:settings';

/**
 * The rows that a file asks for; at least one.
 * @throws InputError with all problems at once, each naming its place in the file
 */
export function readSettingsFile(text: string, now: Instant): readonly SettingsRow[] {
  const problems: string[] = [];
  const rows: SettingsRow[] = [];
  const mapAt = (value: unknown, path: string, what: string): Tree => {
    if (value === undefined || value === null) return {};
    if (typeof value === 'object' && !Array.isArray(value)) return value as Tree;
    problems.push(`${path}: must be a map of ${what}, not ${describeValue(value)}`);
    return {};
  };
  const add = (target: Target, settings: Tree, path: string) => {
    const { final, ...values } = settings;
    const reading = readValues({ values, final }, target.level, now);
    if (reading.kind === 'failed') problems.push(...reading.problems.map((problem) => `${path}.${problem}`));
    else if (isSomething(reading.value)) rows.push({ target, ...reading.value });
  };
  const eachOf = (value: unknown, path: string, id: RegExp, right: string): readonly [string, Tree][] =>
    Object.entries(mapAt(value, path, 'ids or names, and their settings')).flatMap(([name, settings]) => {
      if (!id.test(name)) problems.push(`${path}.${name}: must be ${right}`);
      const found = mapAt(settings, `${path}.${name}`, 'settings');
      return id.test(name) ? [[name, found]] : [];
    });

  const file = mapAt(readTree(text), 'the file', PARTS.join(', '));
  for (const name of Object.keys(file)) {
    if (!PARTS.includes(name) && name !== '$schema') problems.push(`${name}: ${noSuch('part', name, PARTS)}`);
  }
  add({ level: 'organization' }, mapAt(file['organization'], 'organization', 'settings'), 'organization');
  const units = 'organizationalUnits';
  for (const [ouId, settings] of eachOf(
    file[units],
    units,
    OU_ID,
    'the id of a unit like ou-ab12-34cd56ef',
  )) {
    add({ level: 'organizational-unit', ouId }, settings, `${units}.${ouId}`);
  }
  for (const [accountId, { users, ...settings }] of eachOf(
    file['accounts'],
    'accounts',
    ACCOUNT_ID,
    'an account id of twelve digits',
  )) {
    const path = `accounts.${accountId}`;
    add({ level: 'account', accountId }, settings, path);
    const names = new Map<string, string>();
    for (const [userName, own] of eachOf(users, `${path}.users`, USER_NAME, 'the name of an IAM user')) {
      const other = names.get(userName.toLowerCase());
      names.set(userName.toLowerCase(), userName);
      if (other !== undefined) problems.push(`${path}.users.${userName}: is the same user as ${other}`);
      add({ level: 'user', accountId, userName }, own, `${path}.users.${userName}`);
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  if (rows.length === 0) throw new InputError([SETS_NOTHING]);
  return rows;
}

/** A file that lost what was in it is more likely than one that was meant like this. */
const SETS_NOTHING =
  'the file: sets nothing, and importing it would remove all settings; if that is meant, access-key-rotation settings reset does it';

const isSomething = ({ values, final }: Pick<SettingsRow, 'values' | 'final'>): boolean =>
  Object.keys(values).length > 0 || final.length > 0;

export type FileFormat = 'yaml' | 'json';

/** What is written for one target. */
export interface WrittenRow {
  readonly target: Target;
  readonly written: WrittenValues;
}

/** The file of these rows. Reading it gives the same rows. */
export function writeSettingsFile(rows: readonly WrittenRow[], format: FileFormat): string {
  const writtenFor = new Map(rows.map(({ target, written }) => [keyOf(target), written]));
  const settingsOf = (target: Target): Tree | undefined => {
    const written = writtenFor.get(keyOf(target));
    if (written === undefined) return undefined;
    const { values, final } = written;
    return { ...values, ...(isEmpty(final) ? {} : { final }) };
  };
  const organization = settingsOf({ level: 'organization' });
  const units = new Set<string>();
  const accounts = new Map<string, Set<string>>();
  for (const { target } of rows) {
    if (target.level === 'organizational-unit') units.add(target.ouId);
    if (!('accountId' in target)) continue;
    const users = accounts.get(target.accountId) ?? new Set();
    if (target.level === 'user') users.add(target.userName);
    accounts.set(target.accountId, users);
  }
  const file = {
    ...definedOnly({ organization }),
    ...mapOf('organizationalUnits', units, (ouId) => settingsOf({ level: 'organizational-unit', ouId })),
    ...mapOf('accounts', accounts.keys(), (accountId) => ({
      ...settingsOf({ level: 'account', accountId }),
      ...mapOf('users', accounts.get(accountId) ?? [], (userName) =>
        settingsOf({ level: 'user', accountId, userName }),
      ),
    })),
  };
  return format === 'json' ? `${JSON.stringify({ $schema: SCHEMA_ID, ...file }, null, 2)}\n` : yamlOf(file);
}

/** Invisible characters and those that reverse text: in quotes they can be written as escapes. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

function yamlOf(file: Tree): string {
  const document = new Document(file);
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && UNSEEN.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0 });
}

const isEmpty = (final: unknown): boolean =>
  final === undefined || (Array.isArray(final) && final.length === 0);

function mapOf(part: string, names: Iterable<string>, settings: (name: string) => Tree | undefined): Tree {
  const entries = [...names].sort().map((name) => [name, settings(name) ?? {}] as const);
  return entries.length === 0 ? {} : { [part]: Object.fromEntries(entries) };
}
