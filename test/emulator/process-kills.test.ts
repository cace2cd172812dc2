import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { CreateAccessKeyCommand } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import type { ProcessKill } from '../support/emulator/emulator.ts';
import { clientsFor, FIRST_MEMBER, refusalOf, type Clients } from './clients.ts';

const sdk = JSON.stringify(import.meta.resolve('@aws-sdk/client-iam'));

/** Makes a key for ann, one for bob, and a second one for ann; then it lingers. */
const SOURCE = `
  const { CreateAccessKeyCommand, IAMClient } = await import(${sdk});
  if (process.env.NAMELESS === undefined) process.env.AWS_SDK_UA_APP_ID = 'process-' + process.pid;
  const iam = new IAMClient({ maxAttempts: 1 });
  await new Promise((resolve) => process.stdin.once('data', resolve));
  for (const UserName of ['ann', 'bob', 'ann']) await iam.send(new CreateAccessKeyCommand({ UserName }));
  console.log('done');
  setInterval(() => undefined, 1000);`;

describe('emulator: a process kill in the middle of its work', function () {
  const emulator = emulatorForThisFile();
  let admin: Clients;
  let child: ChildProcess;
  const children: ChildProcess[] = [];
  afterEach(() => children.splice(0).forEach((one) => one.kill('SIGKILL')));

  beforeEach(async () => {
    const users = ['ann', 'bob'].map((userName) => ({ userName, keys: [] }));
    await emulator().seed({ accounts: [{ name: 'app', users }] });
    admin = clientsFor(emulator(), await emulator().credentialsFor(FIRST_MEMBER, 'administrator'));
    child = await start();
  });

  async function start(environment: Readonly<Record<string, string>> = {}): Promise<ChildProcess> {
    const own = await emulator().credentialsFor(FIRST_MEMBER, 'administrator');
    const env = {
      PATH: process.env['PATH'],
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL: emulator().endpoint,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: own.accessKeyId,
      AWS_SECRET_ACCESS_KEY: own.secretAccessKey,
      AWS_SESSION_TOKEN: own.sessionToken,
      ...environment,
    };
    const args = ['--input-type=module', '--eval', SOURCE];
    const started = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
    children.push(started);
    return started;
  }
  /** Lets it work, until it has ended or says that it is done. */
  async function work(one = child): Promise<unknown> {
    one.stdin?.write('go\n');
    return Promise.race([
      once(one, 'exit').then(([, signal]): unknown => signal),
      once(one.stdout!, 'data').then(() => 'done'),
    ]);
  }
  const killAt = (
    call: number,
    when: ProcessKill['when'],
    { pid = 0 }: { readonly pid?: number | undefined } = child,
  ) => emulator().killAt({ pid, call, when });
  const keyCounts = async () =>
    (await emulator().snapshot(FIRST_MEMBER))[0]?.users.map(({ keys }) => keys.length);
  const told = async () => (await emulator().calls()).map(({ status, killed }) => [status, killed]);

  for (const [title, call, when, counts] of [
    ['before its first call', 1, 'before', [0, 0]],
    ['after its first call', 1, 'after', [1, 0]],
    ['before its second call', 2, 'before', [1, 0]],
    ['after its third call', 3, 'after', [2, 1]],
  ] as const) {
    it(`comes ${title}`, async () => {
      await killAt(call, when);
      expect(await work()).to.equal('SIGKILL');
      expect(await keyCounts()).to.deep.equal(counts);
      expect(await told()).to.deep.equal([...Array<unknown>(call - 1).fill([200, undefined]), [0, when]]);
    });
  }

  it("doesn't come when the process makes fewer calls", async () => {
    await killAt(4, 'before');
    expect(await work()).to.equal('done');
    expect(await keyCounts()).to.deep.equal([2, 1]);
  });

  it('counts the calls of that process only, and kills no other', async () => {
    const other = await start();
    await killAt(1, 'before', other);
    await refusalOf(admin.iam.send(new CreateAccessKeyCommand({ UserName: 'bob' })));
    expect(await work()).to.equal('done');
    expect(await work(other)).to.equal('SIGKILL');
    expect(await keyCounts()).to.deep.equal([2, 2]);
  });

  it("doesn't kill a process that doesn't send its name", async () => {
    const nameless = await start({ NAMELESS: 'yes' });
    await killAt(1, 'before', nameless);
    expect(await work(nameless)).to.equal('done');
  });

  it('is cleared by a reset', async () => {
    await killAt(1, 'before');
    await emulator().reset();
    expect(await work()).to.equal(null);
  });

  for (const [title, wrong] of [
    ['a process that is not there', { pid: 2 ** 22 - 1 }],
    ['no process', { pid: 0 }],
    ['a whole group of processes', { pid: -1 }],
    ['the process that started the emulator', { pid: process.pid }],
    ['a call that never comes', { call: 0 }],
    ['another moment', { when: 'during' as 'after' }],
  ] as const) {
    it(`is refused for ${title}`, async () => {
      const kill: ProcessKill = { pid: child.pid ?? 0, call: 1, when: 'before', ...wrong };
      expect(await refusalOf(emulator().killAt(kill))).to.equal('Error');
    });
  }

  it('is refused for the emulator itself', async () => {
    expect(await refusalOf(killAt(1, 'before', emulator()))).to.equal('Error');
  });
});
