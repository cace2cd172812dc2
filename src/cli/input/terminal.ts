import type { Environment } from '../../compose/environment.ts';

/** Where a command runs. Tests and the demo bring their own. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absent: nobody can be asked. */
  readonly stdin?: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & { readonly columns?: number; readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Instead of the real world. */
  readonly aws?: Pick<Environment, 'region' | 'endpoint' | 'credentials' | 'clock'>;
}

/** 0: clean. 1: something failed or was unreachable. 2: bad input, and nothing was done. */
export type ExitCode = 0 | 1 | 2;
