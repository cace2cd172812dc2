import { expect } from 'chai';
import pLimit from 'p-limit';
import { startEmulator } from '../support/emulator/emulator.ts';
import { cellsOf, TROUBLES } from './faults.ts';
import { disturbed, undisturbed, type Result } from './matrix.ts';
import { TARGETS } from './targets.ts';

/*
 * Every action of a run, each with every fault: npm run test:faults. FAULTS narrows it to what its
 * regular expression finds in the title of an action or a fault.
 */

const WORKERS = 2;
const wanted = new RegExp(process.env['FAULTS'] ?? '.');

describe('Every fault of every action', function () {
  this.timeout(5_400_000);

  it('breaks no promise, disturbs nobody else, and is in the report', async () => {
    const cells = cellsOf(TARGETS, TROUBLES).filter(({ target, trouble }) =>
      wanted.test(`${target.at.action} ${target.title} | ${trouble.title}`),
    );
    const free = await Promise.all(Array.from({ length: WORKERS }, () => startEmulator({ quiet: true })));
    const emulators = [...free];
    const [first] = emulators;
    if (first === undefined) throw new Error('there is no emulator');
    const calm = await undisturbed(first);
    const wrong: string[] = [];
    await pLimit(WORKERS).map(cells, async ({ target, trouble }) => {
      const emulator = free.pop();
      if (emulator === undefined) throw new Error('there are as many emulators as workers');
      const title = `${target.at.action} ${target.title} | ${trouble.title}`;
      const result = await disturbed({ target, trouble }, calm, emulator);
      free.push(emulator);
      process.stdout.write(`${inWords(result)} | ${title}\n`);
      if (result.verdict === 'WRONG') wrong.push(`${title}: ${result.problems.join('; ')}`);
    });
    await Promise.all(emulators.map((emulator) => emulator.stop()));
    expect(wrong).to.deep.equal([]);
  });
});

const inWords = ({ verdict, runs, seconds }: Result): string =>
  `${verdict.padEnd(8)} ${runs} more runs ${seconds.toFixed(1).padStart(5)} s`;
