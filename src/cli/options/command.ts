import type { Command } from 'commander';
import type { ExitCode, Terminal } from '../input/terminal.ts';

/*
 * What can be typed: names, options and help of the commands. What a command does, and with it the
 * clients of AWS, is loaded when it runs; so `--help` and slips are answered at once.
 */

/** Of all commands that show on stderr how far they are. */
export const withQuiet = (command: Command): Command =>
  command.option('--quiet', 'no progress and no hints on stderr; what is wrong is still said');

export const asQuiet = (terminal: Terminal, { quiet }: { readonly quiet?: true }): Terminal =>
  quiet === true ? { ...terminal, isQuiet: true } : terminal;

export type Register = (terminal: Terminal, finish: (code: ExitCode) => void) => Command;
