import type { Environment } from '../../compose/environment.ts';
import type { OnStop } from './signals.ts';

/** What a command is given by the process it runs in. Tests and the demo replace it. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absent: nobody can be asked. */
  readonly stdin?: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & { readonly columns?: number; readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly columns?: number; readonly isTTY?: boolean };
  /**
   * Adds to the environment, before a command begins, what a person has written down for all of them. Absent: nothing.
   * @throws InputError when that can't be understood
   */
  readonly configure?: () => Promise<void>;
  /** Nothing is to be said besides what was asked for and what is wrong: no progress, no hints. */
  readonly isQuiet?: boolean;
  /** Absent: nobody can stop the command. */
  readonly onStop?: OnStop;
  /** Absent: the region and the credentials that the SDK finds, and the real clock. */
  readonly aws?: Pick<Environment, 'region' | 'endpoint' | 'credentials' | 'clock'>;
}

/**
 * 0: clean. 1: something failed or was unreachable. 2: bad input, and nothing was done. 3: clean, and changes are
 * pending, where somebody asked for that to be told (`plan --detailed-exitcode`).
 */
export type ExitCode = 0 | 1 | 2 | 3;
