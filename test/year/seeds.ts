/**
 * Years of the whole size, from the command line.
 *
 *   npm run test:year                          one year on the emulator, of seed 1
 *   npm run test:year -- --seed 42             a year once more
 *   SEEDS=100 npm run test:year                the years of seeds 1 to 100, two at once
 *   SEEDS=10 npm run test:year -- --seed 101   those of seeds 101 to 110
 *   SEEDS=5 npm run test:year -- --small       those of 3 accounts with 21 users, each in two minutes
 *   SEEDS=100 npm run test:year -- --in-memory   a hundred years of the engine alone, in minutes
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import { SECOND } from '../../src/domain/time.ts';
import { startEmulator } from '../support/emulator/emulator.ts';
import { onEmulator } from './emulated.ts';
import { inMemory } from './in-memory.ts';
import type { Begin } from './world.ts';
import { liveAYear, WHOLE, type Year } from './year.ts';

const AT_ONCE = 2;
const SMALL = { ...WHOLE, accounts: 3, users: 7 };

const say = (text: string) => process.stdout.write(`${text}\n`);

async function live(begin: Begin, seed: number): Promise<boolean> {
  const year = await liveAYear(begin, seed, values.small ? SMALL : WHOLE);
  say(summaryOf(year));
  return year.broken.length === 0;
}

function summaryOf({ seed, broken, figures }: Year): string {
  const shown = Object.entries(figures).map(([name, figure]) => `${name} ${figure}`);
  const verdict = broken.length === 0 ? 'clean' : 'BROKEN';
  const again = `Again: npm run test:year -- ${values['in-memory'] ? '--in-memory ' : ''}${values.small ? '--small ' : ''}--seed ${seed}`;
  return [
    `seed ${seed}: ${verdict}; ${shown.join(', ')}`,
    ...broken,
    ...(broken.length === 0 ? [] : [again]),
  ].join('\n');
}

async function liveOnEmulator(seed: number): Promise<boolean> {
  const emulator = await startEmulator({ quiet: true });
  try {
    return await live(onEmulator(emulator), seed);
  } finally {
    await emulator.stop();
  }
}

/** A process for each, since an emulator is kept busy by one year. */
async function liveElsewhere(seed: number): Promise<boolean> {
  const size = values.small ? ['--small'] : [];
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...size, '--seed', String(seed)], {
    env: { ...process.env, SEEDS: '1' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code === 0;
}

async function liveAll(): Promise<readonly boolean[]> {
  if (values['in-memory']) return await pLimit(1).map(seeds, (seed) => live(inMemory, seed));
  return seeds.length === 1 ? [await liveOnEmulator(first)] : await pLimit(AT_ONCE).map(seeds, liveElsewhere);
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    small: { type: 'boolean', default: false },
    'in-memory': { type: 'boolean', default: false },
  },
});
const first = Number(values.seed ?? process.env['SEED'] ?? 1);
const count = Number(process.env['SEEDS'] ?? 1);
if (!Number.isInteger(first) || !(Number.isInteger(count) && count > 0))
  throw new Error('--seed and SEED are whole numbers, SEEDS is how many years');

const startedAt = performance.now();
const seeds = Array.from({ length: count }, (_, index) => first + index);
const clean = await liveAll();
const seconds = Math.round((performance.now() - startedAt) / SECOND);
say(`${clean.filter(Boolean).length} of ${count} years were clean (${seconds} s)`);
process.exitCode = clean.every(Boolean) ? 0 : 1;
