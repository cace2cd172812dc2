/**
 * How long commands take to start, as multiples of an empty program: npm run bench:start
 *
 * Each is run in turn, so that whatever else the machine does falls on all of them; what is said is the
 * median. With `dist/cli.js` (npm run build) the built command is measured beside the source.
 *
 *   npm run bench:start -- --runs 21
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '15' } } });

const EMPTY = 'an empty program';
const COMMANDS = [['--help'], ['plan', '--help'], ['credentials', '--help'], ['plan']];
/** Without a region: all of the command is loaded, and no call is made. */
const environment = { PATH: process.env['PATH'], HOME: '/nowhere', AWS_EC2_METADATA_DISABLED: 'true' };

const programs = new Map<string, readonly string[]>([[EMPTY, ['--eval', '']]]);
for (const file of ['dist/cli.js', 'src/cli.ts'].filter((one) => existsSync(one))) {
  for (const args of COMMANDS) programs.set(`${file} ${args.join(' ')}`, [file, ...args]);
}

const times = new Map([...programs.keys()].map((name) => [name, [] as number[]]));
for (let run = 0; run < Number(values.runs); run++) {
  for (const [name, args] of programs) {
    const before = performance.now();
    spawnSync(process.execPath, args, { stdio: 'ignore', env: environment });
    times.get(name)?.push(performance.now() - before);
  }
}

const median = (all: readonly number[] = []): number =>
  all.toSorted((one, other) => one - other)[Math.floor(all.length / 2)] ?? Number.NaN;

const empty = median(times.get(EMPTY));
for (const [name, all] of times) {
  const milliseconds = median(all);
  const ratio = (milliseconds / empty).toFixed(1);
  process.stdout.write(`${name}: ${Math.round(milliseconds)} ms, ${ratio} times\n`);
}
