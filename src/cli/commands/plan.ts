import type { ExitCode, Terminal } from '../input/terminal.ts';
import { runAndShow, type ScopeOptions } from './run-and-show.ts';

/** `access-key-rotation plan`: what a run would do. Changes and publishes nothing. */
export const plan = (options: ScopeOptions, terminal: Terminal): Promise<ExitCode> =>
  runAndShow('audit', options, terminal);
