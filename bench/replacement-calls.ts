/**
 * How many calls replacements cost, by action: whole runs in which every key is due, for the first time and
 * the next time, and what one more user adds to them.
 *
 *   node bench/replacement-calls.ts --accounts 3 --users 20
 */
import { parseArgs } from 'node:util';
import { startEmulator } from '../test/support/emulator/emulator.ts';
import {
  callsOfReplacements,
  differenceBetween,
  sumOf,
  type CallsByAction,
} from '../test/support/replacement-calls.ts';

const { values } = parseArgs({
  options: { accounts: { type: 'string', default: '3' }, users: { type: 'string', default: '20' } },
});
const [accounts, users] = [Number(values.accounts), Number(values.users)];

const emulator = await startEmulator({ quiet: true });
const whole = await callsOfReplacements(emulator, { accounts, users });
const one = await callsOfReplacements(emulator, { accounts: 1, users: 1 });
const two = await callsOfReplacements(emulator, { accounts: 1, users: 2 });
await emulator.stop();

const columns: readonly (readonly [string, CallsByAction])[] = [
  [`${accounts} x ${users}, first`, whole.first],
  [`${accounts} x ${users}, next`, whole.next],
  ['one more, first', differenceBetween(two.first, one.first)],
  ['one more, next', differenceBetween(two.next, one.next)],
];
const actions = [...new Set(columns.flatMap(([, calls]) => Object.keys(calls)))].toSorted();
const line = (...cells: readonly (string | number)[]) =>
  process.stdout.write(
    `${cells.map((cell, at) => (at === 0 ? String(cell).padEnd(44) : String(cell).padStart(17))).join('')}\n`,
  );
line('calls', ...columns.map(([title]) => title));
for (const action of actions) line(action, ...columns.map(([, calls]) => calls[action] ?? 0));
line('all', ...columns.map(([, calls]) => sumOf(calls)));
