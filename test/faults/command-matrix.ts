import { isClean } from '../../src/domain/report/run-report.ts';
import type { JsonReport } from '../../src/report/data/json-report.ts';
import { run as runCommand, type Ended } from '../cli/terminal.ts';
import type { Emulator } from '../support/emulator/emulator.ts';
import { brokenPromises, lookAround, outlineOf, type Found, type Outline } from '../support/promises.ts';
import type { World } from '../support/world.ts';
import type { Command } from './commands.ts';
import { TROUBLES, type Trouble } from './faults.ts';
import { differencesOf, leaks, type Result } from './matrix.ts';
import { hurried, runLater } from './run.ts';
import { failuresIn, sayingsOf, withoutNotice } from './said.ts';

/** A call of a command: the nth of its action. */
export interface CallOf {
  readonly action: string;
  readonly nth: number;
}

export interface UndisturbedCommand {
  readonly command: Command;
  readonly calls: readonly CallOf[];
  readonly before: Found;
  /** After the run that follows it. */
  readonly settled: Outline;
}

/** The call has no effect, or it has one and the answer is lost. */
export const FAULTS_OF_COMMANDS = TROUBLES.filter(({ title }) =>
  ['denied', 'cut off for ever, after the effect'].includes(title),
);

const ask = ({ args }: Command, world: World): Promise<Ended> =>
  runCommand(args, { ...world, aws: hurried(world) });

export async function undisturbedCommand(command: Command, emulator: Emulator): Promise<UndisturbedCommand> {
  const world = await command.world(emulator);
  const before = await lookAround(world);
  await emulator.forgetCalls();
  const { code, stderr } = await ask(command, world);
  if (code !== 0) throw new Error(`${command.args.join(' ')} does not even work undisturbed: ${stderr}`);
  const actions = (await emulator.calls()).map(({ action }) => action);
  await runLater(world);
  return {
    command,
    calls: actions.map((action, index) => ({
      action,
      nth: actions.slice(0, index).filter((one) => one === action).length,
    })),
    before,
    settled: withoutNotices(outlineOf(await lookAround(world))),
  };
}

/** From this call on, every call of this action fails. */
export async function disturbedCommand(
  { command, before, settled }: UndisturbedCommand,
  { action, nth }: CallOf,
  { how }: Trouble,
  emulator: Emulator,
): Promise<Result> {
  const startedAt = performance.now();
  const world = await command.world(emulator);
  await emulator.forgetCalls();
  await emulator.inject({ action, skip: nth, ...how });
  const ended = await ask(command, world);
  const faulted = (await emulator.calls()).filter((call) => call.faulted === true);
  await emulator.clearFaults();

  const problems = [
    ...(faulted.length === 0 ? ['no call suffered the fault'] : []),
    ...brokenPromises(before, await lookAround(world)),
    ...(ended.code === 0 ? [] : unsaid(action, ended)),
    ...(await leaks([ended.stdout, ended.stderr], emulator)),
  ];
  // After a failure people try again, once the lease of the first attempt has expired.
  await world.pass(1 / 24);
  const again = ended.code === 0 ? ended : await ask(command, world);
  // 2: it was done the first time.
  if (again.code === 1) problems.push(`the second time: ${again.stdout}${again.stderr}`);
  const later = await runLater(world);
  const found = await lookAround(world);
  if (!isClean(later)) problems.push(`the next run is not clean: ${failuresIn(later)}`);
  problems.push(...brokenPromises(before, found).map((one) => `in the end: ${one}`));
  problems.push(
    ...differencesOf(withoutNotices(outlineOf(found)), settled).map((one) => `in the end: ${one}`),
  );
  return {
    verdict: problems.length > 0 ? 'WRONG' : ended.code === 0 ? 'overcome' : 'reported',
    runs: ended.code === 0 ? 0 : 1,
    seconds: (performance.now() - startedAt) / 1000,
    problems,
    faulted: faulted.length,
  };
}

/** A command that failed may have announced what would happen to the key. */
const withoutNotices = (outline: Outline): Outline =>
  new Map([...outline].map(([name, lines]) => [name, lines.map(withoutNotice)]));

/** What should be said about the failure, in the report or instead of it, and isn't. */
function unsaid(action: string, { code, stdout, stderr }: Ended): readonly string[] {
  if (code !== 1) return [`it ends with ${code}: ${stderr}`];
  if (stdout === '') {
    return stderr.includes(action) && /Next step: \S/.test(stderr) ? [] : [`it says ${stderr}`];
  }
  const sayings = sayingsOf(JSON.parse(stdout) as JsonReport);
  const isSaid = sayings.some(
    ({ accountId, text, nextStep }) =>
      accountId !== undefined && text.includes(action) && nextStep !== undefined && nextStep !== '',
  );
  return isSaid ? [] : [`no failure names ${action}: ${sayings.map(({ text }) => text).join(' | ')}`];
}
