import { isClean } from '../../src/domain/report/run-report.ts';
import { DAY, MINUTE } from '../../src/domain/time.ts';
import type { Call, ProcessKill, Emulator } from '../support/emulator/emulator.ts';
import type { World } from '../support/world.ts';
import { historyIn, inLines, lookAt, type Found } from './found.ts';
import { orderIn, prepareRun, type RunProcess } from './run-process.ts';
import { brokenInTheEnd, brokenNow, unreported } from './promises.ts';
import { ACCOUNTS, beginWith, ONE_BY_ONE } from './scenario.ts';

/** A moment at which a run is killed: before a call has its effect, or after it. */
export interface Point extends Omit<ProcessKill, 'pid'> {
  /** What it is doing there. */
  readonly doing: string;
}

/** The undisturbed run, and the runs after it. */
export interface Undisturbed {
  readonly points: readonly Point[];
  readonly end: Found;
  /** Promises that are broken even then. */
  readonly broken: readonly string[];
}

export interface Verdict {
  readonly point: Point;
  /** How many more runs it took. */
  readonly runs: number;
  /** Empty when every promise was kept. */
  readonly broken: readonly string[];
  /** What was done and is in no digest. */
  readonly unreported: readonly string[];
}

/** A lease lasts ten minutes. */
const LATER = 15 * MINUTE;
const MOST_RUNS = 2;

export async function undisturbed(emulator: Emulator): Promise<Undisturbed> {
  const world = await beginWith(emulator);
  await emulator.forgetCalls();
  const run = await prepareRun();
  const ended = await run.go(orderIn(world, ONE_BY_ONE));
  const calls = await emulator.calls();
  const first = await lookAt(world);
  const reports = [await runLater(world), await runLater(world)];
  const end = await lookAt(world);
  return {
    points: pointsOf(calls),
    end,
    broken: [
      ...(ended === 'finished' && reports.every(isClean) ? [] : ['a run did not end well']),
      ...difference(inLines(end), inLines(first)),
      ...(await brokenInTheEnd(end, world)),
      ...(await unreported(end, world)),
    ],
  };
}

/**
 * One for each state that a killed run can leave. It keeps nothing but in AWS, so that dying between two
 * calls, or around a call that only reads, leaves what dying right after the last change leaves.
 */
function pointsOf(calls: readonly Call[]): readonly Point[] {
  const at = (call: Call, when: Point['when']): Point => ({ call: call.seq, when, doing: inWords(call) });
  const [first] = calls;
  return [
    ...(first === undefined ? [] : [at(first, 'before')]),
    ...calls.filter(({ action }) => changes(action)).map((call) => at(call, 'after')),
  ];
}

/** The key that asks who it is has been used from then on. */
const changes = (action: string): boolean =>
  action === 'sts:GetCallerIdentity' || !/:(Describe|Get|List|Query|BatchGet|AssumeRole)/.test(action);

async function runLater(world: World) {
  await world.pass(LATER / DAY);
  return await world.run({ environment: ONE_BY_ONE });
}

/** Kills a run at a point, and lets others follow. */
async function dieAt(
  point: Point,
  run: RunProcess,
  { end }: Undisturbed,
  emulator: Emulator,
): Promise<Verdict> {
  const world = await beginWith(emulator);
  await emulator.forgetCalls();
  await emulator.killAt({ pid: run.pid, call: point.call, when: point.when });
  const ended = await run.go(orderIn(world, ONE_BY_ONE));
  const died = (await emulator.calls()).find(({ killed }) => killed !== undefined);
  if (ended !== 'SIGKILL' || died === undefined || inWords(died) !== point.doing) {
    const where = died === undefined ? 'nowhere' : inWords(died);
    const broken = [`the run died ${where}: its calls are not always the same`];
    return { point, runs: 0, broken, unreported: [] };
  }
  const atOnce = brokenNow(await lookAt(world)).map((promise) => `at once: ${promise}`);
  for (let runs = 1; ; runs++) {
    const report = await runLater(world);
    const found = await lookAt(world);
    const broken = [
      ...(isClean(report) ? [] : ['the run does not end well']),
      ...difference(
        inLines(end),
        inLines(found).filter((line) => !MAY_STAY.test(line)),
      ),
      ...historyIn(end)
        .filter((line) => !historyIn(found).includes(line))
        .map((line) => `not in the history: ${line}`),
      ...(await brokenInTheEnd(found, world)),
    ];
    if (broken.length > 0 && runs < MOST_RUNS) continue;
    return { point, runs, broken: [...atOnce, ...broken], unreported: await unreported(found, world) };
  }
}

/** All points, one after the other on each emulator. The next process starts meanwhile. */
export async function dieAtEach(
  points: readonly Point[],
  whole: Undisturbed,
  emulators: readonly Emulator[],
): Promise<readonly Verdict[]> {
  const verdicts = new Map<Point, Verdict>();
  const left = [...points];
  await Promise.all(
    emulators.map(async (emulator) => {
      let next = prepareRun();
      try {
        for (let point = left.shift(); point !== undefined; point = left.shift()) {
          const run = await next;
          next = prepareRun();
          verdicts.set(point, await dieAt(point, run, whole, emulator));
        }
      } finally {
        (await next).stop();
      }
    }),
  );
  return points.flatMap((point) => verdicts.get(point) ?? []);
}

const difference = (expected: readonly string[], found: readonly string[]): readonly string[] => [
  ...expected.filter((line) => !found.includes(line)).map((line) => `missing: ${line}`),
  ...found.filter((line) => !expected.includes(line)).map((line) => `too much: ${line}`),
];

/** An acceptance that the killed run used: it lets nothing pass but the keys it names, and ends by itself. */
const MAY_STAY = /: accepted#/;

/** `iam:CreateAccessKey app new-secret` */
function inWords({ action, accountId, params }: Call): string {
  const { UserName, SecretId, Name, RoleArn, AccessKeyId, pk, sk } = params;
  const [what = ''] = (UserName ?? SecretId ?? Name ?? RoleArn ?? AccessKeyId ?? sk ?? pk ?? '').split(',');
  const where = ACCOUNTS.find(({ id }) => id === accountId)?.name ?? 'service';
  return [action, where, what].join(' ').trim();
}
