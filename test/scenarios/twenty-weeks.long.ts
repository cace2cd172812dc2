import { expect } from 'chai';
import pLimit from 'p-limit';
import { totalsOf } from '../../src/domain/report/run-report.ts';
import { DAY, wholeDays } from '../../src/domain/time.ts';
import type { Credentials, SeedAccount, SeedUser } from '../support/emulator/emulator.ts';
import { readOwnSecret, whoAmI } from '../support/workloads.ts';
import { createWorld, emulatorForThisFile, START, userWithKey, type World } from '../support/world.ts';

const WEEKS = 20;

/** Something that runs on a key. */
interface Workload {
  readonly accountId: string;
  readonly userName: string;
  /** Weeks from the delivery of a new key until the workload uses it. */
  readonly adoptsAfter: number;
  /** Weeks between two uses. */
  readonly every: number;
  credentials: Credentials;
  newKeySince?: { week: number; credentials: Credentials };
}

const HABITS: readonly (Pick<Workload, 'adoptsAfter' | 'every'> & { readonly user: SeedUser })[] = [
  { user: userWithKey('adopts-at-once', { age: 300, usedAgo: 1 }), adoptsAfter: 0, every: 1 },
  { user: userWithKey('adopts.next-week', { age: 75, usedAgo: 2 }), adoptsAfter: 1, every: 1 },
  { user: userWithKey('young,but+ageing', { age: 20, usedAgo: 1 }), adoptsAfter: 0, every: 1 },
  { user: userWithKey('every-four-weeks', { age: 61, usedAgo: 20 }), adoptsAfter: 0, every: 4 },
];

const IDLE: readonly SeedUser[] = [
  userWithKey('never-used', { age: 200 }),
  {
    userName: 'off-and-on',
    keys: [
      { createdAt: START - 200 * DAY, status: 'Inactive' },
      { createdAt: START - 100 * DAY, lastUsedAt: START - 95 * DAY },
    ],
  },
];

describe('Twenty weekly runs over twelve accounts', function () {
  const emulator = emulatorForThisFile();
  let world: World;
  let workloads: readonly Workload[];
  const sameDay: number[] = [];

  before(async function () {
    const accounts = Array.from({ length: 12 }, (_, index): SeedAccount => ({
      name: `account-${index + 1}`,
      ou: index % 2 === 0 ? 'Workloads/Production' : 'Workloads/Test/Nightly',
      users: [...HABITS.map(({ user }) => user), ...IDLE],
    }));
    world = await createWorld(emulator(), { accounts });
    workloads = await everyWorkload();
  });

  const everyWorkload = async (): Promise<readonly Workload[]> => {
    const found = (await emulator().snapshot()).flatMap(({ accountId, users }) =>
      HABITS.flatMap(({ user, ...habit }) => {
        const key = users.find(({ userName }) => userName === user.userName)?.keys[0];
        return key === undefined ? [] : [{ accountId, userName: user.userName, keyId: key.id, ...habit }];
      }),
    );
    return Promise.all(
      found.map(async ({ keyId, ...rest }) => ({
        ...rest,
        credentials: await emulator().keyCredentials(keyId),
      })),
    );
  };

  /** One week of a workload: it runs, and its owner looks for a new key. */
  const live = async (workload: Workload, week: number): Promise<string | undefined> => {
    const { endpoint } = emulator();
    const { userName } = workload;
    const inSecret = await readOwnSecret(endpoint, userName, workload.credentials);
    if (inSecret !== undefined && inSecret.accessKeyId !== workload.credentials.accessKeyId) {
      workload.newKeySince ??= { week, credentials: inSecret };
      if (week - workload.newKeySince.week >= workload.adoptsAfter) {
        workload.credentials = inSecret;
        delete workload.newKeySince;
      }
    }
    if (week % workload.every !== 0) return undefined;
    const arn = await whoAmI(endpoint, workload.credentials);
    return arn?.endsWith(`/${userName}`) ? undefined : `${userName} in ${workload.accountId} in week ${week}`;
  };

  it('never leave a working user without a working key, and count what IAM then holds', async function () {
    const atOnce = pLimit(8);
    for (let week = 0; week < WEEKS; week++) {
      const lockedOut = await atOnce.map(workloads, (workload) => live(workload, week));
      expect(lockedOut.filter((one) => one !== undefined)).to.deep.equal([]);

      const report = await world.run();
      const after = await emulator().snapshot();
      const keys = after.flatMap(({ users }) => users.flatMap((user) => user.keys));
      const totals = totalsOf(report.accounts);
      expect(totals).to.include({
        activeKeys: keys.filter(({ status }) => status === 'Active').length,
        inactiveKeys: keys.filter(({ status }) => status === 'Inactive').length,
        failed: 0,
        partial: 0,
        skippedUsers: 0,
      });

      if (week % 5 === 0) {
        await world.run();
        expect(await emulator().snapshot(), `a second run in week ${week}`).to.deep.equal(after);
        sameDay.push(week);
      }
      await world.pass(7);
    }
  });

  it('changed nothing in the second run of a day', () => {
    expect(sameDay).to.deep.equal([0, 5, 10, 15]);
  });

  it('replaced every key in use', async () => {
    const now = world.clock.now();
    const keys = (await emulator().snapshot()).flatMap(({ users }) => users.flatMap((user) => user.keys));
    const ages = workloads.map(({ credentials }) => {
      const key = keys.find(({ id }) => id === credentials.accessKeyId);
      return key === undefined ? Infinity : wholeDays(key.createdAt, now);
    });
    // Due from day 60 on, met by the next weekly run, seen a week later, adopted another week later.
    expect(Math.max(...ages)).to.be.below(60 + 3 * 7);
  });

  it('left no key that nobody uses', async () => {
    const users = (await emulator().snapshot()).flatMap((account) => account.users);
    const idle = users.filter(({ userName }) => IDLE.some((one) => one.userName === userName));
    expect(idle.flatMap(({ keys }) => keys)).to.deep.equal([]);
  });
});
