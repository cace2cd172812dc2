import { expect } from 'chai';
import * as sinon from 'sinon';
import type { Mode } from '../../../src/domain/rotation/limits.ts';
import type { LastUse } from '../../../src/domain/rotation/key.ts';
import { DAY, days, MINUTE, SECOND } from '../../../src/domain/time.ts';
import type { AccountView } from '../../../src/run/context/account-context.ts';
import { gather } from '../../../src/run/rotation/gather.ts';
import { accountSettings, gap, notice, policy, T0 } from '../../support/builders.ts';
import { kindOf } from '../../support/memory/caught.ts';
import { arnOf, userIdFor } from '../../support/memory/iam.ts';
import type { Around } from '../../support/memory/intercept.ts';
import { HOW, memoryOrganization, type RunOptions } from '../../support/memory/organization.ts';

async function gathering(options: RunOptions = {}) {
  const organization = memoryOrganization();
  const member = organization.add();
  const run = organization.run(options);
  const session = await run.sessions.open(member.account, HOW);
  const { inventory } = session;
  const spies = { keysOf: sinon.spy(inventory, 'keysOf'), lastUse: sinon.spy(inventory, 'lastUse') };
  const settings = accountSettings(options.values ?? {}, member.account);
  const view: AccountView = { run, account: member.account, settings, session };
  const go = (known: Parameters<typeof gather>[2] = []) =>
    gather(view, organization.ledger.of(member.id), known);
  const lastUses = async () =>
    Object.fromEntries(
      (await go()).users.flatMap(({ user }) =>
        user.keys.map(({ id, lastUse }): [string, LastUse] => [id, lastUse]),
      ),
    );
  return { ...organization, ...member, ...spies, view, go, lastUses };
}

describe('gathering an account', () => {
  it('finds every user with keys as they are, and what is remembered of them', async () => {
    const { iam, id, ledger, go } = await gathering();
    const announced = notice('deadline', { givenAgo: DAY });
    iam.addKey('ann', { id: 'ANN', age: days(70), usedAgo: DAY });
    iam.addUser('bob');
    ledger.remember(id, 'ANN', { notices: [announced] });
    expect(await go()).to.deep.equal({
      users: [
        {
          policy: policy(),
          findings: [],
          user: {
            userName: 'ann',
            userArn: 'arn:aws:iam::111111111111:user/ann',
            userId: userIdFor('ann'),
            keys: [
              {
                id: 'ANN',
                status: 'active',
                createdAt: T0 - days(70),
                lastUse: { kind: 'used', at: T0 - DAY },
                memory: { notices: [announced] },
              },
            ],
          },
        },
      ],
      gaps: [],
      leftOut: [],
      findings: [],
      goneKeys: [],
      listedUsers: ['ann', 'bob'].map((userName) => ({
        userName,
        arn: arnOf(id, userName),
        userId: userIdFor(userName),
        path: '/',
      })),
    });
  });

  it('leaves a last use that makes no difference unread, and so unknown', async () => {
    const { iam, lastUses, lastUse } = await gathering();
    iam.addKey('ann', { id: 'YOUNG', age: days(5), usedAgo: DAY });
    iam.addKey('bob', { id: 'OLD', age: days(70) });
    expect(await lastUses()).to.deep.equal({ YOUNG: { kind: 'unknown' }, OLD: { kind: 'never' } });
    sinon.assert.calledOnceWithExactly(lastUse, 'OLD');
  });

  it('keeps an answer that tells nothing unknown', async () => {
    const { iam, view, ledger, id } = await gathering();
    iam.addKey('ann', { age: days(70), usedAgo: DAY });
    const { session } = view;
    const inventory = { ...session.inventory, lastUse: async () => ({ kind: 'unknown' }) as const };
    const { users } = await gather({ ...view, session: { ...session, inventory } }, ledger.of(id));
    expect(users[0]?.user.keys[0]?.lastUse).to.deep.equal({ kind: 'unknown' });
  });

  it('drops a user who was deleted after the users were listed', async () => {
    const { iam, faults, go } = await gathering();
    iam.addKey('ann');
    iam.addKey('bob');
    faults.on('inventory.keysOf', 'not-found', { when: (userName) => userName === 'ann' });
    const { users, gaps } = await go();
    expect(users.map(({ user }) => user.userName)).to.deep.equal(['bob']);
    expect(gaps).to.deep.equal([]);
  });

  it('does not drop a user of whom only a key was deleted meanwhile', async () => {
    const { iam, faults, go } = await gathering();
    iam.addKey('ann', { id: 'GOING', age: days(70), usedAgo: DAY });
    iam.addKey('ann', { id: 'STAYING', age: days(70), usedAgo: DAY });
    faults.on('inventory.lastUse', 'not-found', { when: (key) => key === 'GOING' });
    const { users, gaps } = await go();
    expect([...users.map(({ user }) => user), ...gaps].map(({ userName }) => userName)).to.deep.equal([
      'ann',
    ]);
  });

  for (const call of ['inventory.keysOf', 'inventory.lastUse'] as const) {
    for (const kind of ['denied', 'throttled', 'transient', 'unknown'] as const) {
      it(`makes a user a gap, and nobody else, when ${call} is answered with "${kind}"`, async () => {
        const { iam, faults, go } = await gathering();
        iam.addKey('ann', { id: 'ANN', age: days(70), usedAgo: DAY });
        iam.addKey('bob', { id: 'BOB', age: days(70), usedAgo: DAY });
        faults.on(call, kind, { when: (of) => of === 'ann' || of === 'ANN' });
        const { users, gaps } = await go();
        expect(users.map(({ user }) => user.userName)).to.deep.equal(['bob']);
        expect(gaps).to.have.length(1);
        expect(gaps[0]).to.include({ userName: 'ann', reason: 'unreadable' });
        expect(gaps[0]?.failure).to.include({ kind, during: call });
      });
    }
  }

  it('does not read users about whom nothing can be decided; they stay gaps', async () => {
    const { iam, go, keysOf } = await gathering();
    iam.addKey('ann');
    iam.addKey('bob');
    const known = [gap('ann', 'intent-open')];
    const { users, gaps } = await go(known);
    expect(users.map(({ user }) => user.userName)).to.deep.equal(['bob']);
    expect(gaps).to.deep.equal(known);
    sinon.assert.calledOnceWithExactly(keysOf, 'bob');
  });

  it('fails as a whole when the users cannot be listed', async () => {
    const { faults, go } = await gathering();
    faults.on('inventory.users', 'denied');
    expect(await kindOf(go())).to.equal('denied');
  });

  const filters: readonly (readonly [readonly string[], readonly string[]])[] = [
    [[], ['ann', 'Bob']],
    [['ann'], ['ann']],
    [['ANN'], ['ann']],
    [
      ['bob', 'ann'],
      ['ann', 'Bob'],
    ],
    [['an'], []],
    [['nobody'], []],
  ];
  for (const [asked, found] of filters) {
    it(`reads ${found.join(' and ') || 'nobody'} when asked for ${asked.join(' and ') || 'all'}`, async () => {
      const { iam, go, keysOf } = await gathering({ userNames: asked });
      iam.addKey('ann');
      iam.addKey('Bob');
      expect((await go()).users.map(({ user }) => user.userName)).to.deep.equal(found);
      expect(keysOf.args.flat()).to.deep.equal(found);
    });
  }

  for (const [left, read] of [
    [59_999, false],
    [60_000, true],
    [60_001, true],
  ] as const) {
    it(`${read ? 'reads' : 'does not begin with'} a user ${left} ms before the run must end`, async () => {
      const { iam, go, keysOf } = await gathering({ deadline: T0 + left });
      iam.addKey('ann');
      const { users, gaps } = await go();
      expect(users).to.have.length(read ? 1 : 0);
      expect(gaps.map(({ userName, reason }) => `${userName}: ${reason}`)).to.deep.equal(
        read ? [] : ['ann: out-of-time'],
      );
      expect(keysOf.called).to.equal(read);
    });
  }

  const HALF: readonly (readonly [
    string,
    { readonly age: number; readonly usedAgo: number },
    { readonly held: boolean; readonly mode?: Mode },
    readonly string[],
  ])[] = [
    ['something is to be done', { age: days(70), usedAgo: DAY }, { held: true }, ['ann']],
    [
      'the mode holds it back',
      { age: days(70), usedAgo: DAY },
      { held: true, mode: 'audit' },
      ['ann', 'bob'],
    ],
    ['nothing is to be done', { age: days(5), usedAgo: DAY }, { held: true }, ['ann', 'bob']],
    ['it only looks', { age: days(70), usedAgo: DAY }, { held: false }, ['ann', 'bob']],
  ];
  for (const [title, key, { held, mode = 'enforce' }, read] of HALF) {
    for (const [took, seen] of [
      [5 * MINUTE - 1, ['ann', 'bob']],
      [5 * MINUTE, read],
    ] as const) {
      it(`reads ${seen.join(' and ')} when the first took ${took} ms of ten minutes and ${title}`, async () => {
        const around: Around = async ({ name }, proceed) => {
          const answer = await proceed();
          if (name === 'inventory.lastUse' || (name === 'inventory.keysOf' && key.age < days(60)))
            clock.pass(took);
          return answer;
        };
        const { iam, id, account, ledger, clock, view } = await gathering({
          deadline: T0 + 11 * MINUTE,
          userConcurrency: 1,
          around,
        });
        for (const name of ['ann', 'bob']) iam.addKey(name, key);
        const lease = held ? { lease: { hold: async () => Infinity, release: async () => undefined } } : {};
        const settings = accountSettings({ mode }, account);
        const { users, gaps } = await gather({ ...view, settings, ...lease }, ledger.of(id));
        expect(users.map(({ user }) => user.userName)).to.deep.equal(seen);
        expect(gaps.map(({ userName, reason }) => `${userName}: ${reason}`)).to.deep.equal(
          seen.length === 1 ? ['bob: out-of-time'] : [],
        );
      });
    }
  }

  for (const [title, userName, order] of [
    ['the user for whom the last run had no time', 'bob', ['bob', 'cem', 'ann']],
    ['the first one when that user is gone', 'zoe', ['ann', 'bob', 'cem']],
  ] as const) {
    it(`begins with ${title}`, async () => {
      const { iam, go, keysOf } = await gathering({ deferred: [{ accountId: '111111111111', userName }] });
      for (const name of ['ann', 'bob', 'cem']) iam.addKey(name);
      await go();
      expect(keysOf.args.flat()).to.deep.equal(order);
    });
  }

  it('works on so many users at a time, and uses that', async () => {
    let running = 0;
    let most = 0;
    const { iam, go, clock } = await gathering({
      userConcurrency: 3,
      around: async ({ name }, proceed) => {
        if (name !== 'inventory.keysOf') return await proceed();
        most = Math.max(most, ++running);
        await clock.sleep(SECOND);
        await new Promise(setImmediate);
        running--;
        return await proceed();
      },
    });
    for (let user = 0; user < 10; user++) iam.addKey(`user-${user}`);
    const { users } = await go();
    expect(users.map(({ user }) => user.userName)).to.deep.equal(
      Array.from({ length: 10 }, (_, user) => `user-${user}`),
    );
    expect(most).to.equal(3);
  });
});
