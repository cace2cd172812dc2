import { inspect } from 'node:util';
import { isClean, type RunReport } from '../../src/domain/report/run-report.ts';
import type { Call, Emulator } from '../support/emulator/emulator.ts';
import { worldWithEveryAction } from '../support/every-action.ts';
import { leaksIn } from '../support/leaks.ts';
import { brokenPromises, lookAround, outlineOf, type Found, type Outline } from '../support/promises.ts';
import { REQUEST_TIMEOUT, type Cell, type Trouble } from './faults.ts';
import { reportOf, run, runLater } from './run.ts';
import { failuresIn, othersDisturbed, sameAs, unsaid, untruths } from './said.ts';

const MOST_RUNS = 2;

/** What there was, without any fault. */
export interface Undisturbed {
  readonly before: Found;
  readonly report: RunReport;
  /** Every action that it called. */
  readonly actions: ReadonlySet<string>;
  readonly after: Outline;
  /** After the runs that follow it. */
  readonly settled: Outline;
}

export interface Result {
  /** reported: something failed, and the report says so. overcome: the run ended as without the fault. */
  readonly verdict: 'overcome' | 'reported' | 'WRONG';
  /** Runs after it until all was as without the fault. */
  readonly runs: number;
  readonly seconds: number;
  readonly problems: readonly string[];
  /** The calls that had the fault. */
  readonly faulted: number;
}

export async function undisturbed(emulator: Emulator): Promise<Undisturbed> {
  const world = await worldWithEveryAction(emulator);
  const before = await lookAround(world);
  await emulator.forgetCalls();
  const report = reportOf(await run(world));
  const actions = new Set((await emulator.calls()).map(({ action }) => action));
  const after = outlineOf(await lookAround(world));
  for (let count = 0; count < MOST_RUNS; count++) await runLater(world);
  return { before, report, actions, after, settled: outlineOf(await lookAround(world)) };
}

export async function disturbed(
  { target, trouble }: Cell,
  calm: Undisturbed,
  emulator: Emulator,
): Promise<Result> {
  const startedAt = performance.now();
  const world = await worldWithEveryAction(emulator);
  await emulator.inject({ ...target.at, ...trouble.how });
  const ending = await run(world, trouble.how.kind === 'delay' ? { requestTimeout: REQUEST_TIMEOUT } : {});
  const faulted = await faultedCalls(emulator, trouble);
  await emulator.clearFaults();
  const found = await lookAround(world);
  const outline = outlineOf(found);

  const problems = [
    ...(faulted.length === 0 ? ['no call suffered the fault'] : []),
    ...brokenPromises(calm.before, found),
    ...untruths(ending, found),
    ...othersDisturbed(target.about, ending, outline, calm),
    ...(await leaks([inspect(ending, { depth: Infinity }), JSON.stringify(found.rows)], emulator)),
  ];
  const same = sameAs(ending, calm.report);
  if (!same) problems.push(...unsaid(target, ending));

  const isAsUndisturbed = same && differencesOf(outline, calm.after).length === 0;
  // Until all is as undisturbed; runs beyond that would only repeat what the undisturbed world does.
  let runs = isAsUndisturbed ? 0 : MOST_RUNS;
  let differences: readonly string[] = [];
  for (let count = 1; count <= MOST_RUNS; count++) {
    const later = await runLater(world);
    const settled = await lookAround(world);
    problems.push(...brokenPromises(calm.before, settled).map((one) => `after ${count} more: ${one}`));
    differences = differencesOf(outlineOf(settled, target.leaves), calm.settled).filter(
      (one) => !(target.waits?.after === trouble.title && one.startsWith(`${target.waits.who} `)),
    );
    if (differences.length === 0 && isClean(later)) {
      runs = Math.min(runs, count);
      break;
    }
    if (count === MOST_RUNS && !isClean(later)) {
      problems.push(`run ${count + 1} is not clean: ${failuresIn(later)}`);
    }
  }
  problems.push(...differences.map((one) => `in the end: ${one}`));
  return {
    verdict: problems.length > 0 ? 'WRONG' : same ? 'overcome' : 'reported',
    runs,
    seconds: (performance.now() - startedAt) / 1000,
    problems,
    faulted: faulted.length,
  };
}

/** Where one of the secrets is that IAM has created. */
export async function leaks(said: readonly string[], emulator: Emulator): Promise<readonly string[]> {
  const events = JSON.stringify(await emulator.events());
  const texts = [...said, events].map((text) => [text.slice(0, 200), text] as const);
  return leaksIn(texts, await emulator.secretsHandedOut()).map((where) => `a secret is in ${where}`);
}

/** Waits for those that have their effect when nobody waits for their answer any more. */
async function faultedCalls(emulator: Emulator, { how }: Trouble): Promise<readonly Call[]> {
  for (let waited = 0; ; waited += 50) {
    const faulted = (await emulator.calls()).filter((call) => call.faulted === true);
    if (how.kind !== 'delay' || faulted.every(({ status }) => status !== 0)) return faulted;
    if (waited > 10 * REQUEST_TIMEOUT) throw new Error('a call that was held up never came to its end');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function differencesOf(one: Outline, other: Outline): readonly string[] {
  const names = [...new Set([...one.keys(), ...other.keys()])].sort();
  return names.flatMap((name) => {
    const [is, was] = [one, other].map((outline) => (outline.get(name) ?? ['nothing']).join('; '));
    return is === was ? [] : [`${name} is ${is}, not ${was}`];
  });
}
