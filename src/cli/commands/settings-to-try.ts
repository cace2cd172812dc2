import { composeSettings, describeUnfinished, FINISH_IT, snapshotOf } from '../../compose/settings.ts';
import { baseLayers } from '../../config/base-layers.ts';
import { noSuch } from '../../config/nearest.ts';
import { isSetting, readValues } from '../../config/read-values.ts';
import { namesFor } from '../../config/setting-schema.ts';
import { changingOne, snapshotAfter, type ValueChange } from '../../config/settings-change.ts';
import { readItems } from '../../config/settings-rows.ts';
import { written } from '../../config/setting-values.ts';
import { InputError } from '../../domain/errors.ts';
import type { Result } from '../../domain/result.ts';
import { needsUnits, settingsOfOrganization } from '../../domain/settings/account-settings.ts';
import { DEFAULT_SETTINGS, type SettingName, type SettingsSnapshot } from '../../domain/settings/setting.ts';
import { validateSettings } from '../../domain/settings/validate.ts';
import type { Instant } from '../../domain/time.ts';
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
  const { values, problems, wrong } = readWords(words, now);
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
  if (changing.kind === 'failed') throw new InputError([...problems, ...changing.problems.map(asTyped)]);
  const before =
    read === undefined
      ? { base: baseLayers(settings), rows: [], badRows: [] }
      : snapshotOf(settings, read, now);
  const after = snapshotAfter(before.base, stored, changing.value);
  const organization = await directory.list({ withOus: needsUnits(before) });
  const known = new Set(validateSettings(before, organization));
  const fresh = validateSettings(after, organization).filter((problem) => !known.has(problem));
  // Of what is wrong by itself nobody knows what it would contradict.
  const certain = fresh.filter((problem) => !wrong.some((name) => problem.includes(name)));
  if (problems.length + certain.length > 0) throw new InputError([...problems, ...certain.map(asTyped)]);
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

interface Words {
  /** Each a good one by itself. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly problems: readonly string[];
  /** The settings whose values are no good. */
  readonly wrong: readonly string[];
}

function readWords(words: readonly string[], now: Instant): Words {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  const wrong: string[] = [];
  for (const word of words) {
    const end = word.indexOf('=');
    const name = end < 0 ? word : word.slice(0, end);
    const found = readWord(name, end < 0 ? '' : word.slice(end + 1), values, now);
    if (found.kind === 'ok') values[name] = found.value;
    else {
      problems.push(...found.problems.map((problem) => `--with: ${problem}`));
      wrong.push(name);
    }
  }
  return { values, problems, wrong };
}

function readWord(
  name: string,
  word: string,
  others: Readonly<Record<string, unknown>>,
  now: Instant,
): Result<unknown, { readonly problems: readonly string[] }> {
  const refused = (...problems: readonly string[]) => ({ kind: 'failed', problems }) as const;
  if (!isSetting(name)) return refused(`${name}: ${noSuch('setting', name, namesFor('organization'))}`);
  if (name in others) return refused(`${name}: is given twice`);
  if (word === '') return refused(`${name}: needs a value, like --with rotateAfter=45`);
  if (name === 'exemptions') return refused(`${name}: come by file (settings import), and can't be tried`);
  const value = valueOf(name, word);
  const reading = readValues({ values: { [name]: value }, final: undefined }, 'organization', now);
  return reading.kind === 'failed' ? refused(...reading.problems) : { kind: 'ok', value };
}

const valueOf = (name: SettingName, value: string): unknown =>
  Array.isArray(DEFAULT_SETTINGS[name]) ? value.split(',').map((one) => one.trim()) : typedValue(name, value);
