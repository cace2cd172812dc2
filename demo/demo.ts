import Table from 'cli-table3';
import pc from 'picocolors';
import { main } from '../src/cli/main.ts';
import { dateOf } from '../src/domain/time.ts';
import { startEmulator, type Emulator, type Published } from '../test/support/emulator/emulator.ts';
import { createWorld, type World } from '../test/support/world.ts';
import { ORGANIZATION } from './organization.ts';
import { everyOwner, work, type Owner } from './owners.ts';
import { everyKey, prove } from './proof.ts';
import { applyQuietly, weekInText, type Week } from './weeks.ts';

/* An emulated organization, rotated week after week by the command line that users have. */

const LAST_WEEK = 5;

const say = (text: string) => process.stdout.write(`${text}\n`);
const heading = (text: string) => say(`\n${pc.bold(pc.cyan(`== ${text} ==`))}\n`);

const emulator = await startEmulator();
try {
  process.exitCode = await demonstrate(emulator);
} finally {
  await emulator.stop();
}

async function demonstrate(emulator: Emulator): Promise<number> {
  const world = await createWorld(emulator, ORGANIZATION);
  say(`An AWS organization, emulated on ${emulator.endpoint}. No AWS account is touched.`);
  const owners = await everyOwner(world);
  const keys = await everyKey(world);
  // Nothing is deployed here whose settings would hold.
  const environment = { ...world.environment, ROTATION_FUNCTION_NAME: 'none' };
  const terminal = { ...world, environment, stdout: process.stdout, stderr: process.stderr };
  const enforcing = { ...terminal, environment: { ...environment, ROTATION_MODE: 'enforce' } };

  heading(`$ access-key-rotation plan     (${dateOf(world.clock.now())}: what would be done)`);
  await work(owners, world);
  await main(['plan'], terminal);

  heading(
    `$ ROTATION_MODE=enforce access-key-rotation apply --yes     (${dateOf(world.clock.now())}: week 0)`,
  );
  await main(['apply', '--yes'], enforcing);
  showMail(await emulator.notifications(), 'Payments');

  const weeks: Week[] = [];
  for (let week = 1; week <= LAST_WEEK; week++) {
    await world.pass(7);
    const stopped = await work(owners, world);
    weeks.push({ week, date: dateOf(world.clock.now()), report: await applyQuietly(world), stopped });
    heading(`Week ${week}: a week later, and apply again`);
    say(weekInText(weeks.at(-1) as Week));
  }
  return await showProof(keys, owners, world);
}

function showMail(published: readonly Published[], account: string): void {
  const digest = published.find(({ attributes }) => attributes['accountName'] === account);
  const text = (JSON.parse(digest?.message ?? '{}') as { email?: string }).email ?? '';
  heading(`The e-mail that subscribers of ${account} get`);
  const lines = [`Subject: ${digest?.subject ?? ''}`, '', ...text.split('\n')];
  say(lines.map((line) => `${pc.dim('|')} ${line}`).join('\n'));
}

async function showProof(
  keys: Parameters<typeof prove>[0],
  owners: readonly Owner[],
  world: World,
): Promise<number> {
  heading('The proof, with real signed calls');
  const proof = await prove(keys, world);
  const lockedOut = (await work(owners, world)).filter(({ adopts }) => adopts);
  const table = new Table({ style: { head: [], border: [] } });
  table.push(
    ['Delivered credentials that work', `${proof.deliveredThatWork} of ${proof.delivered}`],
    ['Deleted keys that still work', `${proof.deletedThatWork} of ${proof.deleted}`],
    ['Owners who adopted their new key and were cut off', String(lockedOut.length)],
  );
  say(table.toString());
  const good =
    proof.delivered > 0 &&
    proof.deleted > 0 &&
    proof.deliveredThatWork === proof.delivered &&
    proof.deletedThatWork === 0 &&
    lockedOut.length === 0;
  say(good ? pc.green('As it should be.') : pc.red('This is not as it should be.'));
  return good ? 0 : 1;
}
