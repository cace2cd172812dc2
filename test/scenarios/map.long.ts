import type { Context } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';
import { dynamoLedger } from '../../src/aws/table/ledger.ts';
import { lastRunRow } from '../../src/aws/table/last-run-row.ts';
import { totalsOf, type RunReport } from '../../src/domain/report/run-report.ts';
import { DAY } from '../../src/domain/time.ts';
import { settingsFor } from '../aws/support.ts';
import type { OrganizationSeed, Published, SeedUser } from '../support/emulator/emulator.ts';
import { invokeHere } from '../support/map/handlers.ts';
import { invokeInProcess } from '../support/map/process.ts';
import { createMapWorld, type MapOptions, type MapWorld } from '../support/map/world.ts';
import { withoutChance } from '../support/map/without-chance.ts';
import { storedRunsAt } from '../../src/compose/stored-runs.ts';
import { rotateOrganization as rotateByOne } from '../../src/handler.ts';
import { BUCKET } from '../support/map/run-map.ts';
import { rotateOrganization as rotateAll } from '../../src/run/rotation/rotate-organization.ts';
import { compose } from '../../src/compose/run.ts';
import { readSettings } from '../../src/config/settings.ts';
import { readRequest } from '../../src/config/request.ts';
import { emulatorForThisFile, REGION } from '../support/world.ts';

const [A, B, C, D] = ['111111111101', '111111111102', '111111111103', '111111111104'] as const;
const MANAGEMENT = '123456789012';

const userWith = (
  userName: string,
  now: number,
  ...keys: readonly (readonly [age: number, used?: number])[]
) =>
  ({
    userName,
    keys: keys.map(([age, used]) => ({
      createdAt: now - age * DAY,
      ...(used === undefined ? {} : { lastUsedAt: now - used * DAY }),
    })),
  }) satisfies SeedUser;

/** One user in each account whose key is due. */
const oneDueIn = (...names: readonly string[]): OrganizationSeed => {
  const now = Date.now();
  return { accounts: names.map((name) => ({ name, users: [userWith(`ann-${name}`, now, [65, 1])] })) };
};

const statusesOf = ({ accounts }: RunReport) =>
  Object.fromEntries(accounts.map((report) => [report.account.id, report.status]));

const runIdOf = ({ output }: { readonly output?: unknown }): string =>
  (output as { readonly runId?: string } | undefined)?.runId ?? 'none';

describe('a run by map', function () {
  const emulator = emulatorForThisFile();
  let world: MapWorld | undefined;
  let lines: unknown[];

  beforeEach(async () => {
    await emulator().reset();
    lines = [];
    for (const method of ['log', 'info', 'warn', 'error'] as const) {
      sinon.stub(console, method).callsFake((line) => lines.push(line));
    }
  });
  afterEach(async () => {
    sinon.restore();
    await world?.stop();
    world = undefined;
  });

  const begin = async (seed: OrganizationSeed, options: MapOptions = {}): Promise<MapWorld> => {
    world = await createMapWorld(emulator(), seed, options);
    return world;
  };
  const lastRun = ({ organization }: MapWorld) =>
    lastRunRow(settingsFor(emulator(), organization.credentials), organization.tableName).read();

  it('says and does the same as one function', async () => {
    const now = Date.now();
    const seed: OrganizationSeed = {
      accounts: [
        {
          name: 'app',
          ou: 'Workloads',
          users: [userWith('ann', now, [65, 1]), userWith('bob', now, [5, 1]), userWith('cid', now, [200])],
        },
        { name: 'two', ou: 'Workloads', users: [userWith('dan', now, [95, 1], [70, 2])] },
        { name: 'closed', state: 'SUSPENDED', users: [] },
        { name: 'foreign', memberRole: false, users: [userWith('eve', now, [65, 1])] },
        { name: 'left-out', users: [userWith('fay', now, [65, 1])] },
      ],
      management: { users: [userWith('gus', now, [61, 3])], rootHasKeys: true },
    };
    const environment = { ROTATION_EXCLUDE_ACCOUNTS: '111111111105' };
    const byMap = await begin(seed, { environment });
    const ended = await byMap.run();
    expect(ended).to.include({ status: 'SUCCEEDED' });
    const report = await byMap.report(runIdOf(ended));
    const told = await emulator().notifications();
    const events = await emulator().events();
    const left = await lastRun(byMap);
    await byMap.stop();

    await emulator().reset();
    const again = await begin(seed, { environment });
    const one = await rotateAll(
      compose(readSettings(again.environment), readRequest({}), {
        region: REGION,
        endpoint: emulator().endpoint,
        credentials: () => Promise.resolve(again.organization.credentials),
        publish: true,
      }),
    );
    expect(withoutChance(report)).to.deep.equal(withoutChance(one));
    const messages = (published: readonly Published[]) =>
      published.map(({ subject, message, attributes }) => ({ subject, message, attributes }));
    expect(withoutChance(messages(told))).to.have.deep.members(
      withoutChance(messages(await emulator().notifications())) as unknown[],
    );
    expect(withoutChance(events)).to.have.deep.members(withoutChance(await emulator().events()) as unknown[]);
    expect(left).to.deep.include({ unreachable: ['111111111104'], deferred: [], runs: 1 });
    expect([...left.surveyed.keys()]).to.have.members([A, B, MANAGEMENT]);
  });

  it('leaves its report as one function does, with the keys that nobody looked at one by one', async () => {
    const now = Date.now();
    const users = (name: string) => [
      userWith(`ann-${name}`, now, [65, 1]),
      userWith(`bob-${name}`, now, [5, 1], [9]),
    ];
    const seed: OrganizationSeed = { accounts: ['app', 'two'].map((name) => ({ name, users: users(name) })) };
    const environment = { ROTATION_INVENTORY: 'credential-report' };
    const stored = async ({ organization }: MapWorld, runId: string) => {
      const credentials = () => Promise.resolve(organization.credentials);
      const runs = storedRunsAt(`${emulator().endpoint}/${BUCKET}`, { region: REGION, credentials });
      const run = await runs.read(runId);
      if (run === undefined) throw new Error('no report is kept');
      const quiet = await runs.quietKeys(run);
      // Accounts are done in any order.
      const name = ({ userName, createdAt }: (typeof quiet)[number]) => `${userName} ${createdAt}`;
      return { run, quiet: quiet.toSorted((one, two) => (name(one) < name(two) ? -1 : 1)) };
    };
    const byMap = await begin(seed, { environment });
    const ofMap = await stored(byMap, runIdOf(await byMap.run()));
    await byMap.stop();

    await emulator().reset();
    const again = await begin(seed, { environment });
    const context = { getRemainingTimeInMillis: () => 900_000, awsRequestId: 'x' } as Context;
    const { runId } = await rotateByOne({}, context);
    const ofOne = await stored(again, runId);
    expect(withoutChance(ofMap)).to.deep.equal(withoutChance(ofOne));
    expect(ofMap.run).to.include({ isWhole: true, quietFiles: 1 });
    expect(ofMap.quiet.map(({ userName }) => userName)).to.have.members([
      'bob-app',
      'bob-app',
      'bob-two',
      'bob-two',
    ]);
  });

  it('takes an account whose function fails, dies, or finds no room for one that was not worked on', async () => {
    const killed: string[] = [];
    const world = await begin(oneDueIn('fails', 'dies', 'no-room', 'busy'), {
      instead: async ({ name, event, accountId, tried }, properly) => {
        if (accountId === C) return { kind: 'refused', code: 'TooManyRequestsException', status: 429 };
        if (accountId === D && tried < 2)
          return { kind: 'refused', code: 'TooManyRequestsException', status: 429 };
        if (accountId !== B) return await properly();
        // In the middle of a replacement.
        killed.push(accountId);
        return await invokeInProcess(`access-key-rotation-${name}`, event, environmentOf(), (pid) =>
          emulator().killAt({ pid, call: 12, when: 'after' }),
        );
      },
    });
    const environmentOf = () => world.environment;
    await emulator().inject({
      action: 's3:PutObject',
      match: { Key: `*accounts/${A}*` },
      kind: 'error',
      code: 'AccessDenied',
      httpStatus: 403,
    });

    const ended = await world.run();
    expect(ended).to.include({ status: 'SUCCEEDED' });
    expect(killed).to.deep.equal([B]); // what died is not tried again
    await emulator().clearFaults();
    const report = await world.report(runIdOf(ended));
    expect(statusesOf(report)).to.deep.equal({
      [MANAGEMENT]: 'rotated',
      [A]: 'unreachable',
      [B]: 'unreachable',
      [C]: 'not-started',
      [D]: 'rotated',
    });
    const causes = report.accounts.map((one) =>
      one.status === 'unreachable' ? one.failure.message : 'cause' in one ? one.cause : '',
    );
    expect(causes.join('\n'))
      .to.include('Runtime.ExitError: Error: Runtime exited with error: signal: killed')
      .and.to.include('AccessDenied')
      .and.to.include('Lambda.TooManyRequestsException');
    expect(await lastRun(world)).to.deep.include({ unreachable: [A, B], deferred: [{ accountId: C }] });
    // The readers of both are told, and everybody of the whole.
    const told = await emulator().notifications();
    expect(told.filter(({ subject }) => /fails|dies/.test(subject ?? '')).length).to.be.at.least(2);
    const summary = told.at(-1)?.message ?? '';
    for (const name of ['fails', 'dies', 'no-room']) expect(summary).to.include(name);
    expect(world.invocations.filter(({ accountId }) => accountId === C).length).to.equal(11);
  });

  it('goes on with what is left by an account that died, and begins with what found no room', async () => {
    let isFirst = true;
    const world = await begin(oneDueIn('dies', 'no-room'), {
      instead: async ({ name, event, accountId }, properly) => {
        if (!isFirst || name !== 'account' || accountId === MANAGEMENT) return await properly();
        if (accountId === B) return { kind: 'refused', code: 'TooManyRequestsException', status: 429 };
        return await invokeInProcess(`access-key-rotation-${name}`, event, world.environment, (pid) =>
          emulator().killAt({ pid, call: 12, when: 'after' }),
        );
      },
    });
    await world.run();
    isFirst = false;
    const before = world.invocations.length;
    const held = await world.run();
    // The dead one holds its account, until its lease runs out.
    expect(statusesOf(await world.report(runIdOf(held)))).to.include({ [A]: 'skipped', [B]: 'rotated' });
    const accounts = world.invocations.slice(before).filter(({ name }) => name === 'account');
    // Two begin at once.
    expect(accounts.slice(0, 2).map(({ accountId }) => accountId)).to.include(B);
    const [begun] = accounts.filter(({ accountId }) => accountId === B);
    expect(begun?.event).to.have.nested.property('item.deferred.accountId', B);
  });

  it('ends although an account takes for ever', async () => {
    let release = () => {};
    const forEver = new Promise<void>((resolve) => (release = resolve));
    const world = await begin(oneDueIn('slow'), {
      environment: { ROTATION_EXCLUDE_ACCOUNTS: MANAGEMENT },
      secondsForAnAccount: 1,
      instead: async ({ name }, properly) => {
        if (name !== 'account') return await properly();
        await forEver;
        return { kind: 'returned', value: {} };
      },
    });
    const ended = await world.run();
    release();
    expect(ended).to.include({ status: 'SUCCEEDED' });
    const report = await world.report(runIdOf(ended));
    expect(report.accounts.find(({ account }) => account.id === A))
      .to.have.nested.property('failure.message')
      .that.includes('States.Timeout');
  });

  it('does an account once whose answer was lost', async () => {
    const world = await begin(oneDueIn('a'), {
      instead: async ({ accountId, tried }, properly) => {
        const answer = await properly();
        const isLost = accountId === A && tried === 0;
        return isLost ? { kind: 'refused', code: 'ServiceException', status: 500 } : answer;
      },
    });
    const ended = await world.run();
    expect(world.invocations.filter(({ accountId }) => accountId === A)).to.have.length(2);
    expect((await world.report(runIdOf(ended))).accounts.map(({ status }) => status)).to.deep.equal([
      'rotated',
      'rotated',
    ]);
    const [{ users } = { users: [] }] = await emulator().snapshot(A);
    expect(users.map(({ keys }) => keys.length)).to.deep.equal([2]);
    const digests = (await emulator().notifications()).filter(
      ({ attributes }) => attributes['accountId'] === A,
    );
    expect(digests).to.have.length(1);
  });

  it('keeps to the limit of the organization, in processes that know nothing of each other', async () => {
    const now = Date.now();
    const world = await begin(
      {
        accounts: ['a', 'b', 'c'].map((name) => ({
          name,
          users: [userWith('ann', now, [95, 20], [94, 1])],
        })),
      },
      {
        environment: {
          ROTATION_WHEN_TWO_KEYS_IN_USE: 'deactivate-least-recently-used',
          ROTATION_IN_USE_WINDOW_DAYS: '30',
          ROTATION_MAX_DEADLINE_DEACTIVATIONS: '2',
        },
        instead: ({ name, event }, properly) =>
          name === 'account'
            ? invokeInProcess(`access-key-rotation-${name}`, event, world.environment)
            : properly(),
      },
    );
    const { organization } = world;
    const ledger = dynamoLedger(settingsFor(emulator(), organization.credentials), organization.tableName);
    for (const { id } of organization.accounts) {
      const [{ users } = { users: [] }] = await emulator().snapshot(id);
      const oldest = users[0]?.keys.toSorted((one, other) => one.createdAt - other.createdAt)[0];
      await ledger.record(id, [
        {
          kind: 'published',
          userName: 'ann',
          accessKeyId: oldest?.id ?? '',
          notice: {
            about: 'least-recently-used',
            firstAt: now - 15 * DAY,
            lastAt: now - 7 * DAY,
            date: now - DAY,
          },
        },
      ]);
    }
    const ended = await world.run();
    const { totals } = ended.output as { readonly totals: Readonly<Record<string, number>> };
    expect(totals).to.include({ deactivated: 2, heldByOrganizationLimit: 1 });
  });

  it('needs no map where no account is left', async () => {
    const world = await begin(oneDueIn('a'), {
      environment: { ROTATION_EXCLUDE_ACCOUNTS: `${A},${MANAGEMENT}` },
    });
    const ended = await world.run();
    expect(ended).to.include({ status: 'SUCCEEDED' });
    expect(world.invocations.map(({ name }) => name)).to.deep.equal(['list', 'finish']);
    expect(ended.output).to.deep.include({ clean: true });
  });

  for (const [title, event, problem] of [
    ['a mode that there is not', { mode: 'all' }, /mode: must be one of/],
    ['an account that the organization does not have', { accountIds: ['999999999999'] }, /999999999999/],
  ] as const) {
    it(`fails before any account with ${title}, and says why`, async () => {
      const world = await begin(oneDueIn('a'));
      const ended = await world.run(event);
      expect(ended.status).to.equal('FAILED');
      expect(ended.error).to.match(problem);
      expect(world.invocations.map(({ name }) => name)).to.deep.equal(['list']);
      expect(lines.map(String).join('\n')).to.include('"RunsFailed":1');
    });
  }

  it('does in every process only what it was asked for, and has none for an account where nobody is meant', async () => {
    const world = await begin(oneDueIn('a', 'b'));
    const asked = { userNames: ['111111111101/ann-a'], only: ['deactivate'] };
    const ended = await world.run(asked);
    expect(ended).to.include({ status: 'SUCCEEDED' });
    expect(world.invocations.map(({ name }) => name)).to.deep.equal(['list', 'account', 'finish']);
    const { accounts } = await world.report(runIdOf(ended));
    expect(accounts.map(({ account }) => account.id)).to.deep.equal(['111111111101']);
    expect(totalsOf(accounts)).to.include({ replaced: 0, held: 1 });
    await world.run({ ...asked, only: ['replace'] });
    const keys = (await emulator().snapshot())
      .filter(({ accountId }) => accountId.startsWith('1111'))
      .flatMap(({ users }) => users.map((user) => user.keys.length));
    expect(keys).to.deep.equal([2, 1]);
  });

  it('can be finished again, when finishing failed', async () => {
    const world = await begin(oneDueIn('a'));
    await emulator().inject({
      action: 's3:GetObject',
      match: { Key: '*organization*' },
      kind: 'error',
      code: 'AccessDenied',
      httpStatus: 403,
    });
    const ended = await world.run();
    expect(ended.status).to.equal('FAILED');
    await emulator().clearFaults();
    const [{ event } = { event: {} }] = world.invocations.filter(({ name }) => name === 'finish');
    const again = await invokeHere('access-key-rotation-finish', event);
    expect(again).to.have.nested.property('value.totals.replaced', 1);
  });
});
