import { appendFileSync, writeFileSync } from 'node:fs';
import pLimit from 'p-limit';
import { startEmulator } from '../support/emulator/emulator.ts';
import { cellsOf, TROUBLES } from './faults.ts';
import { disturbed, undisturbed } from './matrix.ts';
import { TARGETS } from './targets.ts';

describe('probe', function () {
  this.timeout(3_000_000);
  it('runs', async () => {
    const t = new RegExp(process.env['T'] ?? '.');
    const f = new RegExp(process.env['F'] ?? '.');
    const cells = cellsOf(TARGETS, TROUBLES).filter(
      ({ target, trouble }) => t.test(`${target.title} ${target.at.action}`) && f.test(trouble.title),
    );
    const n = Number(process.env['N'] ?? 2);
    console.log(cells.length, 'cells');
    const emulators = await Promise.all(Array.from({ length: n }, () => startEmulator({ quiet: true })));
    const calm = await undisturbed(emulators[0]!);
    const free = [...emulators];
    const out = process.env['OUT'] ?? '/tmp/w/out.txt';
    writeFileSync(out, '');
    const limit = pLimit(n);
    const begun = performance.now();
    await limit.map([...cells], async (cell) => {
      const emulator = free.pop()!;
      let line = '';
      try {
        const r = await disturbed(cell, calm, emulator);
        line = `${r.verdict} ${r.runs} ${r.seconds.toFixed(1)}s (${r.faulted}) | ${cell.target.at.action} ${cell.target.title} | ${cell.trouble.title}${r.problems.map((p) => `\n      - ${p}`).join('')}`;
      } catch (e) {
        line = `THROWN | ${cell.target.at.action} ${cell.target.title} | ${cell.trouble.title} ${(e as Error).stack}`;
      } finally {
        free.push(emulator);
      }
      appendFileSync(out, line + '\n');
    });
    console.log('seconds', (performance.now() - begun) / 1000);
    await Promise.all(emulators.map((e) => e.stop()));
  });
});
