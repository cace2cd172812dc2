import { composeSettings, describeUnfinished, FINISH_IT, snapshotOf } from '../../compose/settings.ts';
import { baseLayers } from '../../config/base-layers.ts';
import { noSuch } from '../../config/nearest.ts';
import { isSetting } from '../../config/read-values.ts';
import { namesFor } from '../../config/setting-schema.ts';
import { changingOne, snapshotAfter, type ValueChange } from '../../config/settings-change.ts';
import { readItems } from '../../config/settings-rows.ts';
import { written } from '../../config/setting-values.ts';
import { InputError } from '../../domain/errors.ts';
import { needsUnits, settingsOfOrganization } from '../../domain/settings/account-settings.ts';
import { DEFAULT_SETTINGS, type SettingName, type SettingsSnapshot } from '../../domain/settings/setting.ts';
import { validateSettings } from '../../domain/settings/validate.ts';
import type { RunContext } from '../../run/context/run-context.ts';
import type { Input } from '../input/read-input.ts';
import { typedValue } from './settings/typed-value.ts';

/** The settings as they are, and as they would be with others for the organization. */
export interface Tried {
  readonly before: SettingsSnapshot;
  readonly after: SettingsSnapshot;
  /** Empty where they say already what is to be tried. */
  readonly changes: readonly ValueChange[];
}

/**
 * What `settings set NAME VALUE --organization` would make of the settings, checked in the same way. Nothing is
 * written.
 * @param words `name=value`; of a list the values are separated by commas
 * @throws InputError with all that is wrong, or would be wrong then and isn't now
 */
export async function settingsToTry(
  words: readonly string[],
  { settings, aws }: Pick<Input, 'settings' | 'aws'>,
  { now, directory }: Pick<RunContext, 'now' | 'directory'>,
): Promise<Tried> {
  const { values, problems } = readWords(words);
  const { tableName } = settings;
  const read = tableName === undefined ? undefined : await composeSettings(settings, tableName, aws).read();
  if (read?.unfinished !== undefined) {
    throw new InputError([...problems, `${describeUnfinished(read.unfinished)}; ${FINISH_IT}`]);
  }
  const stored = readItems(read?.items ?? [], now);
  const changing = changingOne(
    stored,
    { level: 'organization' },
    (written) => ({ ...written, values: { ...written.values, ...values } }),
    now,
  );
  const wrong = changing.kind === 'failed' ? changing.problems : [];
  if (problems.length + wrong.length > 0 || changing.kind === 'failed') {
    throw new InputError([...problems, ...wrong.map(asTyped)]);
  }
  const before =
    read === undefined
      ? { base: baseLayers(settings), rows: [], badRows: [] }
      : snapshotOf(settings, read, now);
  const after = snapshotAfter(before.base, stored, changing.value);
  const organization = await directory.list({ withOus: needsUnits(before) });
  const known = new Set(validateSettings(before, organization));
  const fresh = validateSettings(after, organization).filter((problem) => !known.has(problem));
  if (fresh.length > 0) throw new InputError(fresh.map(asTyped));
  const [change] = changing.value;
  const changes = (change?.settings ?? []).map((one) => inForce(one, before, after));
  return { before, after, changes };
}

/** What holds for the organization: where its row says nothing, the environment does, or the default. */
function inForce(change: ValueChange, before: SettingsSnapshot, after: SettingsSnapshot): ValueChange {
  const [from, to] = [before, after].map((snapshot): unknown => {
    const values = settingsOfOrganization(snapshot)?.values;
    return values === undefined || !isSetting(change.name) ? undefined : written(values[change.name]);
  });
  return from === undefined && to === undefined ? change : { name: change.name, from, to };
}

const asTyped = (problem: string): string => `--with: ${problem.replace(/^the organization: /, '')}`;

function readWords(words: readonly string[]): {
  readonly values: Readonly<Record<string, unknown>>;
  readonly problems: readonly string[];
} {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const word of words) {
    const end = word.indexOf('=');
    const name = end < 0 ? word : word.slice(0, end);
    const value = end < 0 ? '' : word.slice(end + 1);
    if (!isSetting(name)) problems.push(`${name}: ${noSuch('setting', name, namesFor('organization'))}`);
    else if (name in values) problems.push(`${name}: is given twice`);
    else if (value === '') problems.push(`${name}: needs a value, like --with rotateAfter=45`);
    else if (name === 'exemptions')
      problems.push(`${name}: come by file (settings import), and can't be tried`);
    else values[name] = valueOf(name, value);
  }
  return { values, problems: problems.map((problem) => `--with: ${problem}`) };
}

const valueOf = (name: SettingName, value: string): unknown =>
  Array.isArray(DEFAULT_SETTINGS[name]) ? value.split(',').map((one) => one.trim()) : typedValue(name, value);
