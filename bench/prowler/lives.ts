import { organizationAt } from '../../demo/organization.ts';
import { cutOff, everyOwner, work } from '../../demo/owners.ts';
import { main } from '../../src/cli/main.ts';
import { storedRunOf } from '../../src/domain/report/stored-run-of.ts';
import type { StoredRun } from '../../src/domain/report/stored-run.ts';
import type { RunReport } from '../../src/domain/report/run-report.ts';
import { DAY, dateOf, type Instant } from '../../src/domain/time.ts';
import type { Emulator } from '../../test/support/emulator/emulator.ts';
import { fakeTerminal } from '../../test/support/terminal.ts';
import { createWorld, type World } from '../../test/support/world.ts';

/*
 * The organization of the demo, as it is before the first run and as it is after eight weeks of runs. Prowler reads
 * the machine's clock, so both moments are now: the one begins today, the other has begun eight weeks ago.
 */

const WEEKS = 8;
/** Prowler's own: `max_unused_access_keys_days`. The default here is 90. */
export const UNUSED_AFTER_DAYS = 45;
/** An old key in use, which somebody answers for. */
const EXEMPT = { account: 'Payments Test', userName: 'svc-ci' };

/** What the service says of the keys at the moment that Prowler looks. */
export interface Picture {
  readonly world: World;
  readonly run: StoredRun;
}

/** What a first run would do. Nothing is changed. */
export async function beforeTheFirstRun(emulator: Emulator): Promise<Picture> {
  const world = await begin(emulator, Date.now());
  return { world, run: stored(await run(world, 'audit')) };
}

/** A run each week; before it, owners who move take over what their secret holds, and everybody works. */
export async function afterEightWeeks(emulator: Emulator, say: (text: string) => void): Promise<Picture> {
  const world = await begin(emulator, Date.now() - WEEKS * 7 * DAY);
  const owners = await everyOwner(world);
  for (let week = 0; ; week++) {
    await work(owners, world);
    const stopped = (await cutOff(owners, world)).map(({ userName }) => userName);
    const report = await run(world, 'enforce');
    const those = stopped.length > 0 ? `; cut off: ${stopped.join(', ')}` : '';
    say(`  week ${week}, ${dateOf(world.clock.now())}${those}`);
    if (week === WEEKS) return { world, run: stored(report) };
    await world.pass(7);
  }
}

async function begin(emulator: Emulator, at: Instant): Promise<World> {
  const world = await createWorld(emulator, organizationAt(at), at);
  const account = world.organization.accounts.find(({ name }) => name === EXEMPT.account)?.id ?? '';
  const who = ['--account', account, '--user', EXEMPT.userName, '--owner', 'build team'];
  const until = dateOf(at + 300 * DAY);
  const terminal = fakeTerminal(world, { ROTATION_FUNCTION_NAME: 'none' });
  const what = ['settings', 'set', 'exemption', ...who, '--reason', 'vendor rotates it', '--until', until];
  const code = await main([...what, '--yes'], terminal);
  if (code !== 0) throw new Error(`the exemption was not set: ${terminal.printed()}`);
  return world;
}

const run = (world: World, mode: 'audit' | 'enforce'): Promise<RunReport> =>
  world.run({ mode, environment: { ROTATION_UNUSED_AFTER_DAYS: String(UNUSED_AFTER_DAYS) } });

const stored = (report: RunReport): StoredRun => storedRunOf(report, { isWhole: true, quietFiles: 0 });
