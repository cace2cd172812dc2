import { InputError } from '../../domain/errors.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { runAndShow, type ScopeOptions } from './run-and-show.ts';

export interface ApplyOptions extends ScopeOptions {
  readonly mode?: string;
}

/** `access-key-rotation apply`: what the scheduled run does, now and from here. */
export async function apply({ mode, ...options }: ApplyOptions, terminal: Terminal): Promise<ExitCode> {
  if (mode === 'audit') {
    throw new InputError([
      '--mode: must be replace-only, no-delete or enforce; mode audit changes nothing, and that is the command plan',
    ]);
  }
  return runAndShow(mode, options, terminal);
}
