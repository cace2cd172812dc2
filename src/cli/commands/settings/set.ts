import { noSuch } from '../../../config/nearest.ts';
import { isSetting, type WrittenValues } from '../../../config/read-values.ts';
import { changingOne } from '../../../config/settings-change.ts';
import { FIELDS } from '../../../config/setting-schema.ts';
import { InputError } from '../../../domain/errors.ts';
import {
  DEFAULT_SETTINGS,
  SETTING_NAMES,
  type SettingName,
  type Target,
} from '../../../domain/settings/setting.ts';
import { typedValue } from './typed-value.ts';
import { openSettings, readTarget, type TargetOptions } from './target.ts';
import { changeSettings, type WriteOptions } from './write.ts';
import type { ExitCode, Terminal } from '../../input/terminal.ts';

interface ExemptionOptions {
  readonly owner?: string;
  readonly reason?: string;
  readonly until?: string;
}

export interface SetOptions extends TargetOptions, ExemptionOptions, Pick<WriteOptions, 'yes' | 'json'> {
  readonly final?: true;
}

/** `access-key-rotation settings set`: one setting, for one target. */
export async function setOne(
  name: string,
  words: readonly string[],
  options: SetOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const target = readTarget(options);
  const known = nameOf(name);
  const value = valueOf(known, words, options);
  const edit = ({ values, final }: WrittenValues): WrittenValues => ({
    values: value === undefined ? values : { ...values, [known]: value },
    final: options.final ? [...namesIn(final).filter((one) => one !== known), known] : final,
  });
  // What is set for a user who is gone can be taken away, so only here the user must be there.
  return await changeRow(target, edit, { ...options, mustBeKnown: true, counting: true }, terminal);
}

/** `access-key-rotation settings unset`: the value of the next wider level applies again. */
export async function unsetOne(
  name: string,
  options: TargetOptions & WriteOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const target = readTarget(options);
  const edit = ({ values, final }: WrittenValues): WrittenValues => {
    // An unknown name may be what is wrong with the row, so it can be unset too.
    if (!(name in values)) nameOf(name);
    const { [name]: _, ...others } = values;
    return {
      values: others,
      final: final === undefined ? final : namesIn(final).filter((one) => one !== name),
    };
  };
  return await changeRow(target, edit, options, terminal);
}

async function changeRow(
  target: Target,
  edit: (written: WrittenValues) => WrittenValues,
  options: WriteOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const context = await openSettings(terminal, 'change');
  return await changeSettings(
    context,
    (stored) => changingOne(stored, target, edit, context.access.now),
    options,
    terminal,
  );
}

/** `final` may be no list in a row written with other tools; reading the row reports that if it stays. */
const namesIn = (final: unknown): readonly unknown[] =>
  Array.isArray(final) ? final : final === undefined ? [] : [final];

function nameOf(name: string): SettingName {
  if (isSetting(name)) return name;
  throw new InputError([`${name}: ${noSuch('setting', name, SETTING_NAMES)}`]);
}

/**
 * The value that was typed, as a file would have it; undefined when only `--final` is asked for.
 * @throws InputError when it can't be typed, or lacks something
 */
function valueOf(
  name: SettingName,
  words: readonly string[],
  { final, owner, reason, until }: SetOptions,
): unknown {
  const parts = Object.entries({ owner, reason, until }).filter(([, part]) => part !== undefined);
  if (name !== 'exemption' && parts.length > 0) {
    throw new InputError(parts.map(([part]) => `--${part}: belongs to an exemption only, not to ${name}`));
  }
  if (words.length === 0 && parts.length === 0) {
    if (final) return undefined;
    const needs =
      name === 'exemption'
        ? '--owner, --reason and --until'
        : name === 'exemptions'
          ? 'a file: settings import'
          : FIELDS[name].values;
    throw new InputError([`${name}: needs ${needs}`]);
  }
  if (name === 'exemptions') {
    throw new InputError([
      'exemptions: come by file (settings import); a single user is exempted with settings set exemption --account ID --user NAME',
    ]);
  }
  if (name === 'exemption') {
    if (words.length > 0)
      throw new InputError(['exemption: is said with --owner, --reason and --until alone']);
    return Object.fromEntries(parts);
  }
  if (Array.isArray(DEFAULT_SETTINGS[name])) return words;
  const [word = '', ...more] = words;
  if (more.length > 0) throw new InputError([`${name}: takes one value, not ${words.length}`]);
  return typedValue(name, word);
}
