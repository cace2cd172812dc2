import { expect } from 'chai';
import { DAY } from '../../../src/domain/time.ts';
import { createWorld, emulatorForThisFile, START, userWithKey, type World } from '../../support/world.ts';
import { run } from '../terminal.ts';

const ACCOUNT = '111111111101';
const ENFORCE = { environment: { ROTATION_MODE: 'enforce' } };

interface Status {
  readonly keys: readonly {
    readonly userName: string;
    readonly accessKeyId: string;
    readonly status: string;
    readonly lastUsedAt?: string | null;
    readonly action: string;
    readonly reason?: string;
    readonly notice?: { readonly date: string };
  }[];
}

describe('status', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  before(async () => {
    world = await createWorld(emulator(), {
      accounts: [
        {
          name: 'app',
          users: [
            userWithKey('due', { age: 65, usedAgo: 1, id: 'AKIADUE0000000000001' }),
            userWithKey('young', { age: 5, usedAgo: 2, id: 'AKIAYOUNG00000000001' }),
            {
              userName: 'off',
              keys: [{ id: 'AKIAOFF0000000000001', createdAt: START - 99 * DAY, status: 'Inactive' }],
            },
          ],
        },
      ],
    });
    await world.run();
    await emulator().forgetCalls();
  });

  it('shows every key, what is known of it, and what comes next; changes nothing', async () => {
    const before = await emulator().snapshot();
    const { code, stdout, stderr } = await run(['status', '--account', ACCOUNT], world, { columns: 160 });
    expect(code, stderr).to.equal(0);
    for (const part of ['AKIADUE0000000000001', 'AKIAYOUNG00000000001', 'AKIAOFF0000000000001']) {
      expect(stdout).to.include(part);
    }
    expect(await emulator().snapshot()).to.deep.equal(before);
    const reading = /^(\w+:(Get|List|Describe)\w+|dynamodb:Query|sts:AssumeRole)$/;
    const called = (await emulator().calls()).map(({ action }) => action);
    expect(called.filter((action) => !reading.test(action))).to.deep.equal([]);
  });

  it('is the same as JSON, of one user if that is asked', async () => {
    const { stdout } = await run(['status', '--account', ACCOUNT, '--user', 'due', '--json'], world);
    const { keys } = JSON.parse(stdout) as Status;
    expect(keys.map(({ userName, status }) => `${userName} ${status}`)).to.deep.equal([
      'due active',
      'due active',
    ]);
    const old = keys.find(({ accessKeyId }) => accessKeyId === 'AKIADUE0000000000001');
    expect(old).to.include({ action: 'wait', reason: 'not-adopted' });
    expect(old?.notice?.date).to.match(/^2026-01-2/);
  });

  it('reads also the last uses that make no difference', async () => {
    const { stdout } = await run(['status', '--account', ACCOUNT, '--user', 'young', '--json'], world);
    const [key] = (JSON.parse(stdout) as Status).keys;
    expect(JSON.stringify(key)).to.include(new Date(START - 2 * DAY).toISOString().slice(0, 10));
  });

  it('ends with 1 when a user could not be read', async () => {
    await emulator().inject({
      action: 'iam:ListAccessKeys',
      match: { UserName: 'off' },
      kind: 'error',
      code: 'AccessDenied',
    });
    const { code, stdout } = await run(['status', '--account', ACCOUNT], world);
    await emulator().clearFaults();
    expect(code).to.equal(1);
    expect(stdout).to.include('off');
  });
});

describe('accept', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  const users = Array.from({ length: 8 }, (_, index) =>
    userWithKey(`idle-${index}`, { age: 200, usedAgo: 120 }),
  );
  const off = async () =>
    (await emulator().snapshot(ACCOUNT))
      .flatMap((account) => account.users.flatMap(({ keys }) => keys))
      .filter(({ status }) => status === 'Inactive').length;
  const accept = (...more: readonly string[]) => [
    'accept',
    ...['--account', ACCOUNT, '--limit', 'deactivations', '--reason', 'they moved to roles'],
    ...more,
  ];

  beforeEach(async () => {
    world = await createWorld(emulator(), { accounts: [{ name: 'app', users }] });
    await world.run();
    await world.pass(11);
    await world.run();
    expect(await off(), 'over the limit of 5').to.equal(0);
  });

  it('lets the next run pass the limit, once', async () => {
    const { code, stdout, stderr } = await run(accept('--yes', '--json'), world, ENFORCE);
    expect(code, stderr).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal({
      schemaVersion: 1,
      accountId: ACCOUNT,
      limit: 'deactivations',
      accepted: true,
      count: 8,
    });
    expect(stderr).to.include('idle-7').and.include('the limit is 5');
    expect(await off()).to.equal(0);
    await world.run();
    expect(await off()).to.equal(8);
    const { stdout: history } = await run(['history', '--account', ACCOUNT, '--json'], world);
    const { entries } = JSON.parse(history) as { entries: readonly Record<string, string>[] };
    const about = entries
      .filter(({ what }) => what?.startsWith('limit-'))
      .map(({ what, message }) => [what, message]);
    expect(about).to.have.length(2);
    expect(about.map(([what]) => what)).to.deep.equal(['limit-passed', 'limit-accepted']);
    for (const [, message] of about) expect(message).to.include('they moved to roles');
  });

  it('says so when there is nothing to accept', async () => {
    const { code, stdout } = await run(
      ['accept', '--account', ACCOUNT, '--limit', 'deletions', '--reason', 'why not', '--yes'],
      world,
      ENFORCE,
    );
    expect(code).to.equal(0);
    expect(stdout).to.include('Nothing to accept');
    await world.run();
    expect(await off()).to.equal(0);
  });

  it('says so in a mode in which the limit stops nothing', async () => {
    const { stdout } = await run(accept('--yes'), world);
    expect(stdout).to.include('Nothing to accept').and.include('mode audit');
  });

  it('is refused for a limit that is none', async () => {
    const args = ['accept', '--account', ACCOUNT, '--limit', 'replacements', '--reason', 'why not', '--yes'];
    expect((await run(args, world)).code).to.equal(2);
  });
});
