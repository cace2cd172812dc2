#!/usr/bin/env node
import { endOnSignals } from './cli/input/signals.ts';
import { main } from './cli/main.ts';

// Whoever reads only the first lines (`| head`) has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await main(process.argv.slice(2), {
  environment: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  onStop: endOnSignals(process),
});
