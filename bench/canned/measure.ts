/* One run in a process of its own: node bench/canned/measure.ts '<run as JSON>' */
import type { Measured } from './processes.ts';
import { runOnCanned, type CannedRun } from './run.ts';

const result = await runOnCanned(JSON.parse(process.argv[2] ?? '') as CannedRun);
const measured: Measured = { ...result, peak: process.resourceUsage().maxRSS * 1024 };
process.stdout.write(JSON.stringify(measured));
