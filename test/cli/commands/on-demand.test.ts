import { expect } from 'chai';
import { createWorld, emulatorForThisFile, START, userWithKey, type World } from '../../support/world.ts';
import { DAY } from '../../../src/domain/time.ts';
import { reportIn } from '../json-shape.ts';
import { run } from '../terminal.ts';

const ACCOUNT = '111111111101';
const KEY = 'AKIAOLD0000000000001';

describe('replace', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  beforeEach(async () => {
    const users = [
      userWithKey('svc', { age: 20, usedAgo: 1, id: KEY }),
      { userName: 'two', keys: [{ createdAt: START - 9 * DAY }, { createdAt: START - 5 * DAY }] },
    ];
    world = await createWorld(emulator(), { accounts: [{ name: 'app', users }] });
  });
  const keysOf = async (userName: string) =>
    (await emulator().snapshot(ACCOUNT))
      .flatMap(({ users }) => users)
      .filter((user) => user.userName === userName)
      .flatMap(({ keys }) => keys);
  const states = async () => (await keysOf('svc')).map(({ status }) => status);
  const of = (...more: readonly string[]) => [
    'replace',
    ...['--account', ACCOUNT, '--user', 'svc', '--reason', 'found in a public repository'],
    ...more,
  ];

  it('delivers a new key that works, switches the old one off, and publishes that', async () => {
    const { code, stdout, stderr } = await run(of('--yes', '--json'), world);
    expect(code, stderr).to.equal(0);
    const [account] = reportIn(stdout).accounts;
    expect(account?.outcomes.map(({ action, reason, status }) => [action, reason, status])).to.deep.equal([
      ['replace', 'emergency', 'applied'],
      ['deactivate', 'emergency', 'applied'],
    ]);
    expect(await states()).to.deep.equal(['Inactive', 'Active']);
    const secret = JSON.parse(await emulator().secretValue(ACCOUNT, 'access-key-rotation/svc')) as object;
    expect(secret).to.include({ AccessKeyId: account?.outcomes[0]?.newAccessKeyId });
    const [digest] = await emulator().notifications();
    expect(digest?.message).to.include('found in a public repository');
    const events = (await emulator().events()).map(({ detailType, detail }) => [
      detailType,
      (detail as { accessKeyId?: string }).accessKeyId,
    ]);
    expect(events).to.deep.equal([
      ['Access Key Replaced', KEY],
      ['Access Key Deactivated', KEY],
    ]);
  });

  it('is in the history, with who did it and why', async () => {
    await run(of('--yes'), world);
    const { stdout, code } = await run(['history', '--account', ACCOUNT, '--json'], world);
    expect(code).to.equal(0);
    const { entries } = JSON.parse(stdout) as { entries: readonly Record<string, string>[] };
    expect(entries.map(({ what }) => what)).to.have.members(['replaced', 'deactivated']);
    for (const entry of entries) {
      expect(entry['by']).to.match(/^arn:aws:sts::\d{12}:assumed-role\/access-key-rotation-service\//);
      expect(entry['message']).to.include('found in a public repository');
    }
    const other = await run(['history', '--account', ACCOUNT, '--user', 'two', '--json'], world);
    expect((JSON.parse(other.stdout) as { entries: unknown[] }).entries).to.deep.equal([]);
    const runs = new Set(entries.map(({ runId }) => runId));
    expect(runs.size).to.equal(1);
    const ofRun = await run(['history', '--account', ACCOUNT, '--run', [...runs][0] ?? '', '--json'], world);
    expect((JSON.parse(ofRun.stdout) as { entries: unknown[] }).entries).to.have.length(2);
  });

  it('leaves the old key on for a planned replacement', async () => {
    const { code } = await run(of('--leave-active', '--yes'), world);
    expect(code).to.equal(0);
    expect(await states()).to.deep.equal(['Active', 'Active']);
  });

  for (const [answer, done] of [
    ['y', true],
    ['yes', true],
    ['n', false],
    ['never', false],
    ['', false],
  ] as const) {
    it(`shows what it would do, and ${done ? 'does it' : 'does nothing'} when the answer is ${JSON.stringify(answer)}`, async () => {
      const { code, stderr } = await run(of(), world, { answer });
      expect(stderr).to.include(`replace ${KEY} (20 days old, last used yesterday`);
      expect(stderr).to.include(`deactivate ${KEY}`);
      expect(code).to.equal(done ? 0 : 1);
      expect(await states()).to.deep.equal(done ? ['Inactive', 'Active'] : ['Active']);
    });
  }

  for (const [title, args, says] of [
    ['when nobody can be asked', of(), '--yes: must be given'],
    [
      'without a reason worth the name',
      ['replace', '--account', ACCOUNT, '--user', 'svc', '--reason', ' ', '--yes'],
      '--reason: must be 3 to 256 characters',
    ],
    [
      'for an account that is not there',
      ['replace', '--account', '999999999999', '--user', 'svc', '--reason', 'leaked', '--yes'],
      '999999999999',
    ],
    [
      'for an account id that is none',
      ['replace', '--account', 'app', '--user', 'svc', '--reason', 'leaked', '--yes'],
      'must be an account id of twelve digits',
    ],
    [
      'for a user that is not there',
      ['replace', '--account', ACCOUNT, '--user', 'nobody', '--reason', 'leaked', '--yes'],
      'no user nobody with access keys',
    ],
    [
      'for a user with two active keys, unless one is named',
      ['replace', '--account', ACCOUNT, '--user', 'two', '--reason', 'leaked', '--yes'],
      'Say which one with --key',
    ],
    [
      'where both places are taken',
      [
        ...['replace', '--account', ACCOUNT, '--user', 'svc', '--key', 'AKIANOBODY0000000000'],
        ...['--reason', 'leaked', '--yes'],
      ],
      'svc has no key AKIANOBODY0000000000',
    ],
  ] as const) {
    it(`changes nothing ${title}`, async () => {
      const before = await emulator().snapshot();
      const { code, stderr } = await run(args, world);
      expect(code).to.equal(2);
      expect(stderr).to.include(says);
      expect(await emulator().snapshot()).to.deep.equal(before);
    });
  }

  it('leaves the old key on, and ends with 1, when the new one could not be delivered', async () => {
    await emulator().inject({ action: 'secretsmanager:PutSecretValue', kind: 'error', code: 'AccessDenied' });
    const { code } = await run(of('--yes'), world);
    expect(code).to.equal(1);
    expect(await states()).to.deep.equal(['Active']);
  });
});

describe('restore', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  const restore = [
    'restore',
    '--account',
    ACCOUNT,
    '--key',
    KEY,
    '--reason',
    'the nightly job needs it',
    '--yes',
  ];

  beforeEach(async () => {
    const users = [
      { userName: 'svc', keys: [{ id: KEY, createdAt: START - 95 * DAY, status: 'Inactive' as const }] },
    ];
    world = await createWorld(emulator(), { accounts: [{ name: 'app', users }] });
    await world.run();
    await emulator().forgetNotifications();
  });
  const status = async () =>
    (await emulator().snapshot(ACCOUNT))[0]?.users[0]?.keys.map((key) => key.status).join();

  it('switches the key on again, publishes that, and its graces start anew', async () => {
    const { code, stderr } = await run(restore, world);
    expect(code, stderr).to.equal(0);
    expect(await status()).to.equal('Active');
    const [digest] = await emulator().notifications();
    expect(digest?.message).to.include('the nightly job needs it');
    expect((await emulator().events()).map(({ detailType }) => detailType)).to.include('Access Key Restored');

    await world.pass(8);
    await world.run();
    expect(await status(), 'unused for long, but only just restored').to.equal('Active');
  });

  it('asks before, and warns only of a key that was switched off in an emergency', async () => {
    const WARNING = 'IT WAS REPLACED IN AN EMERGENCY: whoever has found it can use it again';
    const asked = async () => (await run(restore.slice(0, -1), world, { answer: 'n' })).stderr;
    expect(await asked())
      .to.include(`switch on ${KEY} (`)
      .and.not.to.include('EMERGENCY');
    await run(restore, world);
    const replaced = await run(
      ['replace', '--account', ACCOUNT, '--user', 'svc', '--reason', 'leaked', '--yes'],
      world,
    );
    expect(replaced.code, replaced.stderr).to.equal(0);
    expect(await asked())
      .to.include(`switch on ${KEY} (`)
      .and.include(WARNING);
    expect(await status()).to.equal('Inactive,Active');
  });

  it('refuses a key that is active, and one that is not there', async () => {
    await run(restore, world);
    const again = await run(restore, world);
    expect([again.code, again.stderr]).to.deep.equal([2, again.stderr]);
    expect(again.stderr).to.include(`${KEY} is active already`);
    const args = [
      'restore',
      '--account',
      ACCOUNT,
      '--key',
      'AKIANOBODY0000000000',
      '--reason',
      'why not',
      '--yes',
    ];
    const missing = await run(args, world);
    expect(missing.code).to.equal(2);
    expect(missing.stderr).to.include('no access key AKIANOBODY0000000000');
  });
});
