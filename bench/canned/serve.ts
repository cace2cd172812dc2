/* The server in a process of its own: node bench/canned/serve.ts '<seed as JSON>'. Ends with its parent. */
import type { CannedSeed } from './organization.ts';
import { startCannedAws } from './server.ts';

const { endpoint } = await startCannedAws(JSON.parse(process.argv[2] ?? '') as CannedSeed);
process.stdout.write(`${endpoint}\n`);
process.stdin.resume().on('end', () => process.exit());
