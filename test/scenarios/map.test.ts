import { expect } from 'chai';
import sinon from 'sinon';
import { dynamoLedger } from '../../src/aws/table/ledger.ts';
import { lastRunRow } from '../../src/aws/table/last-run-row.ts';
import type { RunReport } from '../../src/domain/report/run-report.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { settingsFor } from '../aws/support.ts';
import type { OrganizationSeed, Published, SeedUser } from '../support/emulator/emulator.ts';
import { invokeInProcess } from '../support/map/process.ts';
import { createMapWorld, type MapOptions, type MapWorld } from '../support/map/world.ts';
import { withoutChance } from '../support/map/without-chance.ts';
import { rotateOrganization } from '../../src/handler.ts';
import { rotateOrganization as rotateAll } from '../../src/run/rotation/rotate-organization.ts';
import { compose } from '../../src/compose/run.ts';
import { readSettings } from '../../src/config/settings.ts';
import { readRequest } from '../../src/config/request.ts';
import { emulatorForThisFile, REGION } from '../support/world.ts';

const [A, B, C, D] = ['111111111101', '111111111102', '111111111103', '111111111104'] as const;
const MANAGEMENT = '123456789012';

const userWith = (userName: string, now: number, ...keys: readonly (readonly [age: number, used?: number])[]) =>
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
  /** Who was told what about which account: nothing but the subjects, in any order. */
  const subjects = (published: readonly Published[]) =>
    published.map(({ subject }) => String(withoutChance(subject))).sort();

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
    expect(left).to.deep.equal({ unreachable: ['111111111104'], deferred: [] });
  });
});
