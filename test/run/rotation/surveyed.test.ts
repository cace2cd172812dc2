import { expect } from 'chai';
import { DAY, days, HOUR } from '../../../src/domain/time.ts';
import { rotated } from '../../../src/domain/report/run-report.ts';
import { deferredIn } from '../../../src/run/rotation/deferred.ts';
import { planOrganization, rotateOrganization } from '../../../src/run/rotation/rotate-organization.ts';
import { surveyedIn, type Surveyed } from '../../../src/run/rotation/surveyed.ts';
import { account, rotatedAccount } from '../../support/builders.ts';
import { refusal } from '../../support/memory/intercept.ts';
import {
  memoryOrganization,
  NO_SELECTION,
  type MemoryOrganization,
  type RunOptions,
} from '../../support/memory/organization.ts';

const NAMES = [...Array(40).keys()].map((n) => `user-${n}`);

/** Two accounts whose users have no keys, or one that the report doesn't show. */
function twoAccounts() {
  const organization = memoryOrganization();
  const accounts = [
    organization.add({ id: '111111111111' }),
    organization.add({ id: '222222222222' }),
  ] as const;
  for (const { iam } of accounts) {
    iam.hidesInactive = true;
    for (const name of NAMES) iam.addUser(name);
  }
  let surveyed: Surveyed = new Map();
  let turn = 0;
  const run = async (options: RunOptions = {}) => {
    const looked: string[] = [];
    const report = await rotateOrganization(
      organization.run({
        inventory: 'credential-report',
        surveyed,
        turn: turn++,
        around: (call, proceed) => {
          if (call.name === 'inventory.keysOf') looked.push(String(call.args[0]));
          return proceed();
        },
        ...options,
      }),
    );
    surveyed = surveyedIn(report, {
      surveyed,
      recorded: surveyed,
      isWhole: options.selection === undefined,
    });
    return { report, looked };
  };
  return { organization, accounts, run, surveyedNow: () => surveyed };
}

const about = (accountId: string): RunOptions => ({
  selection: { ...NO_SELECTION, onlyAccounts: [accountId] },
});

describe('an account', () => {
  it('has all its users looked at in four of its own runs, whatever runs there are over others between', async () => {
    const { accounts, run } = twoAccounts();
    const [often, seldom] = accounts;
    await run();
    for (const name of NAMES) seldom.iam.addKey(name, { age: days(10), status: 'inactive' });
    const seen = new Set<string>();
    for (let week = 0; week < 4; week++) {
      await run(about(often.id));
      for (const name of (await run(about(seldom.id))).looked) seen.add(name);
    }
    expect([...seen].sort()).to.deep.equal([...NAMES].sort());
  });

  it('that was only audited has its first run still to come', async () => {
    const { accounts, run, surveyedNow } = twoAccounts();
    await run({ mode: 'audit' });
    expect(surveyedNow().size).to.equal(0);
    await run();
    expect([...surveyedNow()]).to.deep.equal(accounts.map(({ id }) => [id, 1]));
  });

  it('that could not be entered has nobody passed over', async () => {
    const { accounts, run, surveyedNow, organization } = twoAccounts();
    await run();
    accounts[0].ownFaults.on('sessions.open', 'denied');
    await run();
    expect([...surveyedNow().values()]).to.deep.equal([1, 2]);
    organization.remove(accounts[1].id);
    await run();
    expect([...surveyedNow().keys()]).to.deep.equal([accounts[0].id]);
  });
});

describe('users in turn for whom there was no time', () => {
  for (const [title, before] of [
    ['of whom the report shows no key', 1],
    ['in the first run of the account', 0],
  ] as const) {
    it(`are looked at in the next run: those ${title}`, async () => {
      const { organization, accounts, run } = twoAccounts();
      const [{ id }] = accounts;
      for (let runs = 0; runs < before; runs++) await run(about(id));
      const inTurn = (
        await planned(organization, new Map(before === 0 ? [] : [[id, before]]), id)
      ).toSorted();
      const seen = new Set<string>();
      const begun = organization.clock.now();
      const { report } = await run({
        ...about(id),
        deadline: begun + 2 * HOUR,
        around: async ({ name, args }, proceed) => {
          if (name === 'inventory.keysOf') {
            seen.add(String(args[0]));
            organization.clock.pass(HOUR);
          }
          return proceed();
        },
      });
      expect(seen.size).to.be.within(1, inTurn.length - 1);
      const deferred = deferredIn(report.accounts, []);
      for (const name of (await run({ ...about(id), deferred })).looked) seen.add(name);
      expect([...seen].sort()).to.include.members(inTurn);
    });
  }

  /** Whom a run with time enough would look at. */
  const planned = async (organization: MemoryOrganization, surveyed: Surveyed, accountId: string) => {
    const looked: string[] = [];
    await planOrganization(
      organization.run({
        ...about(accountId),
        inventory: 'credential-report',
        surveyed,
        around: ({ name, args }, proceed) => {
          if (name === 'inventory.keysOf') looked.push(String(args[0]));
          return proceed();
        },
      }),
    );
    return looked;
  };
});

describe('runs that overlap', () => {
  const [A, B] = ['111111111111', '222222222222'] as const;
  const over = (...ids: readonly string[]) => ({
    accounts: ids.map((id) => rotatedAccount({ account: account({ id }) })),
  });
  for (const [title, report, isWhole, surveyed, recorded, expected] of [
    ['count one turn, which both had', over(A, B), true, [5, 5], [6, 6], [6, 6]],
    ['take no count back of accounts that they are not about', over(A), false, [5, 5], [6, 6], [6, 6]],
    ['take none back when one of them lasts long', over(A, B), true, [5, 5], [9, 5], [9, 6]],
    ['count each what the other was not about', over(A), false, [5, 5], [5, 6], [6, 6]],
  ] as const) {
    it(title, () => {
      const counts = ([a, b]: readonly [number, number]) =>
        new Map([
          [A, a],
          [B, b],
        ]);
      const left = surveyedIn(report, {
        surveyed: counts(surveyed),
        recorded: counts(recorded),
        isWhole,
      });
      expect(left).to.deep.equal(counts(expected));
    });
  }
});

describe('a user who was renamed', () => {
  /** Ann's key was switched off by a person, and that is known. */
  const renamed = async () => {
    const { accounts, run, organization } = twoAccounts();
    const [{ iam, id: accountId }] = accounts;
    iam.addKey('user-0', { id: 'OFF', age: days(10), status: 'inactive' });
    iam.addKey('user-0', { id: 'ON', age: days(5), usedAgo: HOUR });
    await run({ inventory: 'list' });
    iam.renameUser('user-0', 'ann');
    organization.clock.pass(7 * DAY);
    return { run, iam, known: () => organization.ledger.of(accountId) };
  };

  it('keeps what is known of its keys, and is looked at', async () => {
    const { run, known } = await renamed();
    const { report, looked } = await run();
    expect(looked).to.include('ann');
    expect(known().gone.has('OFF')).to.equal(false);
    const [account] = rotated(report.accounts);
    expect(account?.notLookedAt?.activeKeys).to.equal(0);
  });

  it('keeps it in a run over other users', async () => {
    const { run, known } = await renamed();
    await run({ userNames: ['user-1'] });
    expect(known().gone.has('OFF')).to.equal(false);
  });

  it('keeps it where IAM does not tell whose the key is', async () => {
    const { run, known } = await renamed();
    await run({
      around: ({ name }, proceed) =>
        name === 'inventory.userOf'
          ? Promise.reject(refusal('transient', 'iam:GetAccessKeyLastUsed'))
          : proceed(),
    });
    expect(known().gone.has('OFF')).to.equal(false);
  });

  it('after the report was made is looked at, though the report has the old name only', async () => {
    const { iam, run } = await renamed();
    iam.addKey('bob', { age: days(100), usedAgo: HOUR });
    iam.keepReport(true);
    iam.renameUser('bob', 'bobby');
    expect((await run()).looked).to.include('bobby');
  });

  it('and one who was deleted: the row of the key goes', async () => {
    const { iam, run, known } = await renamed();
    iam.removeUser('ann');
    await run();
    expect(known().gone.has('OFF')).to.equal(true);
  });
});
