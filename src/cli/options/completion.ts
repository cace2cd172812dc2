import { Argument, Command } from 'commander';
import type { Shell } from '../commands/completion/shell.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import type { Register } from './command.ts';

const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish'];

const shell = (): Argument => new Argument('<shell>', 'which shell').choices(SHELLS);

/** `access-key-rotation completion`: what a shell has to load so that it completes commands. */
export const completionCommand: Register = (terminal, finish) =>
  new Command('completion')
    .description('print what a shell loads to complete commands by the tab key, and how to install that')
    .addArgument(shell())
    .addHelpText('after', '\nExample:\n  source <(access-key-rotation completion bash)')
    .action(async (which: Shell) => {
      const { SCRIPTS } = await import('../commands/completion/scripts.ts');
      terminal.stdout.write(SCRIPTS[which]);
      finish(0);
    });

/** What these scripts call. */
export const COMPLETE = 'complete';

/** Asks nobody: it answers while somebody types. */
export const completeCommand = (
  terminal: Terminal,
  finish: (code: ExitCode) => void,
  program: Command,
): Command =>
  new Command(COMPLETE)
    .addArgument(shell())
    .argument('[words...]', 'what is typed so far, after the name of the program')
    .action(async (which: Shell, words: readonly string[]) => {
      const { complete } = await import('../commands/completion/complete.ts');
      terminal.stdout.write(complete(program, which, words, terminal));
      finish(0);
    });
