import type { Command } from 'commander';
import { clean } from '../../../report/common/sanitize.ts';
import type { Terminal } from '../../input/terminal.ts';
import { answerTo } from './answer.ts';
import { knownAccounts } from './known-accounts.ts';
import type { Shell } from './shell.ts';

/** Of what a value means: a list has one line for each. Names come from AWS. */
const MOST_CHARACTERS = 60;

/**
 * What the scripts of scripts.ts read: the kind of answer in the first line, and then in each line a value, which
 * has no space, a space, and what it means.
 */
export function complete(
  program: Command,
  shell: Shell,
  words: readonly string[],
  terminal: Pick<Terminal, 'environment'>,
): string {
  const typed = shell === 'bash' ? joined(words) : words;
  const answer = answerTo(program, typed, knownAccounts(terminal));
  if (answer.kind === 'files') return 'files\n';
  const before = shell === 'bash' ? lengthToSign(typed.at(-1) ?? '') : 0;
  const lines = answer.candidates.map(
    ({ value, description = '' }) => `${value.slice(before)} ${clean(description, MOST_CHARACTERS)}`,
  );
  return [answer.kind, ...lines, ''].join('\n');
}

/** To bash, `--only=failed` is three words. */
function joined(words: readonly string[]): readonly string[] {
  const whole: string[] = [];
  words.forEach((word, index) => {
    const isRest = index > 0 && (word === '=' || words[index - 1] === '=');
    if (isRest) whole.push(`${whole.pop() ?? ''}${word}`);
    else whole.push(word);
  });
  return whole;
}

/** And only what follows the sign is replaced. */
const lengthToSign = (word: string): number => word.indexOf('=') + 1;
