import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Answer } from './functions.ts';

const PROGRAM = fileURLToPath(new URL('one-invocation.ts', import.meta.url));

/**
 * Runs a function in a process of its own, as Lambda does. One that is killed is told of as Lambda tells it.
 * @param started is told the id of the process before the function begins
 */
export async function invokeInProcess(
  name: string,
  event: unknown,
  environment: Readonly<Record<string, string>>,
  started: (pid: number) => Promise<void> = () => Promise.resolve(),
): Promise<Answer> {
  const env = {
    PATH: process.env['PATH'],
    HOME: '/nowhere',
    AWS_EC2_METADATA_DISABLED: 'true',
    NODE_COMPILE_CACHE: join(tmpdir(), 'access-key-rotation-tests'),
    ...environment,
  };
  const child = spawn(process.execPath, [PROGRAM], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => undefined); // it may be dead by now
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const ended = once(child, 'close');
  await Promise.race([once(output, 'line'), ended]);
  await started(child.pid ?? 0);
  child.stdin.end(`${JSON.stringify({ name, event })}\n`);
  const [code, signal] = (await ended) as [number | null, NodeJS.Signals | null];
  if (code === 0) return JSON.parse(lines.at(-1) ?? '') as Answer;
  return {
    kind: 'failed',
    errorType: 'Runtime.ExitError',
    errorMessage: `Error: Runtime exited with error: ${signal === null ? `exit status ${code}` : 'signal: killed'}`,
  };
}
