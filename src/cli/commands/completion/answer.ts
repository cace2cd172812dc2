import type { Command, Option } from 'commander';
import { MODES } from '../../../domain/rotation/limits.ts';
import { SETTING_NAMES } from '../../../domain/settings/setting.ts';
import { readWords, type Read } from './read-words.ts';
import type { KnownAccount } from './known-accounts.ts';

/** What may be typed there. */
interface Candidate {
  readonly value: string;
  readonly description?: string;
}

/** `files`: the shell knows those. `unfinished`: something else follows without a space. */
export type Answer =
  | { readonly kind: 'values' | 'unfinished'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'files' };

/** @param words what is typed after the name of the program; the last one, maybe empty, is being typed */
export function answerTo(
  program: Command,
  words: readonly string[],
  accounts: readonly KnownAccount[],
): Answer {
  const read = readWords(program, words);
  const answer = everythingFor(read, accounts);
  if (answer.kind === 'files') return answer;
  const { prefix, current, given } = read;
  const fitting = answer.candidates.filter(
    ({ value }) => value.startsWith(current) && !given.includes(value),
  );
  return { ...answer, candidates: fitting.map((one) => ({ ...one, value: `${prefix}${one.value}` })) };
}

/** Whether or not it begins with what is typed. */
function everythingFor(read: Read, accounts: readonly KnownAccount[]): Answer {
  const { command, option, current, positionals, isOnlyText } = read;
  if (option !== undefined) return valuesOf(option, accounts);
  if (current.startsWith('-') && !isOnlyText) return values(optionsLeft(read));
  const { commands } = command;
  if (commands.length > 0) {
    // What isn't there has nothing below it.
    if (positionals.length > 0) return values([]);
    return values(
      command
        .createHelp()
        .visibleCommands(command)
        .map((one) => ({ value: one.name(), description: one.description() })),
    );
  }
  const argument = argumentAt(command, positionals.length);
  const name = argument?.name();
  if (name === 'file') return { kind: 'files' };
  if (command.parent?.name() === 'settings') {
    if (name === 'name') return values(SETTING_NAMES);
    if (name === 'values' && positionals[0] === 'mode') return values(MODES);
  }
  return values(argument?.argChoices ?? (current === '' && !isOnlyText ? optionsLeft(read) : []));
}

function argumentAt({ registeredArguments: all }: Command, index: number) {
  const last = all.at(-1);
  return all[index] ?? (last?.variadic === true ? last : undefined);
}

function valuesOf(option: Option, accounts: readonly KnownAccount[]): Answer {
  if (option.argChoices !== undefined) return values(option.argChoices);
  if (option.flags.endsWith('<file>')) return { kind: 'files' };
  switch (option.long) {
    case '--account':
      return values(accounts.map(({ id, name }) => ({ value: id, description: name })));
    case '--mode':
      // What changes nothing is another command.
      return values(MODES.filter((mode) => mode !== 'audit'));
    case '--with':
      return { kind: 'unfinished', candidates: SETTING_NAMES.map((name) => ({ value: `${name}=` })) };
    default:
      return values([]);
  }
}

/** One that takes several values may be given again. */
const optionsLeft = ({ command, used }: Read): readonly Candidate[] =>
  command
    .createHelp()
    .visibleOptions(command)
    .filter((option) => option.variadic || !used.includes(option))
    .map(({ long, short, description }) => ({ value: long ?? short ?? '', description }));

const values = (all: readonly (string | Candidate)[]): Answer => ({
  kind: 'values',
  candidates: all.map((one) => (typeof one === 'string' ? { value: one } : one)),
});
