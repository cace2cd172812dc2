/**
 * What a run asks of AWS, and what the way user by user would ask: npm run bench:calls
 *
 * Both go through the same organizations on the same emulator. Writes its part of docs/performance.md, and
 * docs/images/calls.svg. The large organizations take some minutes; npm run bench:calls -- --quick leaves
 * them out, and writes nothing.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startEmulator } from '../test/support/emulator/emulator.ts';
import { callsChart } from './calls-chart.ts';
import { callsPart } from './calls-part.ts';
import { measureMixed, measureSmall, type Measured } from './measure-calls.ts';
import { replacementCalls } from './replacement-calls.ts';
import { writePart } from './write-part.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const MIXED = [
  { accounts: 50, users: 100 },
  { accounts: 200, users: 50 },
];

const emulator = await startEmulator({ quiet: true });
const replacement = await replacementCalls(emulator);
const measured: Measured[] = [...(await measureSmall(emulator))];
if (!values.quick) for (const size of MIXED) measured.push(await measureMixed(emulator, size));
await emulator.stop();

const part = callsPart(measured, replacement);
process.stdout.write(`${part}\n`);
if (!values.quick) {
  mkdirSync('docs/images', { recursive: true });
  writeFileSync('docs/images/calls.svg', callsChart(measured));
  writePart('calls', part);
}
