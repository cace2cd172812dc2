/**
 * How long a run takes where every call takes 50 ms, beside the naive way on the same server: npm run bench:time
 *
 * The naive way looks at a share of the accounts where all would take too long; its time is multiplied.
 *
 *   npm run bench:time -- --share 0.1 --latency 50
 */
import { parseArgs } from 'node:util';
import { MINUTE, SECOND } from '../src/domain/time.ts';
import { naively } from './canned/naive.ts';
import { RATE } from './canned/organization.ts';
import { measure, serveCanned } from './canned/processes.ts';
import { table, writePart } from './write-part.ts';

const { values } = parseArgs({
  options: {
    share: { type: 'string', default: '0.1' },
    latency: { type: 'string', default: '50' },
    'no-write': { type: 'boolean', default: false },
  },
});

/** Accounts, users in each; and whether the naive way is measured, too. */
const SIZES = [
  [3, 20, true],
  [50, 100, true],
  [200, 50, true],
  [1_000, 50, false],
] as const;
/** Below this, the naive way looks at all. */
const FEW = 5;
const TIMES_FASTER = 10;
const LARGEST_WITHIN = 5 * MINUTE;
const LAMBDA = 15 * MINUTE;
/** What is published to one topic (src/aws/messaging/pace.ts). */
const MESSAGES_A_SECOND = 5;

const latency = Number(values.latency);
const inSeconds = (duration: number) => (duration / SECOND).toFixed(0);
const rows: (readonly string[])[] = [];
const missed: string[] = [];
for (const [accounts, users, withNaive] of SIZES) {
  const report = { least: 2 * SECOND, most: 5 * SECOND };
  const seed = { accounts, users, dueEvery: 50, now: Date.now(), latency, report, rate: RATE };
  const server = await serveCanned(seed);
  const { elapsed, calls, throttles, cpu, totals, isClean } = await measure({
    endpoint: server.endpoint,
    seed,
  });
  if (!isClean) throw new Error(`the run over ${accounts} x ${users} failed`);
  const looked = accounts <= FEW ? accounts : Math.ceil(accounts * Number(values.share));
  const naive = withNaive ? (await naively(server.endpoint, seed, looked)) * (accounts / looked) : undefined;
  await server.stop();
  const name = `${accounts.toLocaleString('en-US')} x ${users}`;
  const times = naive === undefined ? undefined : naive / elapsed;
  rows.push([
    name,
    `${inSeconds(elapsed)} s`,
    naive === undefined ? '' : `${inSeconds(naive)} s${looked < accounts ? ` (from ${looked})` : ''}`,
    times === undefined ? '' : times.toFixed(1),
    `${((100 * elapsed) / LAMBDA).toFixed(0)} %`,
    calls.toLocaleString('en-US'),
    `${throttles}`,
    `${totals.replaced}`,
    `${inSeconds(cpu)} s`,
  ]);
  process.stdout.write(`${rows.at(-1)?.join(' | ') ?? ''}\n`);
  if (times !== undefined && times < TIMES_FASTER) {
    missed.push(
      `${name} is ${times.toFixed(1)} times faster, not ${TIMES_FASTER}: of its ${inSeconds(elapsed)} s it waits up to 7 for a credential report, which is looked for after 1, 3 and 7 seconds. To list the keys of so few users would be faster, and take more calls.`,
    );
  }
  if (naive === undefined && elapsed > LARGEST_WITHIN) {
    missed.push(`${name} takes ${inSeconds(elapsed)} s, not ${inSeconds(LARGEST_WITHIN)}, on this machine.`);
  }
}

const head = [
  'accounts x users',
  'a run',
  'naively',
  'times faster',
  'of 15 minutes',
  'calls',
  'throttled',
  'replaced',
  'CPU',
];
const text = [
  '## Time',
  '',
  `Every call takes ${latency} ms. One user in fifty is due; a run replaces the keys of these, and publishes a digest for each of their accounts. The naive way only looks: it lists the users, the keys of each, and the last use of each, one after the other; where it would take too long, it looks at some of the accounts, and its time is multiplied. Assumed, since AWS publishes neither: a credential report takes 2 to 5 seconds, and IAM answers ${RATE.perSecond} calls a second in each account, ${RATE.burst} at once.`,
  '',
  table(head, rows),
  '',
  ...missed,
  '',
  `Digests of one topic go out at ${MESSAGES_A_SECOND} a second, lest e-mail subscriptions be disabled: with something to say about each of 1,000 accounts that alone takes ${1_000 / MESSAGES_A_SECOND} seconds, and accounts with topics of their own don't wait for each other. CPU is of this machine; a function of 512 MB has 0.29 of one. Where it becomes the limit, give the function more memory.`,
];
process.stdout.write(`${missed.join('\n')}\n`);
if (!values['no-write']) writePart('time', text.join('\n'));
