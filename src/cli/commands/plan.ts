import { Command } from 'commander';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { runAndShow, withScope, type ScopeOptions } from './run-and-show.ts';

/** `access-key-rotation plan`: what a run would do. Changes nothing and tells nobody. */
export const planCommand = (terminal: Terminal, finish: (code: ExitCode) => void): Command =>
  withScope(
    new Command('plan').description(
      'show what a run would do now, and what falls due; changes nothing (audit)',
    ),
    'plan --account 111122223333',
  ).action(async (options: ScopeOptions) => {
    finish(await runAndShow('audit', options, terminal));
  });
