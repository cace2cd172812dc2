import { definedOnly } from '../defined-only.ts';
import type { Result } from '../result.ts';
import type { Account } from '../account.ts';
import { formatLimit, stricter, type Limit, type Mode } from '../rotation/limits.ts';
import { policyProblems, type Exemption } from '../rotation/policy.ts';
import { describeSelector } from './user-selector.ts';
import {
  LEVELS_OF,
  SETTING_NAMES,
  describeTarget,
  type ExemptionRule,
  type Layer,
  type SettingName,
  type SettingsSnapshot,
  type SettingsRow,
  type SettingValues,
  type Target,
  type UserSelector,
} from './setting.ts';
import { dateOf } from '../time.ts';

/** What all levels together say about one account or user, and which of them said what. */
export interface ResolvedSettings {
  readonly values: SettingValues;
  /** For people: `default`, `ROTATION_MODE`, `account 111122223333`. Only of what is set. */
  readonly sources: Readonly<Partial<Record<SettingName, string>>>;
  /** ARNs of who changed the row last that says it. Only of what is set in the table, and known. */
  readonly setBy?: Readonly<Partial<Record<SettingName, string>>>;
}

/** Each problem names what is wrong, where, and what would be right. */
export type SettingsResult = Result<ResolvedSettings, { readonly problems: readonly string[] }>;

/** The layers that concern an account, widest first. */
export const layersOfAccount = (
  snapshot: SettingsSnapshot,
  account: Pick<Account, 'id' | 'ouPath'>,
): readonly Layer[] => [
  ...layersOfOrganization(snapshot),
  ...account.ouPath.flatMap((ouId) => rowLayers(snapshot, { level: 'organizational-unit', ouId })),
  ...rowLayers(snapshot, { level: 'account', accountId: account.id }),
];

export const layersOfOrganization = (snapshot: SettingsSnapshot): readonly Layer[] => [
  ...snapshot.base,
  ...rowLayers(snapshot, { level: 'organization' }),
];

export const layerOfUser = (
  snapshot: SettingsSnapshot,
  accountId: string,
  userName: string,
): readonly Layer[] => rowLayers(snapshot, { level: 'user', accountId, userName });

/** IAM has no two users whose names differ in case only. */
export const isUser = (target: Target, accountId: string, userName: string): boolean =>
  target.level === 'user' &&
  target.accountId === accountId &&
  target.userName.toLowerCase() === userName.toLowerCase();

const rowLayers = ({ rows }: SettingsSnapshot, target: Target): readonly Layer[] =>
  layersByTarget(rows).get(nameOf(target)) ?? [];

/** There may be a row for each of thousands of users: nobody looks through all of them for each user. */
const LAYERS = new WeakMap<SettingsSnapshot['rows'], ReadonlyMap<string, readonly Layer[]>>();

function layersByTarget(rows: SettingsSnapshot['rows']): ReadonlyMap<string, readonly Layer[]> {
  const known = LAYERS.get(rows);
  if (known !== undefined) return known;
  const found = new Map<string, Layer[]>();
  for (const row of rows) {
    const name = nameOf(row.target);
    const own = found.get(name);
    if (own === undefined) found.set(name, [layerOf(row)]);
    else own.push(layerOf(row));
  }
  LAYERS.set(rows, found);
  return found;
}

const nameOf = (target: Target): string =>
  describeTarget(target.level === 'user' ? { ...target, userName: target.userName.toLowerCase() } : target);

const layerOf = ({ target, values, final, changedBy }: SettingsRow): Layer => ({
  level: target.level,
  from: describeTarget(target),
  values,
  final,
  ...definedOnly({ changedBy }),
});

/** What makes a row invalid at its level, whatever the other rows say. */
export const wrongLevel = (
  { values, final }: Pick<SettingsRow, 'values' | 'final'>,
  level: Target['level'],
): readonly string[] =>
  [...new Set([...(Object.keys(values) as SettingName[]), ...final])]
    .filter((name) => !LEVELS_OF[name].includes(level) && !(final.includes(name) && !(name in values)))
    .map((name) => `${name}: can't be set for ${LEVEL_IN_WORDS[level]}; only for ${describeLevels(name)}`);

const LEVEL_IN_WORDS: Readonly<Record<Target['level'], string>> = {
  organization: 'the organization',
  'organizational-unit': 'an organizational unit',
  account: 'an account',
  user: 'a user',
};

/** For whom a setting can be set: `the organization, an account`. */
export const describeLevels = (name: SettingName): string =>
  LEVELS_OF[name]
    .flatMap((level) => (level === 'default' || level === 'environment' ? [] : [LEVEL_IN_WORDS[level]]))
    .join(', ');

/**
 * Puts the layers together: of two that set the same, the narrower one wins; exemptions add up.
 * @param layers widest first; the first one sets everything that has a default
 * @param cap the most that this one run may do, whatever the settings allow
 */
export function resolveSettings(layers: readonly Layer[], cap?: Mode): SettingsResult {
  const values: Record<string, unknown> = {};
  const sources: Partial<Record<SettingName, string>> = {};
  const locked = new Map<SettingName, { readonly value: unknown; readonly from: string }>();
  const setBy: Partial<Record<SettingName, string>> = {};
  const problems: string[] = [...selfChosen(layers)];
  for (const layer of layers) {
    for (const name of SETTING_NAMES) {
      const value = layer.values[name];
      if (value === undefined) continue;
      const lock = locked.get(name);
      if (lock !== undefined && !same(lock.value, value)) {
        problems.push(
          `${name}: ${layer.from} sets ${formatSetting(value)}, but ${lock.from} sets ${formatSetting(lock.value)} as final; leave it out of ${layer.from}, or make it no longer final`,
        );
        continue;
      }
      const source = layer.nameOf?.[name] ?? layer.from;
      if (name === 'exemptions' && isFilled(values[name])) {
        values[name] = [...values[name], ...(value as SettingValues['exemptions'])];
        sources[name] = `${sources[name] ?? ''} and ${source}`;
      } else {
        values[name] = value;
        sources[name] = source;
        if (layer.changedBy !== undefined) setBy[name] = layer.changedBy;
      }
    }
    for (const name of layer.final) {
      if (!locked.has(name)) locked.set(name, { value: values[name], from: layer.from });
    }
  }
  if (cap !== undefined && values['mode'] !== stricter(values['mode'] as Mode, cap)) {
    values['mode'] = cap;
    sources.mode = 'this run';
  }
  const found = values as unknown as SettingValues;
  if (problems.length === 0) problems.push(...contradictions(found, sources));
  return problems.length === 0
    ? { kind: 'ok', value: { values: found, sources, ...(Object.keys(setBy).length === 0 ? {} : { setBy }) } }
    : { kind: 'failed', problems };
}

/**
 * Whoever can set a tag or a group could leave himself out: below the organization only those count that the
 * organization names itself, as for exemptions.
 */
function selfChosen(layers: readonly Layer[]): readonly string[] {
  const named = ({ values: { includeUsers = [], excludeUsers = [], exemptions = [] } }: Layer) =>
    [...includeUsers, ...excludeUsers, ...exemptions.flatMap(({ users }) => users)].flatMap(ofUsersOwn);
  const allowed = new Set(layers.filter(({ level }) => level === 'organization').flatMap(named));
  return layers
    .filter(({ level }) => level === 'organizational-unit' || level === 'account')
    .flatMap(({ from, values }) =>
      (['includeUsers', 'excludeUsers'] as const).flatMap((name) =>
        (values[name] ?? [])
          .filter((selector) => ofUsersOwn(selector).some((one) => !allowed.has(one)))
          .map(
            (selector) =>
              `${name}: ${from} has ${describeSelector(selector)}, which the settings of the organization don't name; whoever can set a tag or a group could leave himself out: name it in includeUsers or excludeUsers of the organization too, or use name: or path:`,
          ),
      ),
    );
}

/** The tag or group of a selector, which a user may be able to change; none for name and path. */
const ofUsersOwn = (selector: UserSelector): readonly string[] =>
  selector.by === 'tag'
    ? [`tag:${selector.tag.toLowerCase()}`]
    : selector.by === 'group'
      ? [`group:${selector.group.toLowerCase()}`]
      : [];

const isFilled = (list: unknown): list is readonly unknown[] => Array.isArray(list) && list.length > 0;

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const isKeyArn = (id: string | undefined): boolean =>
  /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/.test(id ?? '');

/** Problems between values that are each valid. */
function contradictions(values: SettingValues, sources: ResolvedSettings['sources']): readonly string[] {
  const { mode, topicArn, secretDelivery, secretKmsKeyId, secretReplicaRegions } = values;
  const at = (name: SettingName) => `${name} (${sources[name] ?? 'not set'})`;
  const problems = policyProblems(values).map(({ name, message }) => `${at(name)}: ${message}`);
  if (mode !== 'audit' && topicArn === undefined) {
    problems.push(
      `${at('topicArn')}: must be set in mode ${mode}; no key is deactivated without a published notice`,
    );
  }
  if (secretDelivery === 'central' && !isKeyArn(secretKmsKeyId)) {
    problems.push(
      `${at('secretKmsKeyId')}: must be the ARN of a customer-managed key for secretDelivery central; the key aws/secretsmanager can't be used from another account`,
    );
  }
  if (secretReplicaRegions.length > 0 && secretKmsKeyId !== undefined && !travels(secretKmsKeyId)) {
    problems.push(
      `${at('secretKmsKeyId')}: must be an alias or a multi-Region key (mrk-...) where secretReplicaRegions are set; ${secretKmsKeyId} is in one region only`,
    );
  }
  return problems;
}

/** Whether the same key, by this name, is in other regions too. */
const travels = (keyId: string): boolean => /(^|\/)(mrk-|alias\/)/.test(keyId) || keyId.includes(':alias/');

/** A value as people write it. */
export function formatSetting(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (isLimit(value)) return formatLimit(value);
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(formatSetting).join(', ');
  if (isSelector(value)) return describeSelector(value);
  if (isExemption(value)) return describeExemption(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `name:svc-* until 2026-03-01 (Ann: until the migration is over)`. */
function describeExemption({ owner, reason, until, users = [] }: Exemption & Partial<ExemptionRule>): string {
  const who = users.length === 0 ? '' : `${users.map(describeSelector).join(', ')} `;
  return `${who}until ${dateOf(until)} (${owner}: ${reason})`;
}

const isExemption = (value: unknown): value is Exemption =>
  typeof value === 'object' && value !== null && 'until' in value;
const isLimit = (value: unknown): value is Limit =>
  typeof value === 'object' && value !== null && ('count' in value || 'atLeast' in value);
const isSelector = (value: unknown): value is Parameters<typeof describeSelector>[0] =>
  typeof value === 'object' && value !== null && 'by' in value;
