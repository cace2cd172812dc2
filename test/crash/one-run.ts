/**
 * One run in a process of its own, which may be ended at any moment. Says that it is ready when
 * everything is loaded, and waits for a line with its order.
 */
import { createInterface } from 'node:readline';
import { compose, runMemory } from '../../src/compose/run.ts';
import { readRequest } from '../../src/config/request.ts';
import { readSettings } from '../../src/config/settings.ts';
import { deferredIn } from '../../src/run/rotation/deferred.ts';
import { rotateOrganization } from '../../src/run/rotation/rotate-organization.ts';
import type { Order } from './run-process.ts';

// What the emulator knows this process by.
process.env['AWS_SDK_UA_APP_ID'] = `process-${process.pid}`;
process.stdout.write('ready\n');

for await (const line of createInterface({ input: process.stdin })) {
  const { endpoint, region, credentials, ahead, environment, mode } = JSON.parse(line) as Order;
  const aws = { region, endpoint, credentials: () => Promise.resolve(credentials) };
  const settings = readSettings({ ROTATION_MODE: mode, ...environment }, mode);
  // As the function does around every run.
  const memory = runMemory(settings, aws);
  const run = compose(settings, readRequest({ mode }), {
    ...aws,
    deferred: (await memory?.read())?.deferred ?? [],
    clock: {
      now: () => Date.now() + ahead,
      sleep: (duration) => new Promise((resolve) => setTimeout(resolve, duration)),
    },
    publish: true,
  });
  const report = await rotateOrganization(run);
  await memory?.change(run.runId, ({ deferred }) => ({
    unreachable: [],
    deferred: deferredIn(report.accounts, deferred),
    surveyed: new Map(),
    runs: 0,
  }));
}
