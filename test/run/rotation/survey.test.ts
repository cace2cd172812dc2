import { expect } from 'chai';
import fc from 'fast-check';
import type { KeyMemory } from '../../../src/domain/rotation/key.ts';
import { DAY, dateOf, days, HOUR } from '../../../src/domain/time.ts';
import { isAccountInTurn } from '../../../src/domain/rotation/credential-report.ts';
import { newsOf } from '../../../src/report/common/classify.ts';
import type { SettingValues } from '../../../src/domain/settings/setting.ts';
import { openUsers } from '../../../src/run/rotation/open-users.ts';
import { T0 } from '../../support/builders.ts';
import { planOrganization, rotateOrganization } from '../../../src/run/rotation/rotate-organization.ts';
import { rotated, totalsOf, type RunReport } from '../../../src/domain/report/run-report.ts';
import type { QuietKey } from '../../../src/domain/report/stored-run.ts';
import type { CallName } from '../../support/memory/intercept.ts';
import {
  memoryOrganization,
  type MemoryOrganization,
  type RunOptions,
} from '../../support/memory/organization.ts';

const ids = [...Array(12).keys()].map((n) => `user-${n}`);

/** An account of twelve users with young keys that are used, and whatever is added. */
function organizationOf(
  ...ages: readonly number[]
): MemoryOrganization & { readonly app: ReturnType<MemoryOrganization['add']> } {
  const organization = memoryOrganization();
  const app = organization.add();
  for (const [index, name] of ids.entries()) {
    app.iam.addKey(name, { age: days(ages[index] ?? 10), usedAgo: HOUR });
  }
  return { ...organization, app };
}

async function run(organization: MemoryOrganization, options: RunOptions = {}) {
  const calls: CallName[] = [];
  const report = await rotateOrganization(
    organization.run({
      inventory: 'auto',
      ...options,
      around: (call, proceed) => {
        calls.push(call.name);
        return proceed();
      },
    }),
  );
  return { report, calls, count: (name: CallName) => calls.filter((one) => one === name).length };
}

/** By default a run in which neither the account nor its young users are in turn. */
const surveyed = (organization: { readonly app: { readonly id: string } }, runs = 3) => ({
  surveyed: new Map([[organization.app.id, runs]]),
});

const decisionsOf = (report: RunReport) =>
  rotated(report.accounts)
    .flatMap(({ account, outcomes }) =>
      outcomes.map(({ decision: { action, reason, userName, key, dueAt, message } }) => ({
        accountId: account.id,
        action,
        reason,
        userName,
        id: key.id,
        dueAt,
        message,
      })),
    )
    .filter(({ action }) => action !== 'keep');

describe('an account of which the report shows young keys only', () => {
  it('costs the report, and neither a lease nor rows', async () => {
    const organization = organizationOf();
    const { calls } = await run(organization, surveyed(organization));
    expect(
      calls.filter((name) => /^(inventory|reports|ledger|secrets|orphanedSecrets)\./.test(name)),
    ).to.deep.equal(['reports.read']);
  });

  it('is counted as by listing', async () => {
    const organization = organizationOf(20, 50);
    const { report } = await run(organization, surveyed(organization));
    const listed = await run(organization, { inventory: 'list' });
    expect(totalsOf(report.accounts)).to.deep.equal({
      ...totalsOf(listed.report.accounts),
      users: 12,
      activeKeys: 12,
      usersNotLookedAt: 12,
    });
    const [account] = rotated(report.accounts);
    expect(account?.notLookedAt?.oldest?.userName).to.equal('user-1');
  });

  it('hands out its keys, and counts them by the day on which they come of age, each by its own policy', async () => {
    const organization = organizationOf(20, 20, 12);
    const quiet: QuietKey[] = [];
    const run = organization.run({ inventory: 'auto', ...surveyed(organization) });
    const quietKeys = { add: (keys: readonly QuietKey[]) => Promise.resolve(void quiet.push(...keys)) };
    const report = await rotateOrganization({ ...run, quietKeys });
    expect(quiet).to.have.length(12);
    expect(quiet.find(({ userName }) => userName === 'user-1')).to.deep.include({
      accountId: organization.app.id,
      dueAt: run.now + 40 * DAY,
      lastUse: { kind: 'used', at: run.now - HOUR },
    });
    const day = (inDays: number) => dateOf(run.now + inDays * DAY);
    const [account] = rotated(report.accounts);
    expect(account?.notLookedAt?.dueOn).to.deep.equal({ [day(40)]: 2, [day(48)]: 1, [day(50)]: 9 });
  });

  it('has its rows read in its first run, since an earlier version may have left something', async () => {
    const organization = organizationOf();
    const { calls, count } = await run(organization, { turn: 3 });
    expect(count('ledger.read')).to.equal(1);
    expect(calls).not.to.contain('ledger.acquireLease');
  });

  it('says that root has keys', async () => {
    const organization = organizationOf();
    organization.app.iam.rootHasKeys = true;
    const { report, calls } = await run(organization, surveyed(organization));
    expect(rotated(report.accounts)[0]?.findings.map(({ severity }) => severity)).to.deep.equal(['critical']);
    expect(calls).not.to.contain('inventory.rootHasKeys');
  });

  for (const [title, options] of [
    ['list is set', { inventory: 'list' }],
    ['a user is named', { userNames: ['user-0'] }],
    [
      'a tag decides who is covered',
      { values: { excludeUsers: [{ by: 'tag', tag: { key: 'a', value: 'b' } }] } },
    ],
  ] as const satisfies readonly (readonly [string, unknown])[]) {
    it(`is not asked for its report where ${title}`, async () => {
      const organization = organizationOf();
      const { calls } = await run(organization, { ...surveyed(organization), ...(options as RunOptions) });
      expect(calls).not.to.contain('reports.read');
      expect(calls).to.contain('inventory.keysOf');
    });
  }

  it('is listed where there are fewer than ten users, unless the report is asked for', async () => {
    const organization = memoryOrganization();
    const app = organization.add();
    for (const name of ids.slice(0, 9)) app.iam.addKey(name, { age: days(10), usedAgo: HOUR });
    const how = surveyed({ app });
    expect((await run(organization, how)).count('inventory.keysOf')).to.equal(9);
    const asked = await run(organization, { ...how, inventory: 'credential-report' });
    expect(asked.count('inventory.keysOf')).to.equal(0);
  });

  for (const [title, fail] of [
    ['is denied', (organization: MemoryOrganization) => organization.faults.on('reports.read', 'denied')],
    [
      "isn't understood",
      (organization: MemoryOrganization) => organization.faults.on('reports.read', 'unknown'),
    ],
  ] as const) {
    it(`is listed where the report ${title}`, async () => {
      const organization = organizationOf();
      fail(organization);
      const { count, report } = await run(organization, surveyed(organization));
      expect(count('inventory.keysOf')).to.equal(12);
      expect(rotated(report.accounts)[0]?.findings).to.deep.equal([]);
    });
  }
});

describe('an account that is worked through in its turn', () => {
  /** A run of the account in which it, and a seventh of its users, are in turn. */
  const turnOf = ({ app }: { readonly app: { readonly id: string } }) =>
    surveyed({ app }, [0, 1, 2, 3].find((number) => isAccountInTurn({ accountId: app.id, number })) ?? 0);
  const LEASE = ['ledger.acquireLease', 'ledger.releaseLease'] as const;

  it('is looked at without a lease where it is known that a key is gone', async () => {
    const organization = organizationOf();
    const { app, ledger } = organization;
    for (const [n, userName] of ids.entries()) {
      const accessKeyId = `AKIAGONE${n}`;
      const told = { reason: 'young', at: T0 };
      await ledger.port.record(app.id, [{ kind: 'published', userName, accessKeyId, told }]);
      await ledger.port.record(app.id, [{ kind: 'gone', accessKeyId, at: T0 }]);
    }
    const { count } = await run(organization, turnOf(organization));
    expect(LEASE.map(count)).to.deep.equal([0, 0]);
  });

  it('is looked at without a lease where nothing is to be done', async () => {
    const organization = organizationOf();
    const { count, report } = await run(organization, turnOf(organization));
    expect(LEASE.map(count)).to.deep.equal([0, 0]);
    expect(['inventory.users', 'ledger.read'].map((name) => count(name as CallName))).to.deep.equal([1, 1]);
    expect(rotated(report.accounts)[0]).to.deep.include({ gaps: [], findings: [] });
    expect(totalsOf(report.accounts)).to.deep.include({ users: 12, activeKeys: 12 });
  });

  const cases: readonly (readonly [
    string,
    (organization: ReturnType<typeof organizationOf>) => void | Promise<void>,
  ])[] = [
    [
      'a secret has outlived its user',
      ({ app: { secrets } }) => {
        secrets.put('gone', 'AKIAGONE', 'hidden', 'AIDAGONE');
      },
    ],
    [
      'a secret was once taken for that',
      async ({ app: { iam, secrets } }) => {
        secrets.put('user-1', 'AKIAHERS', 'hidden', iam.userIdOf('user-1'));
        const [secret] = await secrets.orphans.list(() => true);
        if (secret !== undefined) await secrets.orphans.mark(secret, T0);
      },
    ],
    [
      'a user in turn has an old key that the report does not show',
      ({ app: { iam } }) => {
        iam.keepReport(true);
        for (const name of ids) iam.addKey(name, { age: days(100), usedAgo: HOUR });
      },
    ],
    [
      'the keys of a user in turn could not be read',
      ({ app }) => {
        app.ownFaults.on('inventory.keysOf', 'denied', { times: 12 });
      },
    ],
  ];
  for (const [title, prepare] of cases) {
    it(`is held where ${title}`, async () => {
      const organization = organizationOf();
      await prepare(organization);
      const { count } = await run(organization, turnOf(organization));
      expect(LEASE.map(count)).to.deep.equal([1, 1]);
    });
  }
});

describe('an account of which the report shows an old key', () => {
  it('has the keys of its user listed, and no other', async () => {
    const organization = organizationOf(10, 61);
    const { count, report } = await run(organization, surveyed(organization));
    expect([count('inventory.keysOf') <= 2, count('inventory.lastUse')]).to.deep.equal([true, 0]);
    expect(totalsOf(report.accounts)).to.include({
      replaced: 1,
      users: 12,
      usersNotLookedAt: 11,
      activeKeys: 13,
    });
  });

  it('is open from then on, until the key that was replaced is gone', async () => {
    const organization = organizationOf(10, 61);
    const { id } = organization.app;
    await run(organization, surveyed(organization));
    expect([...organization.open]).to.deep.equal([id]);
    const [, replacement] = organization.app.iam.keysOf('user-1');
    for (let week = 0; week < 12 && organization.open.size > 0; week++) {
      organization.clock.pass(days(7));
      for (const name of ids)
        for (const key of organization.app.iam.keysOf(name))
          if (key.id === replacement?.id || name !== 'user-1') organization.app.iam.use(key.id);
      await run(organization, surveyed(organization, week));
    }
    expect(organization.app.iam.keysOf('user-1').map(({ status }) => status)).to.deep.equal(['active']);
  });

  it('is asked for last uses where the report leaves the answer open', async () => {
    const organization = memoryOrganization();
    const app = organization.add();
    for (const name of ids) app.iam.addKey(name, { age: days(10), usedAgo: HOUR });
    app.iam.addKey('seldom', { age: days(100), usedAgo: days(40) });
    const { count } = await run(organization, surveyed({ app }));
    expect(count('inventory.lastUse')).to.equal(1);
  });

  it('has the limits of its account counted by all of its keys', async () => {
    // 25 % of 40 keys are ten; of the twelve that are looked at, five.
    const organization = memoryOrganization();
    const app = organization.add();
    for (let n = 0; n < 40; n++) app.iam.addKey(`young-${n}`, { age: days(10), usedAgo: HOUR });
    for (let n = 0; n < 8; n++) app.iam.addKey(`idle-${n}`, { age: days(200), usedAgo: days(150) });
    for (let run14 = 0; run14 < 2; run14++) {
      await run(organization, surveyed({ app }, run14));
      organization.clock.pass(days(14));
    }
    const off = [...Array(8).keys()].filter((n) => app.iam.keysOf(`idle-${n}`)[0]?.status === 'inactive');
    expect(off).to.have.length(8);
  });
});

describe('what a digest lists as due soon', () => {
  const soonIn = async (inventory: 'list' | 'auto', values: Partial<SettingValues>, ...ages: number[]) => {
    const organization = organizationOf(...ages);
    const { report } = await run(organization, { ...surveyed(organization), inventory, values });
    return rotated(report.accounts).flatMap(({ outcomes, settings }) =>
      outcomes
        .filter((outcome) => {
          const noticeBefore = days(settings.values.noticeBefore);
          return newsOf(outcome, { now: T0, noticeBefore }) === 'upcoming';
        })
        .map(({ decision: { userName, reason } }) => `${userName}: ${reason}`),
    );
  };
  const exemption = { users: [{ by: 'name', pattern: 'user-3' }], owner: 'ann', reason: 'a freeze' } as const;
  for (const [title, values, ages, expected] of [
    ['is a key that is replaced in a week', {}, [20, 53, 52], ['user-1: young']],
    ['is what falls due as early as it is to be told', { noticeBefore: 20 }, [41, 39], ['user-0: young']],
    [
      'is the end of an exemption, also of a young key',
      { exemptions: [{ ...exemption, until: T0 + days(14) }] },
      [],
      ['user-3: exempt'],
    ],
    ['is not an exemption that goes on', { exemptions: [{ ...exemption, until: T0 + days(15) }] }, [], []],
  ] as const satisfies readonly (readonly [string, Partial<SettingValues>, readonly number[], unknown])[]) {
    it(`${title}, by the report as by listing`, async () => {
      expect(await soonIn('list', values, ...ages)).to.deep.equal(expected);
      expect(await soonIn('auto', values, ...ages)).to.deep.equal(expected);
    });
  }
});

describe('users who were removed since the report was made', () => {
  for (const inventory of ['list', 'credential-report'] as const) {
    it(`count for no limit (${inventory})`, async () => {
      // 25 % of 48 keys are twelve, of the twelve that are left it is the least, five.
      const organization = memoryOrganization();
      const { iam, id } = organization.add();
      const young = [...Array(40).keys()].map((n) => `young-${n}`);
      const idle = [...Array(8).keys()].map((n) => `idle-${n}`);
      for (const name of young) iam.addKey(name, { age: days(10), usedAgo: HOUR });
      for (const name of idle) iam.addKey(name, { age: days(200), usedAgo: days(150) });
      await run(organization, { inventory, surveyed: new Map([[id, 1]]) });
      organization.clock.pass(days(14));
      iam.keepReport(true);
      for (const name of young.slice(4)) iam.removeUser(name);
      await run(organization, { inventory, surveyed: new Map([[id, 2]]) });
      expect(idle.map((name) => iam.keysOf(name)[0]?.status)).to.deep.equal(Array(8).fill('active'));
    });
  }
});

describe('the row of a key that is gone', () => {
  it('ends also where its user has come back with other capitals', async () => {
    const organization = organizationOf();
    const { app, ledger } = organization;
    const record = { kind: 'inactive', userName: 'User-1', accessKeyId: 'AKIAGONE', at: T0 } as const;
    await ledger.port.record(app.id, [record]);
    await run(organization, { inventory: 'list' });
    expect([...ledger.of(app.id).gone]).to.deep.equal(['AKIAGONE']);
  });
});

/** What people do to the keys of an account between two runs. */
const habits = fc.record({
  keys: fc.array(
    fc.record({
      user: fc.integer({ min: 0, max: 13 }),
      age: fc.integer({ min: 0, max: 200 }),
      usedAgo: fc.option(fc.integer({ min: 0, max: 200 })),
      inactive: fc.boolean(),
    }),
    { minLength: 10, maxLength: 28 },
  ),
  toggles: fc.array(fc.record({ run: fc.integer({ min: 0, max: 5 }), key: fc.nat(27) }), { maxLength: 6 }),
  uses: fc.array(fc.record({ run: fc.integer({ min: 0, max: 5 }), key: fc.nat(27) }), { maxLength: 40 }),
  stale: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
});

describe('by the report and by listing', () => {
  it('the same is decided of every user who is looked at, and nothing but young keys of the others', async () => {
    await fc.assert(
      fc.asyncProperty(habits, async ({ keys, toggles, uses, stale }) => {
        const organization = memoryOrganization();
        const app = organization.add();
        const made = keys.flatMap(({ user, age, usedAgo, inactive }) =>
          app.iam.keysOf(`user-${user}`).length >= 2
            ? []
            : [
                app.iam.addKey(`user-${user}`, {
                  age: age * DAY,
                  ...(usedAgo === null || usedAgo >= age ? {} : { usedAgo: usedAgo * DAY }),
                  status: inactive ? 'inactive' : 'active',
                }),
              ],
        );
        const there = (n: number): string | undefined => {
          const id = made[n];
          return id !== undefined &&
            app.iam.userNames().some((name) => app.iam.keysOf(name).some((key) => key.id === id))
            ? id
            : undefined;
        };
        for (let turn = 0; turn < 6; turn++) {
          if (stale[turn] === true) app.iam.keepReport(true);
          organization.clock.pass(4 * HOUR - 1);
          for (const { run: when, key } of uses) {
            const id = there(key);
            if (when === turn && id !== undefined) app.iam.use(id);
          }
          const how = turn === 0 ? {} : surveyed({ app }, turn);
          const byReport = await planOrganization(
            organization.run({ ...how, inventory: 'credential-report' }),
          );
          const byListing = await planOrganization(organization.run({ ...how, inventory: 'list' }));
          const looked = new Set(decisionsOf(byReport).map(({ userName }) => userName));
          const expected = decisionsOf(byListing);
          const missed = expected.filter(({ userName }) => !looked.has(userName));
          // Nobody is decided about otherwise, and nobody is missed.
          expect(decisionsOf(byReport)).to.have.deep.members(
            expected.filter(({ userName }) => looked.has(userName)),
          );
          expect(missed).to.deep.equal([]);
          app.iam.keepReport(false);
          await rotateOrganization(organization.run({ ...how, inventory: 'credential-report' }));
          for (const { run: when, key } of toggles) {
            const id = there(key);
            // Who switches a key on again without anybody having seen it off makes it young for the report.
            if (when === turn && id !== undefined && app.iam.key(id).status === 'active')
              app.iam.switchKey(id, 'inactive');
          }
          organization.clock.pass(days(7) - 4 * HOUR + 1);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a user of whom the report shows no key', () => {
  it('has an inactive key noticed in its first run, and in later ones within four', async () => {
    const organization = organizationOf();
    const { app } = organization;
    app.iam.hidesInactive = true;
    app.iam.addKey('before', { age: days(10), status: 'inactive' });
    const seen = () => [...organization.ledger.of(app.id).users.values()];
    await run(organization, { turn: 0 });
    expect(seen()).to.deep.equal(['before']);
    app.iam.addKey('later', { age: days(10), status: 'inactive' });
    for (let turn = 1; turn <= 4; turn++) await run(organization, surveyed({ app }, turn));
    expect(seen()).to.have.members(['before', 'later']);
  });
});

describe('what earlier runs have left in the ledger', () => {
  const OPEN = { inactiveSince: T0 - days(3) };
  for (const [title, memory, isOpen] of [
    ['a key that was found switched off', OPEN, true],
    ['a key that was switched on again', { reactivatedAt: T0 - days(3) }, true],
    [
      'an announcement',
      { notices: [{ about: 'unused', firstAt: T0, lastAt: T0, date: T0 + days(9) }] },
      true,
    ],
    ['a replacement of a key that is still there', { replacementOf: 'AKIAOLD' }, true],
    ['what was told', { told: { reason: 'young', at: T0 } }, false],
  ] as const satisfies readonly (readonly [string, KeyMemory, boolean])[]) {
    it(`${title} ${isOpen ? 'has' : 'has not'} its user looked at`, async () => {
      const organization = organizationOf();
      const [key] = organization.app.iam.keysOf('user-4');
      if (key === undefined) throw new Error('user-4 has a key');
      organization.ledger.remember(organization.app.id, key.id, memory);
      organization.ledger.of(organization.app.id);
      const rows = { ...organization.ledger.of(organization.app.id), users: new Map([[key.id, 'user-4']]) };
      expect(openUsers(rows)).to.deep.equal(new Set(isOpen ? ['user-4'] : []));
    });
  }

  it('about a key without the name of its user has everybody looked at', () => {
    const organization = organizationOf();
    organization.ledger.remember(organization.app.id, 'AKIAOLD', OPEN);
    expect(openUsers(organization.ledger.of(organization.app.id))).to.equal('unknown');
  });
});
