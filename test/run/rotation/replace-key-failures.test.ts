import { expect } from 'chai';
import * as sinon from 'sinon';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/domain/time.ts';
import { rotateAccount } from '../../support/memory/rotate.ts';
import type { CallName } from '../../support/memory/intercept.ts';
import {
  annAtWork,
  expectNoSecretIn,
  failureIn,
  idsOf,
  letConsumersReadTheOldKey,
  newKeysOf,
  OLD,
  openIntents,
} from './ann.ts';

type Work = Awaited<ReturnType<typeof annAtWork>>;

/** What comes after the run of a workplace, in the same organization. */
async function nextRun(work: Work, after = MINUTE) {
  await work.context.lease.release();
  work.clock.pass(after);
  return await rotateAccount(work.account, work.run());
}

const expectDelivered = (work: Work) => {
  const [created, ...more] = newKeysOf(work);
  expect(more).to.deep.equal([]);
  expect(work.secrets.currentOf('ann')).to.deep.equal({ accessKeyId: created?.id, secret: created?.secret });
  expect(work.ledger.of(work.id).keys.get(created?.id ?? '')).to.include({ replacementOf: OLD });
  expect(openIntents(work, work)).to.deep.equal([]);
};

describe('a new key that cannot be delivered', () => {
  const troubles: readonly (readonly [string, (work: Work) => void])[] = [
    ['whose secret cannot be stored', ({ faults }) => faults.on('secrets.store', 'denied')],
    [
      'whose secret was stored, which nobody heard',
      ({ faults }) => faults.on('secrets.store', 'transient', { answerLost: true }),
    ],
    ['that never answers', ({ iam }) => Object.assign(iam.lags, { newKeyAnswers: Infinity })],
    ['that belongs to another account', ({ faults }) => faults.on('verifier.answers', 'unknown')],
  ];
  for (const [that, trouble] of troubles) {
    for (const consumers of [false, true]) {
      const whom = consumers ? ', while consumers read the old key,' : '';
      it(`${that}${whom} is deleted again; nothing is left of it, and the next run can try`, async () => {
        const work = await annAtWork();
        if (consumers) letConsumersReadTheOldKey(work);
        trouble(work);
        const outcome = await work.replace();
        expect(outcome).to.include({ status: 'failed', decision: work.decision });
        expect(idsOf(work)).to.deep.equal([OLD]);
        expect(openIntents(work, work)).to.deep.equal([]);
        expectNoSecretIn(outcome);
        if (consumers) expect(work.secrets.currentOf('ann')?.accessKeyId).to.equal(OLD);

        work.iam.lags.newKeyAnswers = 0;
        await nextRun(work);
        expectDelivered(work);
      });
    }
  }

  it('that may not make the test call is deleted again, and none is made in the weeks after', async () => {
    const work = await annAtWork();
    work.faults.on('verifier.answers', 'denied');
    expect(failureIn(await work.replace()).kind).to.equal('denied');
    expect(idsOf(work)).to.deep.equal([OLD]);
    expect(work.ledger.of(work.id).keys.get(OLD)?.testDenied).to.include({ at: work.clock.now() });
    await nextRun(work, 27 * DAY);
    expect(idsOf(work)).to.deep.equal([OLD]);
    await nextRun(work, DAY);
    expectDelivered(work);
  });

  it('stays in the ledger when it could not be found to be deleted: it may be too young to be found', async () => {
    const work = await annAtWork();
    work.faults.on('secrets.store', 'denied');
    const { writer } = work.context.session;
    sinon.replace(writer, 'delete', sinon.fake.resolves('not-found' as const));
    expect((await work.replace()).status).to.equal('failed');
    expect(openIntents(work, work)).to.have.length(1);
    expect(idsOf(work)).to.have.length(2);

    await nextRun(work, HOUR);
    expectDelivered(work);
  });

  it('was tried for half a minute, and says what it waited for', async () => {
    const work = await annAtWork();
    work.iam.lags.newKeyAnswers = Infinity;
    const outcome = await work.replace();
    expect(failureIn(outcome)).to.include({ kind: 'transient', during: 'sts:GetCallerIdentity' });
    expect(work.clock.slept).to.deep.equal([1, 2, 3, 5, 8, 13].map((seconds) => seconds * SECOND));
  });

  it('is deleted again even when the intent cannot be closed; the next run closes it', async () => {
    const work = await annAtWork();
    work.faults.on('secrets.store', 'denied');
    work.faults.on('ledger.closeIntent', 'transient');
    expect(failureIn(await work.replace()).kind).to.equal('denied');
    expect(idsOf(work)).to.deep.equal([OLD]);
    expect(openIntents(work, work)).to.have.length(1);
    await nextRun(work, 20 * MINUTE);
    expectDelivered(work);
  });

  it('and cannot be deleted either is reported with its id, and the intent stays open', async () => {
    const work = await annAtWork();
    work.faults.on('secrets.store', 'transient');
    work.faults.on('writer.delete', 'denied');
    const outcome = await work.replace();
    const [created] = newKeysOf(work);
    expect(outcome).to.include({ status: 'partial', createdKeyId: created?.id });
    expect(failureIn(outcome)).to.include({ kind: 'transient', during: 'secrets.store' });
    expect(failureIn(outcome).message).to.include('denied by a test');
    expect(openIntents(work, work)).to.have.length(1);
    expectNoSecretIn(outcome);

    await nextRun(work);
    expect(idsOf(work)).not.to.include(created?.id);
    expectDelivered(work);
  });
});

describe('a new key that works but is not handed over', () => {
  const handingOver = async (call: CallName, useIsTold: number, answerLost = false) => {
    const work = await annAtWork();
    letConsumersReadTheOldKey(work);
    work.iam.lags.useIsTold = useIsTold;
    work.faults.on(call, 'transient', { answerLost });
    const outcome = await work.replace();
    const [created] = newKeysOf(work);
    return { work, outcome, created };
  };

  for (const call of ['secrets.promote', 'ledger.recordDelivery'] as const) {
    it(`stays, is reported with its id and left to the next run, when ${call} fails`, async () => {
      const { work, outcome, created } = await handingOver(call, 0);
      expect(outcome).to.include({ status: 'partial', createdKeyId: created?.id });
      expect(failureIn(outcome).during).to.equal(call);
      expect(created?.status).to.equal('active');
      expect(work.iam.key(OLD).status).to.equal('active');
      expect(openIntents(work, work)).to.have.length(1);
      expectNoSecretIn(outcome);
    });

    for (const answerLost of [false, true]) {
      const how = answerLost ? 'had its effect, which nobody heard' : 'failed';
      it(`is handed over by the next run when ${call} ${how}`, async () => {
        const { work, created } = await handingOver(call, 0, answerLost);
        await nextRun(work);
        expect(newKeysOf(work)).to.deep.equal([created]);
        expectDelivered(work);
      });
    }
  }

  it('is replaced by another one when nothing tells the next run that it works', async () => {
    const { work, created } = await handingOver('secrets.promote', 4 * HOUR);
    await nextRun(work);
    expect(idsOf(work)).not.to.include(created?.id);
    expectDelivered(work);
  });

  it('is not taken from consumers who read it already, whatever else is known', async () => {
    const { work, created } = await handingOver('ledger.recordDelivery', 4 * HOUR);
    const remove = sinon.spy(work.session.writer, 'delete');
    await nextRun(work);
    sinon.assert.notCalled(remove);
    expect(newKeysOf(work)).to.deep.equal([created]);
    expectDelivered(work);
  });
});
