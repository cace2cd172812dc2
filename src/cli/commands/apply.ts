import { Command } from 'commander';
import { InputError } from '../../domain/errors.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { runAndShow, withScope, type ScopeOptions } from './run-and-show.ts';

interface ApplyOptions extends ScopeOptions {
  readonly mode?: string;
}

const THESE = 'replace-only, no-delete or enforce';

/** `access-key-rotation apply`: what the scheduled run does, now and from here. */
export const applyCommand = (terminal: Terminal, finish: (code: ExitCode) => void): Command =>
  withScope(
    new Command('apply')
      .description('rotate now: carry out what the mode allows, and publish the digests')
      .option(
        '--mode <mode>',
        `what may be changed: ${THESE} at most; where it isn't given, what the settings say (ROTATION_MODE and the table)`,
      ),
    'apply --mode enforce --account 111122223333 --user alice',
  ).action(async ({ mode, ...options }: ApplyOptions) => {
    if (mode === 'audit') {
      throw new InputError([
        `--mode: must be ${THESE}; mode audit changes nothing, and that is the command plan`,
      ]);
    }
    finish(await runAndShow(mode, options, terminal));
  });
