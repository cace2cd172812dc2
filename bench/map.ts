/**
 * How long a run by map takes, what holds it up, and what it costs, in a simulation with AWS's quotas
 * (bench/map/quotas.ts): npm run bench:map
 */
import { PRICES } from './map/quotas.ts';
import { monthly, simulate, type Bottleneck, type MapRun } from './map/simulate.ts';
import { table, writePart } from './write-part.ts';

const USERS = 50;

/** A report takes 2 to 5 seconds, and is looked for after 1, 3 and 7: a third is there after 3. The rest are calls. */
const seconds = (account: number): number => (account % 3 === 0 ? 3 : 7) + 1.5;

/** With one user in fifty due, of fifty in each account. */
const of = (accounts: number, atATime: number, topics: MapRun['topics']): MapRun => ({
  ...{ accounts, atATime, topics, due: 1, seconds, coldStart: 0.6, delivery: 'member' },
});

/** The most that `accountConcurrency` may be. */
const MOST = 100;

const RAISE: Readonly<Record<Bottleneck, string>> = {
  'accounts at a time': '`accountConcurrency`',
  'one topic': 'topics of their own, for accounts or units',
  'Lambda concurrency': 'the quota of Lambda: concurrent executions',
  'open children': 'nothing: split the organization',
  'child starts': 'the quota of Step Functions: StartExecution',
  'new environments': 'nothing: Lambda sets this rate',
  STS: 'the quota of STS',
  SNS: 'the quota of SNS: Publish',
  DynamoDB: 'warm throughput of the table',
  'Secrets Manager': 'nothing: secretDelivery `member` has no such limit',
  none: 'nothing',
};

const WAYS = [
  ['one topic', MOST, 'one'],
  ['own topics', MOST, 'own'],
  ['own topics, 1,000 at a time', 1_000, 'own'],
] as const;
const rows = [100, 1_000, 10_000].flatMap((accounts) =>
  WAYS.map(([way, atATime, topics]) => {
    const run = of(accounts, atATime, topics);
    const simulated = simulate(run);
    const { bottleneck } = simulated;
    return [
      `${accounts.toLocaleString('en-US')}, ${way}`,
      `${Math.round(simulated.seconds).toLocaleString('en-US')} s`,
      bottleneck,
      RAISE[bottleneck],
      `$${monthly(run, simulated).toFixed(2)}`,
      `$${(accounts * USERS * PRICES.secretMonth).toLocaleString('en-US')}`,
    ];
  }),
);
const shown = table(
  [
    'accounts',
    'a run',
    'held up by',
    'raise first',
    'running it, a month',
    'secrets, once all users have one',
  ],
  rows,
);
process.stdout.write(`${shown}\n`);

const central = simulate({ ...of(10_000, 1_000, 'own'), delivery: 'central' });
const lines = [
  '## Ten thousand accounts through the map',
  '',
  `A simulation, not a measurement: \`bench/map/simulate.ts\` goes through a run with AWS's default quotas, each with its page in \`bench/map/quotas.ts\`. ${USERS} users in each account, one of them due, so each account is worked on and publishes a digest; an account takes 4.5 or 8.5 seconds, most of them waiting for its credential report. AWS publishes no rate for the children of a map nor for ListAccounts: that of StartExecution in the smaller regions, and 5 pages a second, are assumed. IAM is asked within each account, so its rate is shared with nobody here.`,
  '',
  shown,
  '',
  `With \`secretDelivery: central\` 10,000 accounts at 1,000 a time take ${Math.round(central.seconds).toLocaleString('en-US')} s instead: ${central.bottleneck} allows 50 writes a second in one account, and a replacement takes two. Prices are those of [docs/deployment.md](deployment.md#what-it-costs), and of [Step Functions](https://aws.amazon.com/step-functions/pricing/), $0.025 for 1,000 transitions.`,
  '',
  `${MOST} accounts at a time is the most that the setting allows; 1,000 shows what a higher one would bring. Through one topic digests go at 5 a second, since SNS disables e-mail subscriptions that get more than 10; functions wait for that, and are paid for waiting. It holds up only the accounts that have something to say: here, all.`,
];
if (!process.argv.includes('--no-write')) writePart('map', lines.join('\n'));
