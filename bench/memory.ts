/**
 * How much memory a run takes, for organizations of 10, 100 and 1,000 accounts: npm run bench:memory
 *
 * Each run has a process of its own, with the heap that Node gives itself in a function of 512 MB: on a
 * machine with more memory it collects garbage later, and what is measured is the machine.
 *
 *   npm run bench:memory -- --users 200 --accounts 10,100,1000
 */
import { parseArgs } from 'node:util';
import { SECOND } from '../src/domain/time.ts';
import { RATE } from './canned/organization.ts';
import { measure, measureEndOfMap, serveCanned, type Measured } from './canned/processes.ts';
import { table, writePart } from './write-part.ts';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '200' },
    accounts: { type: 'string', default: '10,100,1000' },
    'no-write': { type: 'boolean', default: false },
  },
});

/** What V8 takes by itself where there are 512 MB: half of them, and its usual space for new objects. */
const AS_IN_512_MB = ['--max-old-space-size=256', '--max-semi-space-size=16'];
const MOST_MB = 256;
const FLAT = 1.2;
const MB = 2 ** 20;

const users = Number(values.users);
const rows: { readonly accounts: number; readonly measured: Measured }[] = [];
for (const accounts of values.accounts.split(',').map(Number)) {
  const seed = {
    ...{ accounts, users, dueEvery: 50, now: Date.now(), rate: RATE },
    // Whether calls take long makes no difference to what is kept.
    ...{ latency: 0, report: { least: 0, most: SECOND } },
  };
  const server = await serveCanned(seed);
  const measured = await measure({ endpoint: server.endpoint, seed }, AS_IN_512_MB);
  await server.stop();
  rows.push({ accounts, measured });
  process.stdout.write(`${accounts} accounts: ${Math.round(measured.peak / MB)} MB\n`);
}

/** As many as an organization can have. The functions that end a run by map, and make its page, have 2 and 3 GB. */
const MAP = { accounts: 10_000, users: 50 };
const AS_IN_2_GB = ['--max-old-space-size=1024'];
const server = await serveCanned({
  ...{ ...MAP, dueEvery: 50, now: Date.now(), latency: 0, report: { least: 0, most: SECOND } },
});
const end = await measureEndOfMap({ endpoint: server.endpoint, rotated: 10 }, AS_IN_2_GB);
await server.stop();
const inMb = (bytes: number) => Math.round(bytes / MB).toLocaleString('en-US');
const inSeconds = (took: number) => `${(took / SECOND).toFixed(0)} s`;
const endOfMap = `A run by map ends in one function, which has the reports of all accounts. For ${end.accounts.toLocaleString('en-US')} accounts with ${end.users.toLocaleString('en-US')} users it took ${inSeconds(end.finish.took)} and at most ${inMb(end.finish.peak)} MB; the page with half a year of such runs before it, in the same process, another ${inSeconds(end.page.took)} and at most ${inMb(end.page.peak)} MB, and has ${(end.page.bytes / 1e6).toFixed(1)} MB (\`${AS_IN_2_GB.join(' ')}\`; ten accounts were rotated, and what they left stands for the others; nothing was read from S3).`;
process.stdout.write(`${endOfMap}\n`);

const peaks = rows.map(({ measured }) => measured.peak);
const growth = Math.max(...peaks) / (peaks[0] ?? Number.NaN);
const above = (part: number) => Math.round((part - 1) * 100);
/** Of the next larger one: there as many accounts are worked on at once as in the largest. */
const fromSecond = Math.max(...peaks) / (peaks[1] ?? Number.NaN);
const most = Math.round(Math.max(...peaks) / MB);
const verdict = `The most is ${above(growth)} % above the smallest organization (aim: 20 %), ${above(fromSecond)} % above the next one, and ${most} MB (aim: under ${MOST_MB} MB).`;
process.stdout.write(`${verdict}\n`);
if (!values['no-write']) {
  writePart(
    'memory',
    [
      '## Memory',
      '',
      `One run over accounts with ${users} users each, of whom one in fifty is due; 40 accounts at once, or as many as there are. The most that the process had (RSS), with a heap as small as V8 should make it in a function of 512 MB; that is assumed, no function was measured (\`${AS_IN_512_MB.join(' ')}\`). On a machine with more memory V8 collects later, and a process takes more.`,
      '',
      table(
        ['accounts', 'users', 'calls', 'keys replaced', 'most memory, MB', 'of the fewest'],
        rows.map(({ accounts, measured }) => [
          `${accounts}`,
          accounts * users,
          measured.calls,
          measured.totals.replaced,
          Math.round(measured.peak / MB),
          (measured.peak / (peaks[0] ?? Number.NaN)).toFixed(2),
        ]),
      ),
      '',
      `${verdict} What grows is the report of the run: a few kilobytes for each account, and a few hundred bytes for each key that was looked at. Ten accounts are the least in another way, too: only ten of them are worked on at once.`,
      '',
      endOfMap,
    ].join('\n'),
  );
}
if (growth > FLAT || most >= MOST_MB) process.exitCode = 1;
