import { expect } from 'chai';
import type { OrganizationSeed } from '../../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, userWithKey, type World } from '../../support/world.ts';
import { reportIn } from '../json-shape.ts';
import { run } from '../terminal.ts';

const owned = (userName: string, owner: string, age: number) => ({
  ...userWithKey(userName, { age, usedAgo: 1 }),
  tags: { owner },
});
const SEED: OrganizationSeed = {
  accounts: [
    {
      name: 'shop',
      ou: 'Workloads/Production',
      users: [owned('ann', 'team-shop', 65), owned('bob', 'team-data', 64), owned('kim', 'team-shop', 5)],
    },
    { name: 'nightly', ou: 'Workloads/Test', users: [owned('cem', 'team-data', 70)] },
    { name: 'sandbox', ou: 'Sandbox', users: [owned('dan', 'team-shop', 10)] },
  ],
};
const UNREACHABLE = { name: 'lost', ou: 'Lost', memberRole: false, users: [] } as const;

describe('plan, of a part', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  const create = async (seed: OrganizationSeed = SEED) => {
    world = await createWorld(emulator(), seed);
    await run(['settings', 'set', 'ownerTag', 'owner', '--organization', '--yes'], world);
  };
  const ouOf = (path: string) => world.organization.ous[path] ?? '';
  const plan = async (...args: readonly string[]) => {
    const { stdout, stderr, code } = await run(['plan', '--json', ...args], world);
    return { code, stderr, stdout };
  };
  const usersIn = (stdout: string) =>
    reportIn(stdout).accounts.flatMap(({ outcomes }) => outcomes.map(({ userName }) => userName));

  const BELOW: readonly (readonly [title: string, paths: readonly string[], accounts: readonly string[]])[] =
    [
      ['below a unit, however deep', ['Workloads'], ['shop', 'nightly']],
      ['below two units', ['Workloads/Test', 'Sandbox'], ['nightly', 'sandbox']],
    ];
  for (const [title, paths, accounts] of BELOW) {
    it(`is about the accounts ${title}`, async () => {
      await create();
      const { stdout } = await plan('--ou', ...paths.map(ouOf));
      expect(reportIn(stdout).accounts.map(({ accountName }) => accountName)).to.have.members([...accounts]);
      expect(JSON.parse(stdout)).to.have.deep.property('filter', { ou: paths.map(ouOf) });
    });
  }

  it('enters no account that is not below the unit, and lists the organization once', async () => {
    await create();
    const before = (await emulator().calls()).length;
    await plan('--ou', ouOf('Sandbox'));
    const calls = (await emulator().calls()).slice(before);
    const entered = calls.filter(({ action }) => action === 'iam:ListUsers');
    expect(entered).to.have.length(1);
    expect(calls.filter(({ action }) => action === 'organizations:ListRoots')).to.have.length(1);
  });

  it('is about those of the named accounts that are below it, and refuses others', async () => {
    await create();
    const { stdout } = await plan('--ou', ouOf('Workloads'), '--account', '111111111101');
    expect(reportIn(stdout).accounts.map(({ accountName }) => accountName)).to.deep.equal(['shop']);
    const refused = await plan('--ou', ouOf('Workloads'), '--account', '111111111103');
    expect(refused.code).to.equal(2);
    expect(refused.stderr).to.include(`--account: 111111111103 is not below ${ouOf('Workloads')}`);
  });

  const WRONG: readonly (readonly [title: string, args: readonly string[], says: string])[] = [
    [
      'a unit that there is not',
      ['--ou', 'ou-zzzz-99999999'],
      '--ou: ou-zzzz-99999999: the organization has no such',
    ],
    ['what is no id of a unit', ['--ou', 'Workloads'], '--ou: must be the id of an organizational unit'],
    [
      'an owner that nobody is',
      ['--owner', 'team-shopp'],
      'no key of this run has an owner team-shopp; did you mean team-shop?',
    ],
    ['a kind that there is not', ['--only', 'everything'], 'Allowed choices are needs-person, failed'],
    [
      'both plans and one exit code',
      ['--with', 'rotateAfter=45', '--detailed-exitcode'],
      '--detailed-exitcode: tells of the plan by the settings that hold',
    ],
  ];
  for (const [title, args, says] of WRONG) {
    it(`refuses ${title}`, async () => {
      await create();
      const { code, stderr, stdout } = await plan(...args);
      expect(stderr).to.include(says);
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    });
  }

  const SHOWN: readonly (readonly [title: string, args: readonly string[], users: readonly string[]])[] = [
    ['the keys of an owner', ['--owner', 'team-shop'], ['ann', 'kim', 'dan']],
    ['those of two, in any case', ['--owner', 'TEAM-SHOP', 'team-data'], ['ann', 'bob', 'kim', 'cem', 'dan']],
    ['what is replaced', ['--only', 'replace'], ['ann', 'bob', 'cem']],
    [
      'the user of one account, and no other',
      ['--user', '111111111101/ANN', '111111111102/cem'],
      ['ann', 'cem'],
    ],
    ['what of an owner is replaced', ['--only', 'replace', '--owner', 'team-shop'], ['ann']],
    ['nothing of what there is nothing of', ['--only', 'delete', 'needs-person'], []],
  ];
  for (const [title, args, users] of SHOWN) {
    it(`shows ${title}`, async () => {
      await create();
      const { stdout, code } = await plan(...args);
      expect(usersIn(stdout)).to.have.members([...users]);
      expect(code).to.equal(0);
    });
  }

  it('says what the filter is, what is left out, and when nothing is left', async () => {
    await create();
    const { stdout } = await run(['plan', '--only', 'replace', '--owner', 'team-data'], world);
    expect(stdout).to.match(
      /^Shown is what matches --owner team-data --only replace; 3 keys of 4 accounts left out\.\nRun \S+ \(audit\): replace 2\n/,
    );
    const nothing = await run(['plan', '--only', 'delete'], world);
    expect(nothing.stdout).to.equal('No key matches --only delete; 5 keys of 4 accounts left out.\n');
  });

  it('ends with 1 for what failed, and says so where that is left out', async () => {
    await create({ accounts: [...SEED.accounts, UNREACHABLE] });
    const { stdout, code } = await run(['plan', '--only', 'replace'], world);
    expect(code).to.equal(1);
    expect(stdout).to.match(/; something that is left out has failed\.\n/);
    const { stdout: ofOwner } = await run(['plan', '--owner', 'team-shop'], world);
    expect(ofOwner).to.include('unreachable lost');
  });

  const CODES: readonly (readonly [title: string, args: readonly string[], code: number, lost?: true])[] = [
    ['3 when changes are pending', [], 3],
    ['3 when they are in what is shown', ['--owner', 'team-data'], 3],
    ['0 when none is', ['--account', '111111111103'], 0],
    ['0 when none is in what is shown', ['--only', 'upcoming'], 0],
    ['1 when an account is unreachable, whatever is pending', [], 1, true],
    ['2 when the input is wrong', ['--account', '999999999999'], 2],
  ];
  for (const [title, args, code, lost] of CODES) {
    it(`ends with ${title}, if --detailed-exitcode is asked for`, async () => {
      await create(lost === true ? { accounts: [...SEED.accounts, UNREACHABLE] } : SEED);
      expect((await plan('--detailed-exitcode', ...args)).code).to.equal(code);
    });
  }

  it('is applied to the accounts below a unit, and to no other', async () => {
    await create();
    const environment = { ROTATION_MODE: 'enforce' };
    const args = ['apply', '--yes', '--json', '--ou', ouOf('Workloads/Test')];
    const { stdout, code } = await run(args, world, { environment });
    const { accounts } = reportIn(stdout);
    expect(accounts.map(({ accountName }) => accountName)).to.deep.equal(['nightly']);
    expect(accounts[0]?.outcomes[0]).to.include({ userName: 'cem', status: 'applied' });
    expect(JSON.parse(stdout)).to.have.deep.property('filter', { ou: [ouOf('Workloads/Test')] });
    expect(code).to.equal(0);
    const made = (await emulator().calls()).filter(({ action }) => action === 'iam:CreateAccessKey');
    expect(made).to.have.length(1);
  });
});
