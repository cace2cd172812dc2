/**
 * How long commands and functions take to start, as multiples of an empty program, and how large the bundles of
 * the functions are: npm run bench:start
 *
 * Each is run in turn, and what is said is the median. With `dist/cli.js` (npm run build) the built
 * command is measured beside the source. That `--help` takes three times an empty program at most holds
 * for the built command, which is what gets installed. From the source Node strips the types at every
 * start, and loading what does that makes an empty TypeScript program take two to three times an empty
 * one already (the second line).
 *
 * Writes its part of docs/performance.md.
 *
 *   npm run bench:start -- --runs 21
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rememberNow } from '../test/support/workload-host.ts';
import { bundleFunctions } from './bundles.ts';
import { startTimes } from './start-times.ts';
import { table, writePart } from './write-part.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '15' } } });

const EMPTY = 'an empty program';
const WHY_NOT_SMALLER = `What every client of AWS shares (\`@smithy/core\`, \`@aws-sdk/core\`, signatures, retries) takes
about 190 KB of each bundle, so no function that asks AWS with the SDK gets below 150 KB. Of the handler, a third is this
project's own code, most of it texts; the errors and schemas of all actions of eight services, which each client brings
along, take 100 KB, zod 95 KB, and the parser of the credential report 31 KB. Who uses a key is asked of CloudTrail with a
call that is put together by hand: 8 KB with all that is said about it; the client for it would be 42 KB.`;
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

/** What Lambda does at a cold start: it imports the bundle. */
const importOf = (name: string) => `import of ${name}`;
const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
const bundles = await bundleFunctions(folder);
for (const { name, file } of bundles) programs.set(importOf(name), [file]);

const median = (all: readonly number[] = []): number =>
  all.toSorted((one, other) => one - other)[Math.floor(all.length / 2)] ?? Number.NaN;

const times = startTimes(programs, Number(values.runs), { HOME: home });
rmSync(home, { recursive: true });
rmSync(folder, { recursive: true });
const empty = median(times.get(EMPTY));
const ratioOf = (name: string) => (median(times.get(name)) / empty).toFixed(1);

/** KB that a function should have at most. */
const aimOf = (name: string): number => (name === 'watch' ? 150 : 700);

const part = `## Start

The functions as serverless-esbuild bundles them, in KB of 1,000 bytes, and how long Node takes to start, import the
bundle and end: as a multiple of what an empty program takes.

${table(
  ['function', 'KB', 'aim', 'met', 'import'],
  bundles.map(({ name, bytes }) => [
    `\`${name}\``,
    Math.round(bytes / 1000),
    aimOf(name),
    bytes <= 1000 * aimOf(name) ? 'yes' : 'no',
    ratioOf(importOf(name)),
  ]),
)}

${WHY_NOT_SMALLER}

Commands, from start to end, by the same measure. From the source, Node strips the types at every start.

${table(
  ['command', 'times an empty program'],
  [...times.keys()]
    .filter((name) => !bundles.some((bundle) => importOf(bundle.name) === name))
    .map((name) => [name, ratioOf(name)]),
)}`;
process.stdout.write(`${part}\n`);
writePart('start', part);
