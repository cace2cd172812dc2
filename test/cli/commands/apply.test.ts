import { expect } from 'chai';
import { createWorld, emulatorForThisFile, userWithKey, type World } from '../../support/world.ts';
import { reportIn } from '../json-shape.ts';
import { run } from '../terminal.ts';

const users = ['ann', 'bob'].map((userName) => userWithKey(userName, { age: 65, usedAgo: 1 }));

const ENFORCE = { environment: { ROTATION_MODE: 'enforce' } };

describe('apply', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  beforeEach(async () => {
    world = await createWorld(emulator(), {
      accounts: [
        { name: 'app', users },
        { name: 'data', users },
      ],
    });
  });
  const keyCounts = async () =>
    (await emulator().snapshot())
      .filter(({ accountId }) => accountId.startsWith('1111'))
      .flatMap((account) => account.users.map(({ keys }) => keys.length));

  for (const [title, args, environment] of [
    ['the mode it is given', ['--mode', 'replace-only'], { ROTATION_MODE: 'enforce' }],
    ['ROTATION_MODE', [], { ROTATION_MODE: 'enforce' }],
    ['ROTATION_MODE, however much more it is given', ['--mode', 'enforce'], { ROTATION_MODE: 'no-delete' }],
  ] as const) {
    it(`rotates in ${title}`, async () => {
      const { code, stdout } = await run(['apply', '--yes', '--json', ...args], world, { environment });
      const report = reportIn(stdout);
      expect(report.mode).to.equal(args[1] === 'replace-only' ? 'replace-only' : environment.ROTATION_MODE);
      expect(report.totals.replaced).to.equal(4);
      expect(await keyCounts()).to.deep.equal([2, 2, 2, 2]);
      expect(code).to.equal(0);
    });
  }

  describe('without a mode', () => {
    const set = async (...args: readonly string[]) => {
      const { code, stderr } = await run(['settings', 'set', ...args, '--yes'], world);
      expect(code, stderr).to.equal(0);
    };

    it('does in each account what the settings say', async () => {
      await set('mode', 'enforce', '--account', '111111111102');
      const { code, stderr } = await run(['apply', '--yes'], world);
      expect(code, stderr).to.equal(0);
      expect(await keyCounts()).to.deep.equal([1, 1, 2, 2]);
    });

    it('is refused where the settings say audit everywhere', async () => {
      await set('rotateAfter', '50', '--organization');
      for (const args of [[], ['--mode', 'enforce']]) {
        const { code, stderr } = await run(['apply', '--yes', ...args], world);
        expect(code).to.equal(2);
        expect(stderr).to.include('ROTATION_MODE: must be replace-only, no-delete or enforce');
        expect(await keyCounts()).to.deep.equal([1, 1, 1, 1]);
      }
    });
  });

  it('does never more than it was asked for, whatever the settings say', async () => {
    await run(['settings', 'set', 'mode', 'audit', '--account', '111111111102', '--yes'], world);
    await run(['apply', '--yes'], world, ENFORCE);
    expect(await keyCounts()).to.deep.equal([2, 2, 1, 1]);
  });

  it('publishes a digest of every account that has news, and the summary', async () => {
    await run(['apply', '--yes'], world, ENFORCE);
    expect(await emulator().notifications()).to.have.length(3);
  });

  it('rotates only the account and the user it is asked for', async () => {
    await run(['apply', '--yes', '--account', '111111111102', '--user', 'bob'], world, ENFORCE);
    expect(await keyCounts()).to.deep.equal([1, 1, 1, 2]);
  });

  for (const args of [['--json'], []]) {
    it(`names the new key and its secret, and prints no secret, ${args[0] ?? 'for people'}`, async () => {
      const { stdout, stderr } = await run(['apply', '--yes', ...args], world, { ...ENFORCE, columns: 400 });
      const handedOut = await emulator().secretsHandedOut();
      expect(handedOut).to.have.length(4);
      const made = (await emulator().snapshot('111111111101'))[0]?.users[0]?.keys[1]?.id;
      expect(stdout).to.contain(made).and.to.contain('access-key-rotation/ann');
      for (const secret of handedOut) expect(stdout + stderr).not.to.contain(secret);
    });
  }

  it('ends with 1 when something failed, which it names with a next step', async () => {
    await emulator().inject({
      action: 'iam:CreateAccessKey',
      kind: 'error',
      code: 'AccessDenied',
      match: { UserName: 'bob' },
    });
    const { code, stdout } = await run(['apply', '--yes'], world, { ...ENFORCE, columns: 800 });
    expect(code).to.equal(1);
    expect(stdout).to.match(/bob.+iam:CreateAccessKey: AccessDenied.+Next step: Allow iam:CreateAccessKey/);
  });

  it('ends with 1 when the report could not be published', async () => {
    await emulator().inject({
      action: 'sns:Publish',
      kind: 'error',
      code: 'AuthorizationError',
      httpStatus: 403,
    });
    expect((await run(['apply', '--yes'], world, ENFORCE)).code).to.equal(1);
  });
});
