/**
 * Years of the whole size, from the command line.
 *
 *   npm run test:year                          one year, of seed 1
 *   npm run test:year -- --seed 42             a year once more
 *   SEEDS=100 npm run test:year                the years of seeds 1 to 100, two at once
 *   SEEDS=10 npm run test:year -- --seed 101   those of seeds 101 to 110
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import { startEmulator } from '../support/emulator/emulator.ts';
import { liveAYear, type Year, type YearSize } from './year.ts';

const WHOLE: YearSize = { weeks: 52, accounts: 20, users: 10 };
const AT_ONCE = 2;

const say = (text: string) => process.stdout.write(`${text}\n`);

async function live(seed: number): Promise<boolean> {
  const emulator = await startEmulator({ quiet: true });
  try {
    const year = await liveAYear(emulator, seed, WHOLE);
    say(summaryOf(year));
    return year.broken.length === 0;
  } finally {
    await emulator.stop();
  }
}

function summaryOf({ seed, broken, figures }: Year): string {
  const told = Object.entries(figures).map(([name, figure]) => `${name} ${figure}`);
  const verdict = broken.length === 0 ? 'clean' : 'BROKEN';
  const again = `Again: npm run test:year -- --seed ${seed}`;
  return [
    `seed ${seed}: ${verdict}; ${told.join(', ')}`,
    ...broken,
    ...(broken.length === 0 ? [] : [again]),
  ].join('\n');
}

/** A process for each, since one is kept busy by one year. */
async function liveElsewhere(seed: number): Promise<boolean> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), '--seed', String(seed)], {
    env: { ...process.env, SEEDS: '1' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code === 0;
}

const { values } = parseArgs({ options: { seed: { type: 'string' } } });
const first = Number(values.seed ?? process.env['SEED'] ?? 1);
const count = Number(process.env['SEEDS'] ?? 1);
if (!Number.isInteger(first) || !(Number.isInteger(count) && count > 0))
  throw new Error('--seed and SEED are whole numbers, SEEDS is how many years');

const seeds = Array.from({ length: count }, (_, index) => first + index);
const clean =
  count === 1 ? [await live(first)] : await pLimit(AT_ONCE).map(seeds, (seed) => liveElsewhere(seed));
say(`${clean.filter(Boolean).length} of ${count} years were clean`);
process.exitCode = clean.every(Boolean) ? 0 : 1;
