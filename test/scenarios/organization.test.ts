import { expect } from 'chai';
import { DAY } from '../../src/domain/time.ts';
import type { SeedAccount } from '../support/emulator/emulator.ts';
import {
  accountIn,
  createWorld,
  emulatorForThisFile,
  outcomesIn,
  START,
  userWithKey,
} from '../support/world.ts';

const alice = userWithKey('alice', { age: 100, usedAgo: 1 });
const account = (name: string, more: Partial<SeedAccount> = {}): SeedAccount => ({
  name,
  users: [alice],
  ...more,
});

describe('A run over an organization', function () {
  const emulator = emulatorForThisFile();

  it('lists all accounts, however small or empty the pages', async () => {
    const names = Array.from({ length: 23 }, (_, index) => `account-${index}`);
    const world = await createWorld(emulator(), { accounts: names.map((name) => account(name)) });
    await emulator().setPageSizes({ listAccounts: 4 });
    await emulator().inject({ action: 'organizations:ListAccounts', kind: 'empty-page', skip: 2, times: 1 });
    const report = await world.run({ mode: 'audit' });
    expect(report.accounts.map((one) => one.account.name)).to.have.members(['management', ...names]);
  });

  it('names suspended, closing and closed accounts as skipped, and enters none of them', async () => {
    const world = await createWorld(emulator(), {
      accounts: [
        account('open'),
        account('suspended', { state: 'SUSPENDED' }),
        account('closing', { state: 'PENDING_CLOSURE' }),
        account('closed', { state: 'CLOSED' }),
        account('new', { state: 'PENDING_ACTIVATION' }),
      ],
    });
    const report = await world.run();
    const cause = (name: string) => {
      const one = accountIn(report, name);
      return one.status === 'skipped' ? one.cause : one.status;
    };
    expect(cause('open')).to.equal('rotated');
    expect(cause('suspended')).to.equal('the account is suspended');
    expect(cause('closing')).to.equal('the account is being closed');
    expect(cause('closed')).to.equal('the account is closed');
    expect(cause('new')).to.equal('the account has not been activated yet');
    const assumed = (await emulator().calls()).filter(({ action }) => action === 'sts:AssumeRole');
    // The open one, and that of the service.
    expect(assumed).to.have.length(2);
  });

  describe('with accounts in nested organizational units', () => {
    const nested = {
      accounts: [
        account('top'),
        account('production', { ou: 'Workloads/Production' }),
        account('nightly', { ou: 'Workloads/Test/Nightly' }),
        account('sandbox', { ou: 'Sandbox' }),
      ],
    };
    const CASES: readonly {
      readonly title: string;
      readonly ous: Readonly<Record<string, string>>;
      readonly rotated: readonly string[];
    }[] = [
      {
        title: 'covers everything below an included unit, however deep',
        ous: { ROTATION_INCLUDE_OUS: 'Workloads' },
        rotated: ['production', 'nightly'],
      },
      {
        title: 'leaves out everything below an excluded unit',
        ous: { ROTATION_EXCLUDE_OUS: 'Workloads/Test' },
        rotated: ['management', 'top', 'production', 'sandbox'],
      },
      {
        title: 'lets an exclusion win over an inclusion',
        ous: { ROTATION_INCLUDE_OUS: 'Workloads,Sandbox', ROTATION_EXCLUDE_OUS: 'Workloads/Test/Nightly' },
        rotated: ['production', 'sandbox'],
      },
    ];
    for (const { title, ous, rotated } of CASES) {
      it(title, async () => {
        const world = await createWorld(emulator(), nested);
        await emulator().setPageSizes({ listOrganizationalUnitsForParent: 1, listAccountsForParent: 1 });
        const ids = Object.entries(ous).map(
          ([name, paths]) =>
            [
              name,
              paths
                .split(',')
                .map((path) => world.organization.ous[path])
                .join(','),
            ] as const,
        );
        const report = await world.run({ mode: 'audit', environment: Object.fromEntries(ids) });
        const names = report.accounts
          .filter(({ status }) => status === 'rotated')
          .map((one) => one.account.name);
        expect(names).to.have.members(rotated);
      });
    }

    it('asks for no unit when no unit is named', async () => {
      const world = await createWorld(emulator(), nested);
      await world.run({ mode: 'audit' });
      const asked = (await emulator().calls()).map(({ action }) => action);
      expect(asked.filter((action) => action.startsWith('organizations:'))).to.deep.equal([
        'organizations:ListAccounts',
      ]);
    });
  });

  const PLACES = [
    { title: 'the management account', seed: {}, environment: false },
    {
      title: 'a delegated administrator account',
      seed: { service: { account: 'security' } },
      environment: false,
    },
    {
      title: 'any other account, with a role to list the accounts with',
      seed: { service: { account: 'security', delegatedAdministrator: false }, organizationsRole: true },
      environment: true,
    },
  ] as const;
  for (const { title, seed, environment } of PLACES) {
    it(`runs in ${title}, which is rotated by its member role like any other`, async () => {
      const world = await createWorld(emulator(), {
        accounts: [account('security'), account('payments')],
        management: { users: [alice] },
        ...seed,
      });
      const role = world.organization.organizationsRoleArn;
      const report = await world.run(
        environment && role !== undefined ? { environment: { ROTATION_ORGANIZATIONS_ROLE_ARN: role } } : {},
      );
      const own = report.accounts.find(({ account: one }) => one.id === world.organization.serviceAccountId);
      expect(own?.status).to.equal('rotated');
      expect(outcomesIn(report, own?.account.name ?? '')).to.deep.equal(['alice replace due applied']);
      expect(outcomesIn(report, 'payments')).to.deep.equal(['alice replace due applied']);
      const intoOwn = (await emulator().calls()).filter(
        ({ action, params }) =>
          action === 'sts:AssumeRole' && params['RoleArn']?.includes(world.organization.serviceAccountId),
      );
      expect(intoOwn).to.have.length(1);
    });
  }

  it('is not disturbed by one account without the role among many', async () => {
    const names = Array.from({ length: 6 }, (_, index) => `account-${index}`);
    const seed = (withoutRole: string) => ({
      accounts: names.map((name) => account(name, name === withoutRole ? { memberRole: false } : {})),
    });
    const whole = await createWorld(emulator(), seed('none'));
    const undisturbed = await whole.run();
    const holed = await createWorld(emulator(), seed('account-3'));
    const report = await holed.run();

    const bad = accountIn(report, 'account-3');
    expect(bad.status).to.equal('unreachable');
    expect(bad.status === 'unreachable' && bad.failure).to.include({
      kind: 'denied',
      during: 'sts:AssumeRole',
    });
    for (const name of names.filter((one) => one !== 'account-3')) {
      expect(outcomesIn(report, name), name).to.deep.equal(outcomesIn(undisturbed, name));
    }
  });

  it('finds a user with 120 colleagues', async () => {
    const colleagues = Array.from({ length: 120 }, (_, index) =>
      userWithKey(`colleague-${index}`, { age: 10, usedAgo: 1 }),
    );
    const world = await createWorld(emulator(), {
      accounts: [{ name: 'big', users: [...colleagues, userWithKey('zoe', { age: 100, usedAgo: 1 })] }],
    });
    await emulator().setPageSizes({ listUsers: 25, listAccessKeys: 1 });
    const report = await world.run();
    expect(outcomesIn(report, 'big').filter((one) => !one.includes('keep'))).to.deep.equal([
      'zoe replace due applied',
    ]);
  });

  it('loses neither of two old keys of one user', async () => {
    const old = (used: number) => ({ createdAt: START - 200 * DAY, lastUsedAt: START - used * DAY });
    const world = await createWorld(emulator(), {
      accounts: [{ name: 'payments', users: [{ userName: 'two-apps', keys: [old(1), old(2)] }] }],
    });
    const before = await emulator().snapshot(world.organization.accounts[0]?.id);
    const report = await world.run();
    expect(outcomesIn(report, 'payments')).to.deep.equal([
      'two-apps blocked two-keys-in-use none',
      'two-apps blocked two-keys-in-use none',
    ]);
    expect(await emulator().snapshot(world.organization.accounts[0]?.id)).to.deep.equal(before);
  });

  it('does what was asked only in the accounts and for the users that were named', async () => {
    const bob = userWithKey('bob', { age: 100, usedAgo: 1 });
    const world = await createWorld(emulator(), {
      accounts: [account('payments', { users: [alice, bob] }), account('shop')],
    });
    const report = await world.run({
      accountIds: [world.organization.accounts[0]?.id ?? ''],
      userNames: ['ALICE'],
    });
    expect(report.accounts.map((one) => one.account.name)).to.deep.equal(['payments']);
    expect(outcomesIn(report, 'payments')).to.deep.equal(['alice replace due applied']);
  });

  it('goes on with an account in which thirty owners move to their new keys in the same week', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `svc-${index}`);
    const world = await createWorld(emulator(), {
      accounts: [{ name: 'big', users: names.map((name) => userWithKey(name, { age: 300, usedAgo: 1 })) }],
    });
    const accountId = world.organization.accounts[0]?.id;
    const count = async (status: 'Active' | 'Inactive') =>
      (await emulator().snapshot(accountId))
        .flatMap(({ users }) => users.flatMap(({ keys }) => keys))
        .filter((key) => key.status === status).length;
    const seen: (readonly [number, number])[] = [];
    for (let week = 0; week < 5; week++) {
      await world.run();
      seen.push([await count('Active'), await count('Inactive')]);
      await world.pass(7);
      const users = (await emulator().snapshot(accountId)).flatMap((account) => account.users);
      await emulator().markUsed(users.flatMap(({ keys }) => keys.at(-1)?.id ?? []));
    }
    expect(seen).to.deep.equal([
      [60, 0],
      [60, 0],
      [30, 30],
      [30, 30],
      [30, 0],
    ]);
  });
});
