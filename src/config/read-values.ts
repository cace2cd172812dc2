import type { Result } from '../domain/result.ts';
import {
  LEVELS_OF,
  SETTING_NAMES,
  type SettingName,
  type SettingsRow,
  type SettingValues,
  type Target,
} from '../domain/settings/setting.ts';
import { wrongLevel } from '../domain/settings/resolve.ts';
import { DAY, dateOf, type Instant } from '../domain/time.ts';
import { describeIssue, describeValue } from './describe-issue.ts';
import { noSuch } from './nearest.ts';
import { FIELDS, namesFor } from './setting-schema.ts';
import { written } from './setting-values.ts';

/** The settings of one target as people write them, not validated yet. */
export interface WrittenValues {
  readonly values: Readonly<Record<string, unknown>>;
  readonly final: unknown;
}

/** Each problem begins with the name of its setting. */
export type Reading = Result<Pick<SettingsRow, 'values' | 'final'>, { readonly problems: readonly string[] }>;

/** A year, and the day that some of them have more. */
const LONGEST_EXEMPTION = 366 * DAY;

/**
 * Reads the settings of one target.
 * @param now no exemption may last longer than a year from it
 */
export function readValues({ values, final }: WrittenValues, level: Target['level'], now: Instant): Reading {
  const read: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (!isSetting(name)) {
      problems.push(`${name}: ${noSuch('setting', name, namesFor(level))}`);
      continue;
    }
    const parsed = FIELDS[name].schema.safeParse(value);
    if (parsed.success) read[name] = parsed.data;
    else
      problems.push(
        ...parsed.error.issues.flatMap((issue) =>
          describeIssue(issue, value, {
            below: [name],
            unknown: (key) => noSuch('field', key, fieldsOf(name)),
          }),
        ),
      );
  }
  const found: Partial<SettingValues> = read;
  const names = readFinal(final, level, problems);
  problems.push(
    ...wrongLevel({ values: found, final: names }, level),
    ...tooLong(found, now),
    ...exemptingThemselves(found, level),
  );
  return problems.length === 0
    ? { kind: 'ok', value: { values: found, final: names } }
    : { kind: 'failed', problems };
}

/** Only exemptions have fields. */
const fieldsOf = (name: SettingName): readonly string[] =>
  name === 'exemptions' ? ['users', 'owner', 'reason', 'until'] : ['owner', 'reason', 'until'];

export const isSetting = (name: string): name is SettingName => Object.hasOwn(LEVELS_OF, name);

function readFinal(final: unknown, level: Target['level'], problems: string[]): readonly SettingName[] {
  if (final === undefined) return [];
  if (!Array.isArray(final)) {
    problems.push(`final: must be a list of names of settings, not ${describeValue(final)}`);
    return [];
  }
  const names = final.map(String);
  if (level === 'user' && names.length > 0) {
    problems.push("final: can't be set for a user; there is nothing narrower that it could bind");
  }
  for (const name of names) {
    if (!isSetting(name)) problems.push(`final: ${name}: ${noSuch('setting', name, SETTING_NAMES)}`);
  }
  return SETTING_NAMES.filter((name) => names.includes(name));
}

/** All exemptions in these values, by where they are. */
const exemptionsIn = ({ exemptions = [], exemption }: Partial<SettingValues>) => [
  ...exemptions.map((one, index) => ({ ...one, at: `exemptions.${index}` })),
  ...(exemption === undefined ? [] : [{ ...exemption, users: [], at: 'exemption' }]),
];

const tooLong = (values: Partial<SettingValues>, now: Instant): readonly string[] =>
  exemptionsIn(values)
    .filter(({ until }) => until > now + LONGEST_EXEMPTION)
    .map(
      ({ at, until }) =>
        `${at}.until: must be at most a year (366 days) from now, ${dateOf(now + LONGEST_EXEMPTION)}, not ${dateOf(until)}`,
    );

function exemptingThemselves(values: Partial<SettingValues>, level: Target['level']): readonly string[] {
  if (level === 'organization') return [];
  return exemptionsIn(values).flatMap(({ users, at }) =>
    users
      .filter(({ by }) => by === 'tag' || by === 'group')
      .map(
        (selector) =>
          `${at}.users: ${String(written(selector))} can be used for the organization only: whoever can set a tag or a group could exempt himself`,
      ),
  );
}

/** New exemptions that have ended already: most likely the year is wrong. */
export const endedExemptions = (
  values: Partial<SettingValues>,
  before: Partial<SettingValues>,
  now: Instant,
): readonly string[] => {
  const known = new Set(exemptionsIn(before).map(({ at: _, ...one }) => JSON.stringify(one)));
  return exemptionsIn(values)
    .filter(({ at: _, ...one }) => one.until <= now && !known.has(JSON.stringify(one)))
    .map(({ at, until }) => `${at}.until: must be after now, ${dateOf(now)}, not ${dateOf(until)}`);
};
