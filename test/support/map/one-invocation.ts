/**
 * One invocation of a function of the map in a process of its own, which may be ended at any moment. Its event
 * is a line on its input, its answer the last line of its output.
 */
import { createInterface } from 'node:readline';
import { invokeHere } from './handlers.ts';

// What the emulator knows this process by.
process.env['AWS_SDK_UA_APP_ID'] = `process-${process.pid}`;
process.stdout.write('ready\n');

for await (const line of createInterface({ input: process.stdin })) {
  const { name, event } = JSON.parse(line) as { readonly name: string; readonly event: unknown };
  process.stdout.write(`\n${JSON.stringify(await invokeHere(name, event))}\n`);
}
