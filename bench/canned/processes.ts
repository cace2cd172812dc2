import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { MapEnd, MapEndMeasured } from './end-of-map.ts';
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
  return (await inBundle('measure.ts', run, flags)) as Measured;
}

/** The end of a run by map, and the page of its report, in such a process. @throws as `measure` does */
export async function measureEndOfMap(end: MapEnd, flags: readonly string[]): Promise<MapEndMeasured> {
  return (await inBundle('end-of-map.ts', end, flags)) as MapEndMeasured;
}

/** @returns the last line it says */
async function inBundle(program: string, argument: object, flags: readonly string[]): Promise<unknown> {
  const made = bundles.get(program) ?? bundled(program);
  bundles.set(program, made);
  const child = start(await made, argument, flags);
  const [output, [code]] = await Promise.all([
    text(child.stdout),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  if (code !== 0) throw new Error(`the run ended with ${code}`);
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '');
}

const bundles = new Map<string, Promise<string>>();

async function bundled(program: string): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), 'bench-')), 'program.mjs');
  await build({
    entryPoints: [pathOf(program)],
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
