/**
 * What a run asks of AWS, and what the way user by user would ask: npm run bench:calls
 *
 * Both go through the same organizations on the same emulator. Writes its part of docs/performance.md and
 * docs/images/calls.svg. The large organizations take some minutes; npm run bench:calls -- --quick leaves
 * them out, and writes nothing.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startEmulator } from '../test/support/emulator/emulator.ts';
import { combined, sumOf, type ByAction } from './by-action.ts';
import { callsChart } from './calls-chart.ts';
import { measureAll, ofDue, type Measured } from './measure-calls.ts';
import { table, writePart } from './write-part.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const MIXED = [
  { accounts: 50, users: 100 },
  { accounts: 200, users: 50 },
];

const emulator = await startEmulator({ quiet: true });
const measured = await measureAll(emulator, values.quick ? [] : MIXED);
const ten = await ofDue(emulator, { accounts: 1, users: 10 });
const twenty = await ofDue(emulator, { accounts: 1, users: 20 });
await emulator.stop();

/** Of one user more whose key is due. To find that out takes two calls, which are no part of the replacement. */
function replacement(twenty: ByAction, ten: ByAction): ByAction {
  const looks: ByAction = new Map([
    ['iam:GetAccessKeyLastUsed', 1],
    ['iam:ListAccessKeys', 1],
  ]);
  const all = combined([twenty, ten], ([more = 0, less = 0]) => (more - less) / 10);
  const rest = combined([all, looks], ([count = 0, look = 0]) => Math.max(0, count - look));
  return new Map([...rest].filter(([, count]) => count > 0));
}

const first = replacement(twenty.first, ten.first);
const next = replacement(twenty.next, ten.next);
const oursOf = (name: string): number | undefined => {
  const found = measured.find((one) => one.name === name);
  return found === undefined ? undefined : sumOf(found.ours);
};

/** What is asked of the service, in calls of a whole run or of one replacement. */
const AIMS: readonly (readonly [what: string, aim: number, measured: number | undefined])[] = [
  ['3 x 20, young, first run', 20, oursOf('3 x 20, young, first run')],
  ['3 x 20, young, later', 20, oursOf('3 x 20, young, later')],
  ['50 x 100, one in fifty due', 1400, oursOf('50 x 100, one in fifty due')],
  ['3 x 20, all due, first time', 600, oursOf('3 x 20, all due, first time')],
  ['3 x 20, all due, next time', 430, oursOf('3 x 20, all due, next time')],
  ['a replacement, first time', 8, sumOf(first)],
  ['a replacement, next time', 6, sumOf(next)],
];

const round = (count: number): number => Math.round(count * 100) / 100;
const text = (count: number): string => (count === 0 ? '' : round(count).toLocaleString('en-US'));

const comparison = table(
  ['accounts x users', 'calls', 'user by user', 'ratio'],
  measured.map(({ name, ours, naive }) => [
    name,
    round(sumOf(ours)),
    sumOf(naive),
    `1 : ${(sumOf(naive) / sumOf(ours)).toFixed(1)}`,
  ]),
);
const aims = table(
  ['calls', 'aim', 'measured', 'met'],
  AIMS.flatMap(([what, aim, count]) =>
    count === undefined ? [] : [[what, `at most ${aim}`, round(count), count <= aim ? 'yes' : 'no']],
  ),
);

function actionTable(all: readonly (readonly [string, ByAction])[]): string {
  const actions = [...combined(all.map(([, one]) => one), () => 0).keys()];
  return table(
    ['action', ...all.map(([name]) => name)],
    actions.map((action) => [action, ...all.map(([, one]) => text(one.get(action) ?? 0))]),
  );
}

const part = `## Calls

Calls of a whole run: accounts listed, settings read, keys looked at and replaced, digests and summary published,
what is kept for the next run. The management account is one of the accounts. _User by user_ is the way most
rotations go, written down in \`bench/naive.ts\`: enter every account, list its users, list the keys of each and
ask for the last use of each key, one after the other. It replaces a due key with two calls, and neither tests
nor records nor tells anything. _Later_ is the mean of four weekly runs: in one of them an account is worked
through although nothing seems to be due in it.

![Calls per user and run](images/calls.svg)

${comparison}

What the project asks of itself:

${aims}

${WHY_NOT()}

By action:

${actionTable(measured.map(({ name, ours }): [string, ByAction] => [name, ours]))}

What one replacement asks, once it is known that the key is due (\`ListAccessKeys\` and \`GetAccessKeyLastUsed\`, one
each, are not counted):

${actionTable([
  ['first time', first],
  ['next time', next],
])}`;

function WHY_NOT(): string {
  return '';
}

process.stdout.write(`${part}\n`);
if (!values.quick) {
  mkdirSync('docs/images', { recursive: true });
  writeFileSync('docs/images/calls.svg', callsChart(measured));
  writePart('calls', part);
}
writeFileSync('/tmp/calls-try.svg', callsChart(measured));
