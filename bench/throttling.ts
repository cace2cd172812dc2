/**
 * What a run does where IAM throttles: npm run bench:throttling
 *
 * AWS doesn't publish IAM's rates. A rate must be one that this machine can exceed, or nothing is
 * throttled: every account is given `perSecond`, and ten are worked on at once.
 *
 *   npm run bench:throttling -- --accounts 20 --users 200 --per-second 4 --burst 8
 *   npm run bench:throttling -- --seconds 180     with a deadline, as a schedule has one
 */
import { parseArgs } from 'node:util';
import { rotated } from '../src/domain/report/run-report.ts';
import { SECOND } from '../src/domain/time.ts';
import { startEmulator } from '../test/support/emulator/emulator.ts';
import { runThrottled } from '../test/support/throttled.ts';

const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '20' },
    users: { type: 'string', default: '200' },
    'per-second': { type: 'string', default: '4' },
    burst: { type: 'string', default: '8' },
    seconds: { type: 'string' },
  },
});

const emulator = await startEmulator({ quiet: true });
const { report, finished, clean, ...figures } = await runThrottled(emulator, {
  accounts: Number(values.accounts),
  users: Number(values.users),
  perSecond: Number(values['per-second']),
  burst: Number(values.burst),
  ...(values.seconds === undefined ? {} : { timeLeft: Number(values.seconds) * SECOND }),
});
await emulator.stop();

const say = (text: string) => process.stdout.write(`${text}\n`);
for (const [name, figure] of Object.entries(figures)) say(`${name}: ${Math.round(figure)}`);
say(`clean: ${clean ? 'yes' : 'no'}`);
say(`accounts finished after seconds: ${finished.map((seconds) => Math.round(seconds)).join(' ')}`);
say(`accounts not started: ${report.accounts.filter(({ status }) => status === 'not-started').length}`);
const gaps = rotated(report.accounts).flatMap((account) => account.gaps);
say(`users not reached in time: ${gaps.filter(({ reason }) => reason === 'out-of-time').length}`);
const failures = rotated(report.accounts)
  .flatMap(({ outcomes }) => outcomes)
  .filter(({ status }) => status === 'failed' || status === 'partial');
const others = gaps.filter(({ reason }) => reason !== 'out-of-time');
say(`failures: ${failures.length + others.length}`);
const late = values.seconds !== undefined && figures.seconds > Number(values.seconds);
if (values.seconds !== undefined) say(`deadline: ${late ? 'missed' : 'kept'}`);
if (figures.replaced === 0) say('nothing was replaced: a run that only reads never gets anywhere');
process.exitCode = failures.length + others.length > 0 || late || figures.replaced === 0 ? 1 : 0;
