/**
 * The whole suite: `npx mocha`. Only the files that are named: `npx mocha test/domain/time.test.ts`
 * (mocha by itself would add them to the whole).
 */
import { availableParallelism } from 'node:os';

const named = process.argv.slice(2).some((argument) => argument.includes('.test.ts'));

/** What takes longest is begun first, so that no worker is left alone with it at the end. */
const first = 'crash|faults|scenarios|year';
const apart = 'deploy|privileges'; // npm run test:deploy

export default {
  spec: named
    ? []
    : [`test/@(${first})/**/*.test.ts`, `test/!(${first}|${apart})/**/*.test.ts`, 'test/*.test.ts'],
  // Each worker has an emulator, and the two of them are busy by turns.
  parallel: !named,
  jobs: Math.max(2, availableParallelism()),
  require: ['test/support/install-emulator.ts'],
  forbidOnly: true,
  forbidPending: true,
  failZero: true,
  timeout: 60_000,
  reporter: 'dot',
};
