import { expect } from 'chai';
import type { OrganizationSeed } from '../../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, userWithKey, type World } from '../../support/world.ts';
import { createFunctionWorld } from '../function-world.ts';
import { reportIn } from '../json-shape.ts';
import { run } from '../terminal.ts';

const SHOP = '111111111101';
const DATA = '111111111102';

const owned = (userName: string, owner: string, age: number, usedAgo = 1) => ({
  ...userWithKey(userName, { age, usedAgo }),
  tags: { owner },
});
const IDLE = ['idle-1', 'idle-2'];
/** Of each owner something is due: replacements, and, once announced, keys that nobody has used for a year. */
const SEED: OrganizationSeed = {
  accounts: [
    {
      name: 'shop',
      users: [
        owned('ann', 'team-shop', 65),
        owned('bob', 'team-data', 65),
        owned('kim', 'team-shop', 5),
        owned('idle-1', 'team-shop', 400, 380),
        owned('idle-2', 'team-data', 400, 380),
      ],
    },
    { name: 'data', users: [owned('ann', 'team-data', 65), owned('cem', 'team-shop', 65)] },
  ],
};
const UNREACHABLE = { name: 'lost', memberRole: false, users: [] } as const;
const ENFORCE = { ROTATION_MODE: 'enforce' };

describe('apply, to a part', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  const create = async (seed: OrganizationSeed = SEED) => {
    world = await createWorld(emulator(), seed);
    await setOwners(world);
  };
  const setOwners = async (of: Pick<World, 'aws' | 'environment'>, environment = {}) => {
    const args = ['settings', 'set', 'ownerTag', 'owner', '--organization', '--yes'];
    const { code, stderr } = await run(args, of, { environment });
    expect(code, stderr).to.equal(0);
  };
  /** With notices that were given, so that what is unused is due now. */
  const announce = async () => {
    await world.run({ userNames: IDLE, environment: {} });
    await world.pass(11);
  };
  const apply = (args: readonly string[], more: Readonly<Record<string, string>> = {}, answer?: string) =>
    run(['apply', ...args], world, {
      environment: { ...ENFORCE, ...more },
      ...(answer === undefined ? {} : { answer }),
    });
  /** `111111111101/ann: Active Active`, of whoever is not as at first. */
  const changed = async () =>
    (await emulator().snapshot())
      .flatMap(({ accountId, users }) =>
        users.map(({ userName, keys }) => [
          `${accountId}/${userName}`,
          keys.map(({ status }) => status).join(' '),
        ]),
      )
      .filter(([, states]) => states !== 'Active' && states !== '')
      .map((parts) => parts.join(': '));
  const REPLACED = 'Active Active';

  const NARROWED: readonly (readonly [title: string, args: readonly string[], changed: readonly string[]])[] =
    [
      [
        'a user of one account, and nobody of that name elsewhere',
        ['--user', `${DATA}/ann`],
        [`${DATA}/ann`],
      ],
      ['a user by name in every account', ['--user', 'ANN'], [`${SHOP}/ann`, `${DATA}/ann`]],
      ['both at once', ['--user', `${SHOP}/ann`, 'cem'], [`${SHOP}/ann`, `${DATA}/cem`]],
      ['the users of an owner', ['--owner', 'TEAM-shop'], [`${SHOP}/ann`, `${DATA}/cem`]],
      [
        'those of two',
        ['--owner', 'team-shop', 'team-data'],
        [`${SHOP}/ann`, `${SHOP}/bob`, `${DATA}/ann`, `${DATA}/cem`],
      ],
      ['those in one account', ['--owner', 'team-shop', '--account', SHOP], [`${SHOP}/ann`]],
      ['those of that name', ['--owner', 'team-data', '--user', 'ann'], [`${DATA}/ann`]],
      [
        'what is to be replaced',
        ['--only', 'replace', '--owner', 'team-data'],
        [`${SHOP}/bob`, `${DATA}/ann`],
      ],
      ['nothing where there is nothing of the kind', ['--only', 'delete', 'deactivate'], []],
    ];
  for (const [title, args, users] of NARROWED) {
    it(`changes ${title}`, async () => {
      await create();
      const { code, stderr } = await apply(['--yes', ...args]);
      expect(code, stderr).to.equal(0);
      expect(await changed()).to.have.members(users.map((user) => `${user}: ${REPLACED}`));
    });
  }

  it('enters no account in which nobody is meant', async () => {
    await create();
    await emulator().forgetCalls();
    await apply(['--yes', '--user', `${DATA}/ann`]);
    const entered = (await emulator().calls()).filter(({ action }) => action === 'iam:ListUsers');
    expect(new Set(entered.map(({ accountId }) => accountId))).to.deep.equal(new Set([DATA]));
  });

  const ONLY: readonly (readonly [
    only: readonly string[],
    changed: readonly string[],
    heldBy: readonly string[],
  ])[] = [
    [['replace'], [`${SHOP}/ann: ${REPLACED}`], ['idle-1']],
    [['deactivate'], [`${SHOP}/idle-1: Inactive`], ['ann']],
    [['deactivate', 'replace'], [`${SHOP}/ann: ${REPLACED}`, `${SHOP}/idle-1: Inactive`], []],
    [['delete'], [], ['ann', 'idle-1']],
  ];
  for (const [only, states, left] of ONLY) {
    it(`does nothing but ${only.join(' and ')}, and says of the rest that it was not asked for`, async () => {
      await create();
      await announce();
      const about = ['--owner', 'team-shop', '--account', SHOP];
      const { stdout, code } = await apply(['--yes', '--json', ...about, '--only', ...only]);
      expect(await changed()).to.have.members([...states]);
      const held = reportIn(stdout)
        .accounts.flatMap(({ outcomes }) => outcomes)
        .filter(({ status }) => status === 'held');
      expect(held.map(({ userName }) => userName)).to.have.members([...left]);
      for (const one of held)
        expect(one).to.include({ heldBy: 'request', cause: 'not asked for in this run' });
      expect(code).to.equal(0);
    });
  }

  it('never does more than the mode allows, whatever is asked for', async () => {
    await create();
    await announce();
    const { stdout } = await apply(['--yes', '--json', '--mode', 'replace-only', '--only', 'deactivate']);
    expect(await changed()).to.deep.equal([]);
    expect(reportIn(stdout).totals).to.include({ replaced: 0, deactivated: 0, held: 6 });
  });

  it('shows what will be done under all of this before it asks, and does nothing when told not to', async () => {
    await create();
    await announce();
    const { code, stderr } = await apply(['--owner', 'team-shop', '--only', 'replace'], {}, 'n');
    expect(stderr).to.match(/This is what will be done, .*: replace 2, held back 1\n/);
    expect(stderr)
      .to.include('not asked for in this run')
      .and.not.to.match(/\b(bob|idle-2)\b/);
    expect(code).to.equal(1);
    expect(await changed()).to.deep.equal([]);
  });

  it('shows what the limits leave of it: with fewer users more of it may be done', async () => {
    await create();
    await announce();
    const limit = { ROTATION_MAX_DEACTIVATIONS: '1' };
    const { stderr } = await apply(['--owner', 'team-shop', '--only', 'deactivate'], limit, 'y');
    expect(stderr).to.match(/This is what will be done, .*: switch off 1, held back 2\n/);
    expect(await changed()).to.deep.equal([`${SHOP}/idle-1: Inactive`]);
  });

  const WRONG: readonly (readonly [title: string, args: readonly string[], says: string])[] = [
    [
      'an owner that nobody is',
      ['--owner', 'team-shop', 'team-dat'],
      '--owner: no key of this run has an owner team-dat; did you mean team-data?',
    ],
    [
      'a user whom that account has not',
      ['--user', `${DATA}/bob`, 'ann'],
      `--user: no account of this run has a user ${DATA}/bob with access keys`,
    ],
    [
      'a user of an account that there is not',
      ['--user', '999999999999/ann'],
      '--user: no account of this run has a user 999999999999/ann with access keys',
    ],
    [
      'a user of an account that is not meant',
      ['--account', SHOP, '--user', `${DATA}/ann`],
      `--user: no account of this run has a user ${DATA}/ann with access keys`,
    ],
  ];
  for (const [title, args, says] of WRONG) {
    it(`refuses ${title}, and changes nothing`, async () => {
      await create();
      const { code, stderr } = await apply(['--yes', ...args]);
      expect(stderr).to.include(says);
      expect(code).to.equal(2);
      expect(await changed()).to.deep.equal([]);
    });
  }

  it('says what could not be read and may be of the owner, too, and ends with 1', async () => {
    await create({ accounts: [...SEED.accounts, UNREACHABLE] });
    const { code, stderr } = await apply(['--yes', '--owner', 'team-data']);
    expect(stderr).to.match(/What could not be read may be of these owners, too\. It is left alone:\n.*lost/);
    expect(code).to.equal(1);
    expect(await changed()).to.have.members([`${SHOP}/bob: ${REPLACED}`, `${DATA}/ann: ${REPLACED}`]);
  });

  it('changes nothing for an owner of whom no key is, where not everybody could be read', async () => {
    await create({ accounts: [...SEED.accounts, UNREACHABLE] });
    const { code, stderr } = await apply(['--yes', '--owner', 'team-none']);
    expect(stderr).to.include('No key that had to be looked at has an owner team-none. Nothing was changed.');
    expect(code).to.equal(1);
    expect(await changed()).to.deep.equal([]);
  });

  it('asks the function for exactly these users and kinds of change', async () => {
    const made = await createFunctionWorld(emulator(), SEED, ENFORCE);
    try {
      await setOwners(made, made.environment);
      const about = ['--yes', '--json', '--owner', 'team-shop', '--account', SHOP];
      const replacedBy = async (only: string) => {
        const args = ['apply', ...about, '--only', only];
        const { code, stderr, stdout } = await run(args, made, { environment: made.environment });
        expect(code, stderr).to.equal(0);
        return reportIn(stdout).totals.replaced;
      };
      expect(await replacedBy('deactivate')).to.equal(0);
      expect(await changed()).to.deep.equal([]);
      expect(await replacedBy('replace')).to.equal(1);
      expect(await changed()).to.deep.equal([`${SHOP}/ann: ${REPLACED}`]);
      const asked = made.function.events as readonly Readonly<Record<string, unknown>>[];
      expect(asked.map(({ requestedBy: _, ...request }) => request)).to.deep.equal(
        ['deactivate', 'replace'].map((only) => ({
          command: 'apply',
          accountIds: [SHOP],
          userNames: [`${SHOP}/ann`, `${SHOP}/idle-1`, `${SHOP}/kim`],
          only: [only],
        })),
      );
    } finally {
      made.function.close();
    }
  });
});
