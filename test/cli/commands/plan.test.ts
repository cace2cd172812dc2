import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { DAY } from '../../../src/domain/time.ts';
import type { OrganizationSeed } from '../../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, START, userWithKey, type World } from '../../support/world.ts';
import { once } from '../../aws/support.ts';
import { reportIn } from '../json-shape.ts';
import { run } from '../terminal.ts';

const due = (userName: string) => userWithKey(userName, { age: 65, usedAgo: 1 });
const young = (userName: string) => userWithKey(userName, { age: 5, usedAgo: 1 });
const switchedOff = {
  userName: 'off',
  keys: [{ createdAt: START - 200 * DAY, status: 'Inactive' as const }],
};
const REACHABLE: OrganizationSeed = {
  accounts: [
    { name: 'app', users: [due('ann'), young('bob'), switchedOff] },
    { name: 'old', state: 'SUSPENDED', users: [due('cem')] },
  ],
};
const UNREACHABLE = { name: 'data', memberRole: false, users: [due('eve')] } as const;
const BROKEN: OrganizationSeed = { accounts: [...REACHABLE.accounts, UNREACHABLE] };

describe('plan', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  const create = async (seed: OrganizationSeed) => {
    world = await createWorld(emulator(), seed);
  };
  const accountsIn = (stdout: string) =>
    Object.fromEntries(reportIn(stdout).accounts.map((account) => [account.accountName, account]));

  it('prints the report as JSON on stdout, and nothing else', async () => {
    await create(BROKEN);
    const { stdout, stderr } = await run(['plan', '--json'], world);
    const report = reportIn(stdout);
    expect(report.mode).to.equal('audit');
    expect(stdout).to.equal(`${JSON.stringify(JSON.parse(stdout), null, 2)}\n`);
    expect(stderr).to.equal('');
  });

  it('says of every account what it would do, and why not', async () => {
    await create(BROKEN);
    const { app, old, data, management } = accountsIn((await run(['plan', '--json'], world)).stdout);
    const shown = app?.outcomes.map(({ userName, action, reason, status }) => [
      userName,
      action,
      reason,
      status,
    ]);
    expect(shown).to.have.deep.members([
      ['ann', 'replace', 'due', 'held'],
      ['bob', 'keep', 'young', 'none'],
      ['off', 'wait', 'newly-inactive', 'none'],
    ]);
    expect(app?.outcomes.find(({ userName }) => userName === 'off')?.dueAt).to.match(/^2026-01-15T/);
    expect(app).not.to.have.property('cause');
    expect(management).to.include({ status: 'rotated' });
    expect(old).to.include({ status: 'skipped', cause: 'the account is suspended' });
    expect(data).to.include({ status: 'unreachable' });
    expect(data?.cause).to.contain('sts:AssumeRole').and.to.contain('Next step:');
  });

  it('counts what it would do', async () => {
    await create(BROKEN);
    const { totals } = reportIn((await run(['plan', '--json'], world)).stdout);
    expect(totals.accounts).to.deep.equal({ rotated: 2, unreachable: 1, skipped: 1, notStarted: 0 });
    expect(totals).to.include({ users: 3, activeKeys: 2, inactiveKeys: 1, held: 1, replaced: 0, failed: 0 });
  });

  for (const [title, mode] of [
    ['', undefined],
    [', whatever ROTATION_MODE says', 'enforce'],
  ] as const) {
    it(`changes nothing and publishes nothing${title}`, async () => {
      await create(BROKEN);
      const before = await emulator().snapshot();
      const options = mode === undefined ? {} : { environment: { ROTATION_MODE: mode } };
      await run(['plan'], world, options);
      const called = new Set((await emulator().calls()).map(({ action }) => action));
      const reading = /^(\w+:(Get|List|Describe)\w+|dynamodb:Query|sts:AssumeRole)$/;
      expect([...called].filter((action) => !reading.test(action))).to.deep.equal([]);
      expect([...called]).to.include('iam:ListAccessKeys');
      expect(await emulator().snapshot()).to.deep.equal(before);
      expect(await emulator().notifications()).to.deep.equal([]);
      const scan = new ScanCommand({ TableName: world.organization.tableName });
      expect((await new DynamoDBClient(once(world.aws)).send(scan)).Items).to.deep.equal([]);
    });
  }

  for (const [title, seed, args, code] of [
    ['0 when every account was read', REACHABLE, [], 0],
    ['1 when an account is unreachable', BROKEN, [], 1],
    ['0 when the unreachable one was not asked for', BROKEN, ['--account', '111111111101'], 0],
    ['2 when there are no keys of a user who was asked for', REACHABLE, ['--user', 'nobody'], 2],
    ['2 when the organization has no such account', REACHABLE, ['--account', '999999999999'], 2],
  ] as const) {
    it(`ends with ${title}`, async () => {
      await create(seed);
      expect((await run(['plan', ...args], world)).code).to.equal(code);
      expect((await run(['plan', '--json', ...args], world)).code).to.equal(code);
    });
  }

  it("ends with 1 when a user can't be read", async () => {
    await create(REACHABLE);
    await emulator().inject({ action: 'iam:ListAccessKeys', kind: 'error', code: 'AccessDenied' });
    const { code, stdout } = await run(['plan', '--json'], world);
    expect(code).to.equal(1);
    expect(accountsIn(stdout)['app']?.outcomes[0]).to.include({
      accessKeyId: null,
      action: 'skip',
      status: 'failed',
    });
  });

  for (const [title, args, accounts, users] of [
    ['of one account', ['--account', '111111111101'], ['app'], ['ann', 'bob', 'off']],
    ['of two', ['--account', '111111111101', '123456789012'], ['app', 'management'], ['ann', 'bob', 'off']],
    [
      'of two, named apart',
      ['--account', '111111111101', '--account', '111111111102'],
      ['app', 'old'],
      ['ann', 'bob', 'off'],
    ],
    ['of one user', ['--user', 'ann'], ['app', 'management', 'old'], ['ann']],
    ['of a user, in any case', ['--user', 'ANN'], ['app', 'management', 'old'], ['ann']],
    [
      'of two users in an account',
      ['--user', 'ann', 'bob', '--account', '111111111101'],
      ['app'],
      ['ann', 'bob'],
    ],
  ] as const) {
    it(`tells ${title} when it is asked`, async () => {
      await create(REACHABLE);
      const report = reportIn((await run(['plan', '--json', ...args], world)).stdout);
      expect(report.accounts.map(({ accountName }) => accountName)).to.have.members([...accounts]);
      const named = report.accounts.flatMap(({ outcomes }) => outcomes.map(({ userName }) => userName));
      expect(named).to.have.members([...users]);
    });
  }

  for (const [title, fault, says] of [
    ['is denied', { kind: 'error', code: 'AccessDeniedException' }, /ROTATION_ORGANIZATIONS_ROLE_ARN/],
    [
      'is not in an organization',
      { kind: 'error', code: 'AWSOrganizationsNotInUseException' },
      /not in an organization/,
    ],
  ] as const) {
    it(`ends with 1 and a next step when its account ${title}`, async () => {
      await create(REACHABLE);
      await emulator().inject({ action: 'organizations:ListAccounts', ...fault });
      const { code, stdout, stderr } = await run(['plan', '--json'], world);
      expect(code).to.equal(1);
      expect(stdout).to.equal('');
      expect(stderr)
        .to.contain('organizations:ListAccounts failed')
        .and.to.match(/Next step: /)
        .and.to.match(says);
    });
  }

  it('says nothing besides the plan where that was asked for, but what is wrong', async () => {
    await create(REACHABLE);
    const environment = { ROTATION_FUNCTION_NAME: 'not-deployed', NO_COLOR: '1' };
    const options = { isTTY: true, environment };
    expect((await run(['plan'], world, options)).stderr)
      .to.contain('Settings: ')
      .and.to.contain('Planning');
    expect((await run(['plan', '--quiet'], world, options)).stderr).to.equal('');
    const wrong = await run(['plan', '--quiet', '--user', 'nobody'], world, options);
    expect(wrong.stderr).to.match(/^Nothing was done, because of this input:\n {2}- --user: /);
  });

  it('shows people what it is doing, on stderr', async () => {
    await create(REACHABLE);
    const { stdout, stderr } = await run(['plan', '--json'], world, { isTTY: true });
    reportIn(stdout);
    for (const done of [1, 2, 3]) expect(stderr).to.contain(`Planning: ${done} of 3 accounts done`);
  });
});
