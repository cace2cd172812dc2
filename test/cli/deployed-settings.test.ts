import { expect } from 'chai';
import { startFunction, type DeployedFunction } from '../support/deployed-function.ts';
import type { OrganizationSeed } from '../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, START, userWithKey, type World } from '../support/world.ts';
import { DAY } from '../../src/domain/time.ts';
import { deployFunction, functionOf } from './function-world.ts';
import { reportIn } from './json-shape.ts';
import { run } from './terminal.ts';

const APP = '111111111101';
const EXTERNAL_ID = 'drawn-once';
const READ = 'lambda:GetFunctionConfiguration';

/** Twelve keys that nobody has used for a year: more than an account's limit lets a run switch off. */
const unused = Array.from({ length: 12 }, (_, nth) => ({
  userName: `user-${nth}`,
  keys: [{ createdAt: START - 400 * DAY, lastUsedAt: START - 380 * DAY }],
}));

describe('a command line with a deployed function', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  let fn: DeployedFunction | undefined;

  /** The function is there, and knows what the environment doesn't say. */
  async function deployed(variables: Record<string, string> = {}, seed: Partial<OrganizationSeed> = {}) {
    const made = await createWorld(emulator(), {
      accounts: [{ name: 'app', users: [userWithKey('ann', { age: 65, usedAgo: 1 })] }],
      ...seed,
    });
    await deployFunction(made, variables);
    fn = await startFunction(emulator().endpoint, functionOf(made, variables));
    world = {
      ...made,
      aws: { ...made.aws, endpoint: fn.endpoint },
      environment: { ROTATION_FUNCTION_NAME: '' },
    };
  }
  afterEach(() => {
    fn?.close();
  });
  const type = (args: readonly string[], environment: Record<string, string> = {}) =>
    run(args, world, { environment: { ROTATION_FUNCTION_NAME: '', ...environment } });

  it('works with its mode, table and topic', async () => {
    await deployed({ ROTATION_MODE: 'replace-only' });
    const { code, stdout, stderr } = await type(['apply', '--yes', '--json']);
    expect(code, stderr).to.equal(0);
    const { mode, totals } = reportIn(stdout);
    expect([mode, totals.replaced]).to.deep.equal(['replace-only', 1]);
    expect(stderr).to.equal('Settings: of the function access-key-rotation in eu-central-1.\n');
  });

  it('lets its environment go before, and says what of it does', async () => {
    await deployed({ ROTATION_MODE: 'replace-only', ROTATION_ROTATE_AFTER_DAYS: '70' });
    const { stdout, stderr } = await type(['plan', '--json'], { ROTATION_ROTATE_AFTER_DAYS: '60' });
    expect(reportIn(stdout).totals.held).to.equal(1);
    expect(stderr).to.equal(
      'Settings: of the function access-key-rotation in eu-central-1; of the environment: ROTATION_ROTATE_AFTER_DAYS.\n',
    );
    expect(reportIn((await type(['plan', '--json'])).stdout).totals.held).to.equal(0);
  });

  it('shows of each setting whose it is', async () => {
    await deployed({ ROTATION_MODE: 'replace-only', ROTATION_ROTATE_AFTER_DAYS: '50' });
    const { stdout } = await type(['settings', 'show', '--account', APP, '--json'], {
      ROTATION_ROTATE_AFTER_DAYS: '55',
    });
    const { settings } = JSON.parse(stdout) as { settings: Record<string, unknown> };
    expect(settings['mode']).to.deep.include({
      value: 'replace-only',
      source: 'ROTATION_MODE of the function',
    });
    expect(settings['rotateAfter']).to.deep.include({ value: 55, source: 'ROTATION_ROTATE_AFTER_DAYS' });
    expect(settings['deleteAfter']).to.deep.include({ value: 90, source: 'default' });
  });

  it('accepts what a digest of it asks to accept, typed as printed', async () => {
    await deployed(
      { ROTATION_MODE: 'enforce', ROTATION_UNUSED_AFTER_DAYS: '90' },
      {
        accounts: [{ name: 'app', users: unused }],
      },
    );
    expect((await type(['apply', '--yes'])).code).to.equal(0); // announces
    await world.pass(15);
    await type(['apply', '--yes']);
    const digest = (await emulator().notifications())
      .map(({ message }) => (JSON.parse(message) as { email?: string }).email ?? message)
      .filter((text) => text.includes('access-key-rotation accept '))
      .at(-1);
    const printed = /^.*access-key-rotation (accept .+)$/m.exec(digest ?? '')?.[1] ?? 'nothing';
    expect(printed).to.equal(`accept --limit deactivations --account ${APP} --reason "..."`);
    const words = printed.match(/"[^"]*"|\S+/g)?.map((word) => word.replaceAll('"', '')) ?? [];
    const { code, stdout, stderr } = await type([...words, '--yes']);
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/^Accepted: the next run may do up to 12 deactivations/);
  });

  describe('that is not there', () => {
    beforeEach(async () => {
      world = await createWorld(emulator(), { accounts: [] });
    });

    for (const args of [['plan'], ['apply', '--yes']]) {
      it(`says so once and goes on with the environment: ${args[0] ?? ''}`, async () => {
        const ended = await type(args, { ROTATION_MODE: 'enforce' });
        expect(ended.code, ended.stderr).to.equal(0);
        expect(ended.stderr).to.equal(
          'Settings: of the environment, and defaults; there is no function access-key-rotation in eu-central-1.\n',
        );
      });
    }
  });

  describe('that may not be read', () => {
    beforeEach(async () => {
      await deployed({ ROTATION_MODE: 'enforce' });
      await emulator().inject({
        action: 'lambda:*',
        kind: 'error',
        code: 'AccessDeniedException',
        httpStatus: 403,
      });
    });

    it('looks with the environment, and says that the function may differ', async () => {
      const { code, stderr } = await type(['plan']);
      expect(code).to.equal(0);
      expect(stderr)
        .to.contain("those of the function access-key-rotation in eu-central-1 may differ, and can't be read")
        .and.to.contain(`Allow ${READ}`);
    });

    for (const args of [
      ['apply', '--mode', 'enforce', '--yes'],
      ['replace', '--account', APP, '--user', 'ann', '--reason', 'a test', '--yes'],
      ['settings', 'set', 'rotateAfter', '45', '--account', APP, '--yes'],
    ]) {
      it(`changes nothing without its settings: ${args[0] ?? ''}`, async () => {
        const before = await emulator().snapshot();
        const { code, stderr } = await type(args);
        expect(code).to.equal(1);
        expect(stderr).to.contain(READ).and.to.contain('ROTATION_FUNCTION_NAME=none');
        expect(await emulator().snapshot()).to.deep.equal(before);
      });
    }

    it('changes what the environment alone says, if that is what it is told', async () => {
      const environment = { ...(await createWorld(emulator(), { accounts: [] })).environment };
      const { code } = await type(['apply', '--mode', 'enforce', '--yes'], {
        ...environment,
        ROTATION_FUNCTION_NAME: 'none',
      });
      expect(code).to.not.equal(2);
    });
  });

  it('enters accounts with its external id, which is said nowhere', async () => {
    await deployed(
      { ROTATION_EXTERNAL_ID: EXTERNAL_ID },
      {
        accounts: [
          { name: 'app', users: [userWithKey('ann', { age: 5 })], memberRole: { externalId: EXTERNAL_ID } },
        ],
      },
    );
    const { code, stdout, stderr } = await type(['status', '--account', APP]);
    expect(code, stderr).to.equal(0);
    expect(stdout + stderr).not.to.contain(EXTERNAL_ID);
  });

  it('names the function where what it has is wrong', async () => {
    await deployed({ ROTATION_MODE: 'everything' });
    for (const command of ['plan', 'status']) {
      const { code, stderr } = await type([command, '--account', APP]);
      expect(code).to.equal(2);
      expect(stderr).to.match(/ROTATION_MODE: .*"everything" \(so the function access-key-rotation has it\)/);
    }
  });

  it('is examined by doctor: what differs here is named', async () => {
    await deployed({ ROTATION_MODE: 'enforce', ROTATION_EXTERNAL_ID: EXTERNAL_ID });
    const { stdout } = await type(['doctor', '--json'], {
      ROTATION_DELETE_AFTER_DAYS: '120',
      ROTATION_EXTERNAL_ID: 'another-id',
    });
    const { checks } = JSON.parse(stdout) as { checks: { area: string; name: string; message: string }[] };
    const about = (name: string) => checks.find((check) => check.area === 'settings' && check.name === name);
    expect(about('ROTATION_DELETE_AFTER_DAYS')).to.deep.include({
      status: 'not-checked',
      message: 'the environment says 120, the function has the default: what is said here is about 120',
      nextStep: 'To see what the function does: unset ROTATION_DELETE_AFTER_DAYS',
    });
    expect(about('ROTATION_EXTERNAL_ID')?.message).not.to.match(/drawn-once|another-id/);
    expect(about('source')?.message).to.equal(
      'of the function access-key-rotation; of the environment: ROTATION_DELETE_AFTER_DAYS, ROTATION_EXTERNAL_ID',
    );
  });
});
