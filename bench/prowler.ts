/**
 * What another tool says of the keys, before the first run and after eight weeks of runs: npm run bench:prowler
 *
 * Makes an environment with Prowler in .prowler-venv the first time, which needs a package index and some minutes.
 * Then nothing but the emulator is asked. Writes docs/compared.md; fails if the two disagree without a reason, if a
 * key that is neither blocked nor exempt nor under way fails after the eight weeks, or if the models of Prowler's own
 * findings don't take ours (report --ocsf).
 */
import pLimit from 'p-limit';
import { ocsfLines } from '../src/report/ocsf/detection-finding.ts';
import { startEmulator, type Emulator } from '../test/support/emulator/emulator.ts';
import { compare, type Compared, type PlacedKey } from './prowler/compare.ts';
import { installProwler, PYTHON, pythonVersion, VERSION } from './prowler/environment.ts';
import { afterEightWeeks, beforeTheFirstRun, type Picture } from './prowler/lives.ts';
import { comparedPart, type Looked } from './prowler/part.ts';
import { readOcsf } from './prowler/read-ocsf.ts';
import { scan } from './prowler/scan.ts';
import { writePart } from './write-part.ts';

/** Each is a process that takes a core. */
const AT_ONCE = 2;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const prowler = await installProwler(say);
// Prowler also asks what the emulator lacks and these checks don't need; each such call would be told.
const emulator = await startEmulator({ quiet: true });
try {
  say('Before the first run');
  const before = await look(emulator, await beforeTheFirstRun(emulator));
  say('After eight weeks');
  const after = await look(emulator, await afterEightWeeks(emulator, say));
  const part = comparedPart(before, after, { prowler: VERSION, python: await pythonVersion() });
  say(`\n${part}`);
  writePart('prowler', part, 'compared.md');
  const unexplained = [before, after].flatMap(({ compared }) => compared.filter(isUnexplained));
  for (const { check, accountName, userName, because } of unexplained) {
    say(`Not explained: ${check}, ${userName} in ${accountName}: ${because.text}`);
  }
  say(`Valid OCSF: ${before.ocsf.valid} findings before, ${after.ocsf.valid} after`);
  const refused = [before, after].flatMap(({ ocsf }) => ocsf.refused);
  for (const one of refused) say(`Not valid OCSF: ${one}`);
  if (unexplained.length + refused.length > 0) process.exitCode = 1;
} finally {
  await emulator.stop();
}

function isUnexplained({ because }: Compared): boolean {
  return because.kind === 'unexplained';
}

async function look(emulator: Emulator, { run, world }: Picture): Promise<Looked> {
  // AWS lets nobody into a suspended account.
  const accounts = run.accounts.filter(({ status }) => status !== 'skipped');
  const found = await pLimit(AT_ONCE).map(accounts, async ({ id, name }) => {
    const ofAccount = await scan(prowler, emulator, id);
    say(`  ${name}: ${ofAccount.length} results`);
    return ofAccount;
  });
  const results = found.flat();
  const placed = (await emulator.snapshot()).flatMap(({ accountId, users }) =>
    users.flatMap(({ userName, keys }) =>
      keys.map(({ id }, index): PlacedKey => ({ accountId, userName, keyId: id, slot: index === 0 ? 1 : 2 })),
    ),
  );
  return {
    at: world.clock.now(),
    results,
    compared: compare(results, run, placed),
    accounts: accounts.length,
    ocsf: readOcsf(PYTHON, ocsfLines(run)),
  };
}
