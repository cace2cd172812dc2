import { expect } from 'chai';
import type { Outcome } from '../../../src/domain/report/outcome.ts';
import { days, MINUTE } from '../../../src/domain/time.ts';
import {
  applied,
  decision,
  failed,
  held,
  key,
  rotatedAccount,
  T0,
  unreachable,
  untouched,
} from '../builders.ts';
import { kindOf } from './caught.ts';
import { plainDigest } from './notifier.ts';
import { HOW, memoryOrganization } from './organization.ts';
import { memoryAccountContext } from './account-context.ts';

describe('the organization in memory', () => {
  it('lists its accounts, and its units only when asked', async () => {
    const organization = memoryOrganization();
    const { account } = organization.add({ ouPath: ['r-1', 'ou-1'] });
    const { directory } = organization.run();
    expect(await directory.list({ withOus: true })).to.deep.equal({
      accounts: [account],
      ous: ['r-1', 'ou-1'],
    });
    expect((await directory.list({ withOus: false })).ous).to.deep.equal([]);
  });

  it('lists an account in its state, and no longer when it has left', async () => {
    const organization = memoryOrganization();
    const { id } = organization.add({ id: '111111111111' });
    organization.add({ id: '222222222222' });
    const { directory } = organization.run();
    const states = async () =>
      (await directory.list({ withOus: false })).accounts.map((account) => `${account.id} ${account.state}`);
    organization.changeState(id, 'SUSPENDED');
    expect(await states()).to.deep.equal(['111111111111 SUSPENDED', '222222222222 ACTIVE']);
    organization.remove(id);
    expect(await states()).to.deep.equal(['222222222222 ACTIVE']);
    expect(() => organization.remove(id)).to.throw('no account 111111111111');
  });

  it('opens sessions into what the account holds', async () => {
    const organization = memoryOrganization();
    const { account, iam } = organization.add();
    iam.addKey('ann', { id: 'ANN' });
    const session = await organization.run().sessions.open(account, HOW);
    await session.writer.deactivate('ann', 'ANN');
    expect(iam.key('ANN').status).to.equal('inactive');
  });

  it('refuses sessions into accounts it does not have', async () => {
    const { account } = memoryOrganization().add();
    expect(await kindOf(memoryOrganization().run().sessions.open(account, HOW))).to.equal('not-found');
  });

  it('numbers its runs and gives each the time at which it starts', () => {
    const organization = memoryOrganization();
    expect(organization.run()).to.deep.include({ runId: 'run-1', now: T0 });
    organization.clock.pass(MINUTE);
    expect(organization.run()).to.deep.include({ runId: 'run-2', now: T0 + MINUTE });
  });

  it('puts faults into every port', async () => {
    const organization = memoryOrganization();
    const { account, id } = organization.add();
    const { directory, sessions, ledger, publishing } = organization.run();
    const notifier = publishing?.to('topic');
    const { inventory, writer, verifier, secrets } = await sessions.open(account, HOW);
    const key = { id: 'KEY', status: 'active', createdAt: T0, secret: 'hidden' } as const;
    const calls = {
      'directory.list': () => directory.list({ withOus: false }),
      'sessions.open': () => sessions.open(account, HOW),
      'ledger.read': () => ledger.read(id),
      'notifier.publish': async () => notifier?.publish({ subject: '', text: '', json: '', attributes: {} }),
      'inventory.users': () => inventory.users(),
      'writer.create': () => writer.create('ann'),
      'verifier.answers': () => verifier.answers(key),
      'secrets.look': () => secrets.look({ userName: 'ann', arn: 'arn:ann', userId: 'AIDAANN1' }),
    } as const;
    for (const [name, call] of Object.entries(calls)) {
      organization.faults.on(name as keyof typeof calls, 'transient');
      expect(await kindOf(call()), name).to.equal('transient');
    }
  });

  it('puts the faults of an account into that account alone', async () => {
    const organization = memoryOrganization();
    const one = organization.add();
    const two = organization.add({ id: '222222222222' });
    const { sessions } = organization.run();
    one.ownFaults.on('sessions.open', 'denied');
    one.ownFaults.on('inventory.users', 'throttled');
    expect(await kindOf(sessions.open(one.account, HOW))).to.equal('denied');
    expect(await kindOf((await sessions.open(one.account, HOW)).inventory.users())).to.equal('throttled');
    expect(await (await sessions.open(two.account, HOW)).inventory.users()).to.deep.equal([]);
  });
});

describe('the simple digest', () => {
  const noticed = decision('wait', { notice: { about: 'deadline', date: T0 } });
  const announced = (...outcomes: readonly Outcome[]) => [
    ...(plainDigest(rotatedAccount({ outcomes }))?.announces ?? []),
  ];

  it('announces keys that wait for a date, and what follows from what was done', () => {
    const noticeWhenDone = { about: 'replaced', date: T0 } as const;
    const replace = decision('replace', { key: key({ id: 'DONE' }), noticeWhenDone });
    expect(announced(applied(replace), untouched(noticed))).to.deep.equal(['DONE', 'AKIATHIS']);
  });

  it('announces nothing that follows from what was not done', () => {
    const noticeWhenDone = { about: 'replaced', date: T0 } as const;
    expect(announced(failed(decision('replace', { noticeWhenDone })))).to.deep.equal([]);
    expect(announced(held(decision('replace', { noticeWhenDone })))).to.deep.equal([]);
  });

  it('says that an account is unreachable, and announces nothing', () => {
    expect(plainDigest(unreachable())?.announces.size).to.equal(0);
  });

  it('is empty when there is nothing to report', () => {
    const outcomes = [{ status: 'none', decision: decision('keep') } as const];
    expect(plainDigest(rotatedAccount({ outcomes }))).to.equal(undefined);
  });
});

describe('the account context in memory', () => {
  it('holds the account and decides about keys as they are', async () => {
    const { context, ledger, id, iam, decisionOn } = await memoryAccountContext();
    const key = iam.addKey('ann', { age: days(70), usedAgo: days(1) });
    expect(ledger.leaseOf(id)?.runId).to.equal(context.run.runId);
    expect(decisionOn('replace', key)).to.deep.include({ action: 'replace', userName: 'ann' });
    expect(decisionOn('replace', key).key).to.deep.equal({
      id: key,
      status: 'active',
      createdAt: T0 - days(70),
      lastUse: { kind: 'used', at: T0 - days(1) },
      memory: {},
    });
  });
});
