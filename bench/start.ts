/**
 * How long commands take to start, as multiples of an empty program: npm run bench:start
 *
 * Each is run in turn, and what is said is the median. With `dist/cli.js` (npm run build) the built
 * command is measured beside the source. That `--help` takes three times an empty program at most holds
 * for the built command, which is what gets installed. From the source Node strips the types at every
 * start, and loading what does that makes an empty TypeScript program take two to three times an empty
 * one already (the second line).
 *
 *   npm run bench:start -- --runs 21
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rememberNow } from '../test/support/workload-host.ts';
import { startTimes } from './start-times.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '15' } } });

const EMPTY = 'an empty program';
const COMMANDS = [['--help'], ['plan', '--help'], ['credentials', '--help'], ['plan']];

/** A machine on which the key is remembered, as it is within an hour. */
const home = mkdtempSync(join(tmpdir(), 'remembered-'));
rememberNow(home);
const ASK = ['--user', 'ann', '--from', 'first', '--region', 'eu-central-1'];

const programs = new Map<string, readonly string[]>([
  [EMPTY, ['--eval', '']],
  ['an empty program in TypeScript', [fileURLToPath(new URL('empty.ts', import.meta.url))]],
]);
for (const file of ['dist/cli.js', 'src/cli.ts'].filter((one) => existsSync(one))) {
  for (const args of COMMANDS) programs.set(`${file} ${args.join(' ')}`, [file, ...args]);
  programs.set(`${file} credentials, remembered`, [file, 'credentials', ...ASK]);
}
const oneFile = 'dist/credentials.mjs';
if (existsSync(oneFile)) programs.set(`${oneFile}, remembered`, [oneFile, ...ASK]);

const median = (all: readonly number[] = []): number =>
  all.toSorted((one, other) => one - other)[Math.floor(all.length / 2)] ?? Number.NaN;

const times = startTimes(programs, Number(values.runs), { HOME: home });
rmSync(home, { recursive: true });
const empty = median(times.get(EMPTY));
for (const [name, all] of times) {
  const milliseconds = median(all);
  const ratio = (milliseconds / empty).toFixed(1);
  process.stdout.write(`${name}: ${Math.round(milliseconds)} ms, ${ratio} times\n`);
}
