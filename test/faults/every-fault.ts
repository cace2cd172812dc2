import { expect } from 'chai';
import pLimit from 'p-limit';
import { startEmulator, type Emulator } from '../support/emulator/emulator.ts';
import {
  disturbedCommand,
  FAULTS_OF_COMMANDS,
  undisturbedCommand,
  type UndisturbedCommand,
} from './command-matrix.ts';
import { COMMANDS } from './commands.ts';
import { cellsOf, TROUBLES } from './faults.ts';
import { disturbed, undisturbed, type Result } from './matrix.ts';
import { inFigures, inWords, type Row } from './table.ts';
import { TARGETS } from './targets.ts';

/*
 * Every action of a run, each with every fault, and every call of the on-demand commands, each
 * with some: npm run test:faults. FAULTS narrows it to what its regular expression finds in the title
 * of a call or a fault.
 */

/** Most of the time they wait for what comes too late, or for a second try. */
const WORKERS = 4;
const wanted = new RegExp(process.env['FAULTS'] ?? '.');

interface Cell extends Omit<Row, 'result'> {
  readonly disturb: (emulator: Emulator) => Promise<Result>;
}

describe('Every fault of every action', function () {
  it('breaks no promise, disturbs nobody else, and is in the report', async () => {
    const emulator = await startEmulator({ quiet: true }); // it may have to be installed
    const calm = await undisturbed(emulator);
    const ofRuns = cellsOf(TARGETS, TROUBLES).map((cell): Cell => ({
      title: `${cell.target.at.action} ${cell.target.title}`,
      fault: cell.trouble.title,
      disturb: (free) => disturbed(cell, calm, free),
    }));
    const commands: UndisturbedCommand[] = [];
    for (const command of COMMANDS) commands.push(await undisturbedCommand(command, emulator));
    const ofCommands = commands.flatMap((command) =>
      command.calls.flatMap((call) =>
        FAULTS_OF_COMMANDS.map((trouble): Cell => ({
          title: `${command.command.args[0]}: ${call.action} ${call.nth + 1}`,
          fault: `${trouble.title}, by hand`,
          disturb: (free) => disturbedCommand(command, call, trouble, free),
        })),
      ),
    );
    const cells = [...ofRuns, ...ofCommands].filter(({ title, fault }) => wanted.test(`${title} | ${fault}`));

    await emulator.stop();

    const startedAt = performance.now();
    const rows = await inTurn(cells);
    process.stdout.write(`\n${inFigures(rows, performance.now() - startedAt)}\n`);
    const wrong = rows.filter(({ result }) => result.verdict === 'WRONG');
    expect(
      wrong.map(({ title, fault, result }) => `${title} | ${fault}: ${result.problems.join('; ')}`),
    ).to.deep.equal([]);
  });
});

/** Clients that nobody closes keep their connections as long as the emulator lives, and files run out. */
const CELLS_OF_AN_EMULATOR = 40;

async function inTurn(cells: readonly Cell[]): Promise<readonly Row[]> {
  const free: { readonly emulator: Emulator; readonly used: number }[] = [];
  const rows = await pLimit(WORKERS).map([...cells], async ({ disturb, ...cell }): Promise<Row> => {
    const { emulator, used } = free.pop() ?? { emulator: await startEmulator({ quiet: true }), used: 0 };
    const row = { ...cell, result: await disturb(emulator) };
    process.stdout.write(`${inWords(row)}\n`);
    if (used + 1 < CELLS_OF_AN_EMULATOR) free.push({ emulator, used: used + 1 });
    else await emulator.stop();
    return row;
  });
  await Promise.all(free.map(({ emulator }) => emulator.stop()));
  return rows;
}
