import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { CannedSeed } from './organization.ts';
import type { CannedResult, CannedRun } from './run.ts';
import type { Asked } from './server.ts';

/* What is measured has its process for itself, and the server another. */

export interface Measured extends CannedResult {
  /** The most memory that the process had, in bytes (RSS). */
  readonly peak: number;
}

export interface ServerProcess {
  readonly endpoint: string;
  asked(): Promise<Asked>;
  stop(): Promise<void>;
}

export async function serveCanned(seed: CannedSeed): Promise<ServerProcess> {
  const child = start(pathOf('serve.ts'), seed);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const endpoint = line.toString().trim();
  return {
    endpoint,
    asked: async () => (await (await fetch(endpoint)).json()) as Asked,
    stop: async () => {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

/**
 * A run in a process that is as the function is: bundled, since stripping types takes memory of its own.
 * @param flags of Node
 * @throws Error when the run ends with one
 */
export async function measure(run: CannedRun, flags: readonly string[] = []): Promise<Measured> {
  const child = start(await (bundle ??= bundled()), run, flags);
  const [output, [code]] = await Promise.all([
    text(child.stdout),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  if (code !== 0) throw new Error(`the run ended with ${code}`);
  return JSON.parse(output) as Measured;
}

let bundle: Promise<string> | undefined;

async function bundled(): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), 'bench-')), 'measure.mjs');
  await build({
    entryPoints: [pathOf('measure.ts')],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    // What is in CommonJS asks for Node's own modules by it.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return outfile;
}

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

function start(
  path: string,
  argument: object,
  flags: readonly string[] = [],
): ChildProcessByStdio<Writable, Readable, null> {
  const all = [...flags, path, JSON.stringify(argument)];
  return spawn(process.execPath, all, { stdio: ['pipe', 'pipe', 'inherit'] });
}
