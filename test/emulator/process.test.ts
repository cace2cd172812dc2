import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { startEmulator } from '../support/emulator/emulator.ts';

const source = JSON.stringify(new URL('../support/emulator/emulator.ts', import.meta.url).href);
const begin = `
  const { startEmulator } = await import(${source});
  const emulator = await startEmulator();
  await emulator.seed({ accounts: [{ name: 'app', users: [] }] });
  console.log(emulator.endpoint);`;

const ENDS: readonly (readonly [string, string, NodeJS.Signals?])[] = [
  ['forgets to stop it', ''],
  ['ends in the middle', 'process.exit(0);'],
  ['fails', 'throw new Error("expected");'],
  ['is killed', 'setInterval(() => undefined, 1000);', 'SIGKILL'],
];

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const answers = (endpoint: string) =>
  fetch(`${endpoint}/emulator/clock`).then(
    () => true,
    () => false,
  );

/** Asks the port, not for the process: one without a parent stays in the list until it is collected. */
async function stopsAnswering(endpoint: string): Promise<boolean> {
  const until = performance.now() + 5_000;
  while (performance.now() < until) {
    if (!(await answers(endpoint))) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

describe('emulator: its process', function () {
  it('is gone when it was stopped, which can be asked for twice', async () => {
    const emulator = await startEmulator();
    const { endpoint, pid } = emulator;
    expect([isAlive(pid), await answers(endpoint)]).to.deep.equal([true, true]);
    await emulator.stop();
    expect([isAlive(pid), await answers(endpoint)]).to.deep.equal([false, false]);
    await emulator.stop();
  });

  for (const [title, rest, signal] of ENDS) {
    it(`is gone when the process that started it ${title}`, async () => {
      const parent = spawn(process.execPath, ['--input-type=module', '--eval', begin + rest], {
        stdio: ['ignore', 'pipe', 'ignore'],
        // Nobody's own settings matter to it: a profile that doesn't exist would stop boto3.
        env: { ...process.env, AWS_PROFILE: 'nobody', AWS_REGION: 'nowhere', MOTO_ACCOUNT_ID: '1' },
      });
      const ended = once(parent, 'exit');
      const { value: endpoint } = await createInterface({ input: parent.stdout })
        [Symbol.asyncIterator]()
        .next();
      if (endpoint === undefined) throw new Error('the emulator did not start');
      if (signal !== undefined) parent.kill(signal);
      await ended;
      expect(await stopsAnswering(endpoint)).to.equal(true);
    });
  }
});
