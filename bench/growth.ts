/**
 * How the calls of a run grow with accounts, users and keys that are due: npm run bench:growth
 *
 * A line is fitted to each. Its slope is what one more costs; how far a point lies beside it says whether it
 * is a line. Writes its part of docs/performance.md.
 */
import { startEmulator } from '../test/support/emulator/emulator.ts';
import { withService } from '../test/support/invoked.ts';
import { fitLine, type Point } from './line.ts';
import { nobody, organizationOf, type Size } from './organizations.ts';
import { table, writePart } from './write-part.ts';

const emulator = await startEmulator({ quiet: true });

/** Runs in which each account is worked through once. */
const CYCLE = 4;

/** Calls of a run in which nothing is due, on average. */
const callsOfYoung = (size: Size): Promise<number> =>
  withService(emulator, organizationOf(size, nobody), async (service) => {
    await service.invoke();
    let calls = 0;
    for (let run = 0; run < CYCLE; run++) {
      await service.pass(7);
      await service.useYoungest();
      calls += (await service.invoke()).calls.length;
    }
    return calls / CYCLE;
  });

/** Calls of a run in which some keys of one account are due. */
const callsOfDue = (users: number, due: number): Promise<number> =>
  withService(
    emulator,
    organizationOf({ accounts: 1, users }, (user) => user < due),
    async (service) => (await service.invoke()).calls.length,
  );

async function measure(
  counts: readonly number[],
  callsOf: (count: number) => Promise<number>,
): Promise<readonly Point[]> {
  const points: Point[] = [];
  for (const x of counts) points.push({ x, y: await callsOf(x) });
  return points;
}

const measured: readonly (readonly [what: string, points: readonly Point[]])[] = [
  [
    'an account of 10 users, nothing due',
    await measure([4, 8, 16, 32], (accounts) => callsOfYoung({ accounts, users: 10 })),
  ],
  [
    'a user of one account, nothing due',
    await measure([50, 100, 200, 400], (users) => callsOfYoung({ accounts: 1, users })),
  ],
  ['a key that is due, of 80', await measure([10, 20, 40, 80], (due) => callsOfDue(80, due))],
];
await emulator.stop();

const part = `## Growth

What one more adds to the calls of a run, by a straight line through what was measured. Nothing grows faster than that.
Where nothing is due, the figures are means of four weekly runs.

${table(
  ['one more ...', 'calls', 'measured (how many: calls)', 'farthest from the line'],
  measured.map(([what, points]) => {
    const { slope, deviation } = fitLine(points);
    return [
      what,
      slope.toFixed(2),
      points.map(({ x, y }) => `${x}: ${Math.round(y)}`).join(', '),
      `${(100 * deviation).toFixed(1)} %`,
    ];
  }),
)}`;
process.stdout.write(`${part}\n`);
writePart('growth', part);
