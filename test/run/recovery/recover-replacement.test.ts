import { expect } from 'chai';
import * as sinon from 'sinon';
import { MINUTE, type Instant } from '../../../src/domain/time.ts';
import { LEASE_DURATION } from '../../../src/run/context/lease.ts';
import { recoverReplacement } from '../../../src/run/recovery/recover-replacement.ts';
import { T0 } from '../../support/builders.ts';
import { kindOf } from '../../support/memory/caught.ts';
import { idsOf, letConsumersReadTheOldKey, OLD, openIntents } from '../rotation/ann.ts';
import { ENDED, INTENT, leftovers, LOST, STARTED, type Leftovers } from './leftovers.ts';

describe('recovering a replacement', () => {
  const expectDelivered = (work: Leftovers) => {
    expect(work.ledger.of(work.id).keys.get(LOST)).to.deep.equal({
      replacementOf: OLD,
      deliveredAt: T0,
      secretName: 'secret/of/ann',
    });
    expect(openIntents(work, work)).to.deep.equal([]);
    expect(idsOf(work)).to.deep.equal([OLD, LOST]);
  };
  const expectGone = (work: Leftovers) => {
    expect(idsOf(work)).to.deep.equal([OLD]);
    expect(openIntents(work, work)).to.deep.equal([]);
  };

  it('records the delivery of a key that consumers read already, used or not', async () => {
    const work = await leftovers();
    work.appeared(STARTED);
    await work.promoted();
    const promote = sinon.spy(work.context.session.secrets, 'promote');
    expect(await work.recover()).to.deep.equal({
      severity: 'note',
      message: `ann: the delivery of ${LOST}, begun by run run-0, was finished.`,
    });
    expectDelivered(work);
    sinon.assert.notCalled(promote);
    expect(work.secrets.readerOf('ann'), 'who may read it').to.equal(INTENT.userArn);
  });

  it('records the delivery even when a later version has taken its place', async () => {
    const work = await leftovers();
    work.appeared(STARTED);
    await work.promoted();
    const next = { id: 'AKIANEXT', status: 'active', createdAt: T0, secret: 'another' } as const;
    const state = await work.secrets.store.look(work.user());
    await work.secrets.store.store(work.user(), next, state);
    await work.secrets.store.promote(next, state);
    await work.recover();
    expectDelivered(work);
  });

  it('leaves everything as it is where the settings send secrets to another place by now', async () => {
    const work = await leftovers();
    work.appeared(STARTED);
    await work.promoted();
    const elsewhere = { ...INTENT, secretName: 'access-key-rotation/central/111111111111/ann' };
    expect(await kindOf(recoverReplacement(elsewhere, work.context))).to.equal('conflict');
    expect(idsOf(work)).to.deep.equal([OLD, LOST]);
    expect(openIntents(work, work)).to.have.length(1);
    await recoverReplacement({ ...INTENT, secretName: 'secret/of/ann' }, work.context);
    expectDelivered(work);
  });

  it('shows a key that was stored and has been used to its consumers', async () => {
    const work = await leftovers();
    letConsumersReadTheOldKey(work);
    work.appeared(STARTED);
    await work.stored();
    work.iam.use(LOST);
    expect((await work.recover())?.severity).to.equal('note');
    expectDelivered(work);
    expect(work.secrets.currentOf('ann')?.accessKeyId).to.equal(LOST);
    expect(work.secrets.readerOf('ann')).to.equal(INTENT.userArn);
  });

  it('lets the user read it whom IAM names, whoever a row says it is', async () => {
    const work = await leftovers();
    work.appeared(STARTED);
    await work.promoted();
    const forged = { ...INTENT, userArn: 'arn:aws:iam::999999999999:user/eve' };
    await recoverReplacement(forged, work.context);
    expect(work.secrets.readerOf('ann')).to.equal(INTENT.userArn);
  });

  it('does not take a key for that of a user who was made anew under the name', async () => {
    const work = await leftovers();
    letConsumersReadTheOldKey(work);
    work.appeared(STARTED);
    await work.stored();
    work.iam.use(LOST);
    work.iam.renameUser('ann', 'eve');
    work.iam.addKey('ann', { id: 'AKIANEXT' });
    expect((await work.recover())?.severity).to.equal('critical');
    expect(work.iam.key('AKIANEXT').status).to.equal('active');
    expect(work.secrets.currentOf('ann')?.accessKeyId).to.equal(OLD);
    expect(work.secrets.ownerOf('ann')).to.equal(work.iam.userIdOf('eve'));
  });

  it('deletes a key that was stored and never used: nobody reads it, and nothing says that it works', async () => {
    const work = await leftovers();
    letConsumersReadTheOldKey(work);
    work.appeared(STARTED);
    await work.stored();
    expect(await work.recover()).to.deep.equal({
      severity: 'note',
      message: 'ann: a key that run run-0 had created, and whose secret nobody has, was deleted.',
    });
    expectGone(work);
    expect(work.secrets.currentOf('ann')?.accessKeyId).to.equal(OLD);
  });

  it('deletes a lost key that IAM dates a minute before the intent: clocks differ', async () => {
    const work = await leftovers();
    work.appeared(STARTED - 60_000);
    expect((await work.recover())?.severity).to.equal('note');
    expectGone(work);
  });

  it('says nothing when there is nothing to repair', async () => {
    const work = await leftovers();
    expect(await work.recover()).to.equal(undefined);
    expectGone(work);
  });

  it('closes the intent when the user is gone', async () => {
    const work = await leftovers();
    work.iam.removeUser('ann');
    expect(await work.recover()).to.equal(undefined);
    expect(openIntents(work, work)).to.deep.equal([]);
  });

  const ours: readonly (readonly [string, Instant])[] = [
    ['in the second in which the intent was written', STARTED - 400],
    ['a while later', STARTED + MINUTE],
    ['at the last moment of its lease', ENDED],
  ];
  for (const [when, at] of ours) {
    it(`deletes a key nobody has the secret of, created ${when}`, async () => {
      const work = await leftovers();
      work.appeared(at);
      expect((await work.recover())?.severity).to.equal('note');
      expectGone(work);
    });
  }
});

describe('recovering a replacement keeps the intent open', () => {
  const cases = [
    ['the keys cannot be listed', 'inventory.keysOf'],
    ['the last use cannot be read', 'inventory.lastUse'],
    ['it cannot be told whether the secret is stored', 'secrets.stageOf'],
    ['the lost key cannot be deleted', 'writer.delete'],
  ] as const;
  for (const [when, call] of cases) {
    it(`when ${when}`, async () => {
      const work = await leftovers();
      work.appeared(STARTED);
      work.faults.on(call, 'denied');
      expect(await kindOf(work.recover())).to.equal('denied');
      expect(openIntents(work, work)).to.deep.equal([INTENT]);
      expect(idsOf(work)).to.deep.equal([OLD, LOST]);
    });
  }

  it('and deletes nothing when another run has the account by now', async () => {
    const work = await leftovers();
    work.appeared(STARTED);
    work.clock.pass(LEASE_DURATION);
    await work.ledger.port.acquireLease(work.id, 'run-9', Infinity, work.clock.now());
    expect(await kindOf(work.recover())).to.equal('lease-lost');
    expect(openIntents(work, work)).to.deep.equal([INTENT]);
    expect(idsOf(work)).to.deep.equal([OLD, LOST]);
  });

  it('and a key of which nothing can be told, since its last use is unknown', async () => {
    const work = await leftovers();
    work.appeared(STARTED);
    sinon.replace(
      work.context.session.inventory,
      'lastUse',
      sinon.fake.resolves({ kind: 'unknown' } as const),
    );
    expect(await kindOf(work.recover())).to.equal('transient');
    expect(openIntents(work, work)).to.deep.equal([INTENT]);
    expect(idsOf(work)).to.deep.equal([OLD, LOST]);
  });

  for (const call of [
    'inventory.users',
    'secrets.look',
    'secrets.prepare',
    'secrets.promote',
    'ledger.recordDelivery',
  ] as const) {
    it(`and the key that works when ${call} fails`, async () => {
      const work = await leftovers();
      letConsumersReadTheOldKey(work);
      work.appeared(STARTED);
      await work.stored();
      work.iam.use(LOST);
      work.faults.on(call, 'conflict');
      const intent = { ...INTENT, secretName: 'secret/of/ann' };
      expect(await kindOf(recoverReplacement(intent, work.context))).to.equal('conflict');
      expect(openIntents(work, work)).to.deep.equal([INTENT]);
      expect(idsOf(work)).to.deep.equal([OLD, LOST]);
    });
  }

  for (const [left, closed] of [
    [1, false],
    [0, true],
    [-1, true],
  ] as const) {
    it(`${closed ? 'no longer' : 'still'} ${left} ms before its lease ends, when no key is listed`, async () => {
      const work = await leftovers();
      const intent = { ...INTENT, startedAt: T0 - MINUTE, leaseEndsAt: T0 + left };
      work.ledger.begin(work.id, intent);
      const recovered = recoverReplacement(intent, work.context);
      if (closed) expect(await recovered).to.deep.equal({});
      else expect(await kindOf(recovered)).to.equal('transient');
      expect(openIntents(work, work)).to.deep.equal(closed ? [] : [intent]);
    });
  }
});

describe('recovering a replacement holds the lease', () => {
  const cases = [
    ['before it deletes', 'never', ['hold', 'delete', 'hold', 'closeIntent']],
    ['before it prepares, promotes and records', 'used', ['hold', 'prepare', 'promote', 'delivered']],
  ] as const;
  for (const [when, lastUse, order] of cases) {
    it(when, async () => {
      const work = await leftovers();
      letConsumersReadTheOldKey(work);
      work.appeared(STARTED);
      await work.stored();
      if (lastUse === 'used') work.iam.use(LOST);
      const { lease, session, run } = work.context;
      const spies = {
        hold: sinon.spy(lease, 'hold'),
        delete: sinon.spy(session.writer, 'delete'),
        closeIntent: sinon.spy(run.ledger, 'closeIntent'),
        prepare: sinon.spy(session.secrets, 'prepare'),
        promote: sinon.spy(session.secrets, 'promote'),
        delivered: sinon.spy(run.ledger, 'recordDelivery'),
      };
      await work.recover();
      sinon.assert.callOrder(...order.map((name) => spies[name] as sinon.SinonSpy));
    });
  }
});
