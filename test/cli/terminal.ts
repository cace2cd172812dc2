import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { main } from '../../src/cli/main.ts';
import type { ExitCode } from '../../src/cli/input/terminal.ts';
import type { Credentials } from '../support/emulator/emulator.ts';
import { fakeTerminal } from '../support/terminal.ts';
import { REGION, type World } from '../support/world.ts';

/** What a command leaves behind. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether people watch. */
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** What the person at the terminal types when asked; absent: nobody is there. */
  readonly answer?: string;
}

/** Runs a command line in this process, in the emulated organization. */
export async function run(
  args: readonly string[],
  world: Pick<World, 'aws' | 'environment'>,
  { environment = {}, isTTY = false, columns, answer }: Options = {},
): Promise<Ended & { readonly code: ExitCode }> {
  // Nothing is deployed there; test/cli/deployed-settings.test.ts is about what is.
  const terminal = fakeTerminal(world, { ROTATION_FUNCTION_NAME: 'none', ...environment }, answer);
  Object.assign(terminal.stdout, columns === undefined ? {} : { columns, isTTY: true });
  // What ora does to a terminal's cursor, besides writing.
  const still = { clearLine: () => true, cursorTo: () => true, moveCursor: () => true };
  Object.assign(terminal.stderr, isTTY ? { isTTY, ...still } : {});
  const code = await main(args, terminal);
  return { code, stdout: terminal.stdoutText(), stderr: terminal.stderrText() };
}

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** Runs a command line in a process of its own, with nothing of this one's settings. */
export async function runProcess(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Ended> {
  const env = {
    PATH: process.env['PATH'],
    HOME: '/nowhere',
    AWS_EC2_METADATA_DISABLED: 'true',
    ROTATION_FUNCTION_NAME: 'none',
    ...environment,
  };
  const child = spawn(process.execPath, [CLI, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

/** How a process of its own finds the emulator. */
export const awsEnvironment = (
  { endpoint }: { readonly endpoint: string },
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
): Record<string, string> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: REGION,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
});
