import { expect } from 'chai';
import type { Account } from '../../../src/domain/account.ts';
import type { RunReport } from '../../../src/domain/report/run-report.ts';
import { DAY, days, MINUTE, type Duration } from '../../../src/domain/time.ts';
import { rotateOrganization } from '../../../src/run/rotation/rotate-organization.ts';
import type { Around, CallName } from '../../support/memory/intercept.ts';
import { memoryOrganization, type RunOptions } from '../../support/memory/organization.ts';
import { T0 } from '../../support/builders.ts';

const idOf = (index: number): string => String(100_000_000_001 + index);

function accounts(count: number) {
  const organization = memoryOrganization();
  const members = Array.from({ length: count }, (_, index) => {
    const member = organization.add({ id: idOf(index), name: `account-${index}` });
    member.iam.addKey('ann', { age: days(70), usedAgo: DAY });
    return member;
  });
  const go = (options: RunOptions = {}) => rotateOrganization(organization.run(options));
  return { ...organization, members, go };
}

/** Something that happens whenever an account is entered. */
const entering =
  (happens: (account: Account) => unknown): Around =>
  async ({ name, args }, proceed) => {
    if (name === 'sessions.open') await happens(args[0] as Account);
    return await proceed();
  };

const statuses = ({ accounts: reports }: RunReport): readonly string[] => reports.map(({ status }) => status);

describe('the accounts that are worked on at once', () => {
  for (const bound of [1, 2, 5]) {
    it(`are never more than ${bound}, and that many where there is work`, async () => {
      const { go } = accounts(12);
      let running = 0;
      let most = 0;
      const around = entering(async () => {
        most = Math.max(most, ++running);
        await new Promise(setImmediate);
        await new Promise(setImmediate);
      });
      const progress = {
        accountsFound: () => undefined,
        accountDone: () => {
          running--;
        },
      };
      await go({ accountConcurrency: bound, around, progress });
      expect(most).to.equal(bound);
      expect(running).to.equal(0);
    });
  }

  it('do not wait for a slow one', async () => {
    const { go } = accounts(7);
    const done: string[] = [];
    let lastOfTheOthers: () => void = () => undefined;
    const othersAreDone = new Promise<void>((resolve) => (lastOfTheOthers = resolve));
    const around = entering(({ name }) => (name === 'account-0' ? othersAreDone : undefined));
    const accountDone = ({ account: { name } }: { readonly account: Account }) => {
      done.push(name);
      if (done.length === 6) lastOfTheOthers();
    };
    await go({ accountConcurrency: 2, around, progress: { accountsFound: () => undefined, accountDone } });
    expect(done).to.deep.equal([1, 2, 3, 4, 5, 6, 0].map((index) => `account-${index}`));
  });
});

describe('an account of a run with an end', () => {
  const durations = (passing: Duration, deadline: Duration) => async () => {
    const { go, clock } = accounts(4);
    const around = entering(() => clock.pass(passing));
    const report = await go({ accountConcurrency: 1, deadline: T0 + deadline, around });
    return { report, started: statuses(report).filter((status) => status !== 'not-started').length };
  };

  const cases: readonly (readonly [string, Duration, Duration, number])[] = [
    ['is not started with less than two minutes left', 0, 2 * MINUTE - 1, 0],
    ['is started with two minutes left', 0, 2 * MINUTE, 4],
    ['is started as long as there is time for twice the slowest', 2 * MINUTE, 8 * MINUTE, 3],
    ['is not started a moment later', 2 * MINUTE, 8 * MINUTE - 1, 2],
    ['is started with five minutes left, however slow another one was', 7 * MINUTE, 12 * MINUTE, 2],
    ['is not started once the time is over', 10 * MINUTE, 5 * MINUTE, 1],
  ];
  for (const [title, passing, deadline, expected] of cases) {
    it(title, async () => {
      expect((await durations(passing, deadline)()).started).to.equal(expected);
    });
  }

  it('that is not started is named, is not entered, and says why', async () => {
    const { report } = await durations(3 * MINUTE, 5 * MINUTE)();
    expect(statuses(report)).to.deep.equal(['rotated', 'not-started', 'not-started', 'not-started']);
    expect(report.accounts[1]).to.include({
      cause: 'not enough time was left in this run; the next run comes to it',
    });
  });

  it('without an end is always started', async () => {
    const { go, clock } = accounts(3);
    const report = await go({ around: entering(() => clock.pass(100 * DAY)) });
    expect(statuses(report)).not.to.include('not-started');
  });
});

describe('one bad account', () => {
  const others = ({ accounts: reports }: RunReport) =>
    reports.filter(({ account: { id } }) => id !== idOf(1));
  const troubles: readonly (readonly [CallName, Error | 'denied'])[] = [
    ['sessions.open', 'denied'],
    ['inventory.users', new TypeError('x is not a function')],
    ['inventory.keysOf', 'denied'],
    ['secrets.store', 'denied'],
    ['writer.create', new RangeError('too far')],
    ['verifier.answers', 'denied'],
  ];
  for (const [call, fault] of troubles) {
    it(`changes nothing for the others when ${call} ends with ${String(fault)}`, async () => {
      const withoutIt = await accounts(4).go();
      const { go, members } = accounts(4);
      members[1]?.ownFaults.on(call, fault, { times: Infinity });
      const withIt = await go();
      expect(others(withIt)).to.deep.equal(others(withoutIt));
      expect(withIt.accounts[1]).not.to.deep.equal(withoutIt.accounts[1]);
    });
  }

  it('of which not a word can be said changes nothing for the others', async () => {
    const withoutIt = await accounts(4).go();
    const { go, run } = accounts(4);
    const { digestOf } = run().publishing ?? {};
    const report = await go({
      runId: withoutIt.runId,
      digestOf: (about) => {
        if (about.account.id === idOf(1)) throw new TypeError('x is undefined');
        return digestOf?.(about, false);
      },
    }).catch((error: unknown) => error);
    expect(report, 'what the run says').not.to.be.instanceOf(Error);
    expect(others(report as RunReport)).to.deep.equal(others(withoutIt));
  });
});
