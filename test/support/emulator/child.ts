/** The emulator's process: lives no longer than this one. */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('launcher.py', import.meta.url));

type WithPipes = ChildProcessByStdio<Writable, Readable, null>;

export interface Child {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

export async function startChild(python: string, quiet: boolean): Promise<Child> {
  const child = spawn(python, [launcher], {
    env: environment(),
    stdio: ['pipe', 'pipe', quiet ? 'ignore' : 'inherit'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const gone = once(child, 'close').finally(() => process.off('exit', kill));
  gone.catch(() => undefined); // said by whoever waits for it
  const port = await Promise.race([portOf(child), failure(gone)]);
  for (const handle of handles(child)) handle.unref(); // tests that forget to stop it don't hang
  return {
    port,
    pid: child.pid ?? 0,
    stop: async () => {
      for (const handle of handles(child)) handle.ref();
      child.stdin.end();
      await gone;
    },
  };
}

/** What keeps this process alive while the child is. Pipes are sockets, though the types don't say so. */
function handles(child: WithPipes): readonly { ref(): unknown; unref(): unknown }[] {
  return [child, child.stdin as unknown as Socket, child.stdout as unknown as Socket];
}

async function portOf(child: WithPipes): Promise<number> {
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  return (JSON.parse(line) as { port: number }).port;
}

async function failure(gone: Promise<unknown[]>): Promise<never> {
  const [code] = await gone;
  throw new Error(`The AWS emulator ended before it was ready, with exit code ${String(code)}; see above.`);
}

/** Nothing of the developer's AWS settings, nor of moto's, may change what the emulator does. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|MOTO)_/.test(name));
  // The repository isn't the place for Python's compiled files.
  return { ...Object.fromEntries(kept), PYTHONDONTWRITEBYTECODE: '1' };
}
