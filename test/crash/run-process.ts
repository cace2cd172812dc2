import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Mode } from '../../src/domain/rotation/limits.ts';
import type { Credentials } from '../support/emulator/emulator.ts';
import { REGION, type World } from '../support/world.ts';

/** The run that a process is asked for. */
export interface Order {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  /** How many milliseconds the emulator's clock is ahead of this machine's. */
  readonly ahead: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly mode: Mode;
}

/** A process that waits for its one run. */
export interface RunProcess {
  readonly pid: number;
  /** @returns how the process ended */
  go(order: Order): Promise<'SIGKILL' | 'finished'>;
  stop(): void;
}

export const orderIn = (
  { emulator, organization, clock, environment }: World,
  more: Readonly<Record<string, string>>,
): Order => ({
  endpoint: emulator.endpoint,
  region: REGION,
  credentials: organization.credentials,
  ahead: clock.now() - Date.now(),
  environment: { ...environment, ...more },
  mode: 'enforce',
});

const PROGRAM = fileURLToPath(new URL('one-run.ts', import.meta.url));

/** Starts a process with nothing of this one's settings. Ready when everything is loaded. */
export async function prepareRun(): Promise<RunProcess> {
  const env = {
    PATH: process.env['PATH'],
    HOME: '/nowhere',
    AWS_EC2_METADATA_DISABLED: 'true',
    // Starts in half the time.
    NODE_COMPILE_CACHE: join(tmpdir(), 'access-key-rotation-tests'),
  };
  const child = spawn(process.execPath, [PROGRAM], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => undefined); // it may be dead by now
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'close');
  await Promise.race([
    once(lines, 'line'),
    ended.then(([code]) => {
      throw new Error(`the process of a run ended with ${String(code)} before it was ready`);
    }),
  ]);
  return {
    pid: child.pid ?? 0,
    go: async (order) => {
      child.stdin.end(`${JSON.stringify(order)}\n`);
      const [code, signal] = (await ended) as [number | null, NodeJS.Signals | null];
      if (signal === 'SIGKILL') return signal;
      if (code === 0) return 'finished';
      throw new Error(`the process of a run ended with ${String(signal ?? code)}`);
    },
    stop: () => child.stdin.end(),
  };
}
