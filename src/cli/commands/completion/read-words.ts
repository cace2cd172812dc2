import type { Command, Option } from 'commander';

/** What a line means as far as it is typed. */
export interface Read {
  readonly command: Command;
  /** The word that is being typed; of `--option=value` what follows the sign. */
  readonly current: string;
  /** What of the word stands before {@link current}. */
  readonly prefix: string;
  /** Whose value is being typed. */
  readonly option?: Option;
  /** Values that this option has already. */
  readonly given: readonly string[];
  readonly used: readonly Option[];
  /** After `--`, nothing is an option. */
  readonly isOnlyText: boolean;
  /** Arguments of the command that are neither commands nor options. */
  readonly positionals: readonly string[];
}

/** As the parser will read it. @param words see answerTo() */
export function readWords(program: Command, words: readonly string[]): Read {
  let command = program;
  let option: Option | undefined;
  let given: readonly string[] = [];
  let positionals: readonly string[] = [];
  let used: readonly Option[] = [];
  let isOnlyText = false;
  for (const word of words.slice(0, -1)) {
    if (!isOnlyText && word.startsWith('-')) {
      isOnlyText = word === '--';
      const found = optionIn(command, word);
      used = found === undefined ? used : [...used, found];
      option = found !== undefined && takesValue(found) && !word.includes('=') ? found : undefined;
      given = [];
    } else if (option !== undefined) {
      given = [...given, word];
      if (!option.variadic) option = undefined;
    } else {
      const next = command.commands.find((one) => one.name() === word);
      if (next === undefined) positionals = [...positionals, word];
      else command = next;
    }
  }
  const current = words.at(-1) ?? '';
  const rest = { command, positionals, used, isOnlyText };
  const [, prefix, value] = /^(--[^=]+=)(.*)$/s.exec(current) ?? [];
  const assigned = prefix === undefined ? undefined : optionIn(command, prefix);
  if (!isOnlyText && prefix !== undefined && assigned !== undefined && takesValue(assigned)) {
    return { ...rest, option: assigned, prefix, current: value ?? '', given: [] };
  }
  if (option === undefined || current.startsWith('-')) return { ...rest, prefix: '', current, given: [] };
  return { ...rest, option, prefix: '', current, given };
}

const takesValue = ({ required, optional }: Option): boolean => required || optional;

const optionIn = (command: Command, word: string): Option | undefined => {
  const [name = ''] = word.split('=');
  return command.options.find(({ long, short }) => name === long || name === short);
};
