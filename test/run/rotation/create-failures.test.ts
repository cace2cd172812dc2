import { expect } from 'chai';
import * as sinon from 'sinon';
import type { FailureKind } from '../../../src/domain/errors.ts';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import { LEASE_DURATION } from '../../../src/run/context/lease.ts';
import { rotateAccount } from '../../support/memory/rotate.ts';
import { annAtWork, failureIn, idsOf, newKeysOf, OLD, openIntents } from './ann.ts';

type Work = Awaited<ReturnType<typeof annAtWork>>;

const expectReplacedByTheNextRun = async (work: Work, after: number) => {
  await work.context.lease.release();
  work.clock.pass(after);
  await rotateAccount(work.account, work.run());
  const [created, ...more] = newKeysOf(work);
  expect(more).to.deep.equal([]);
  expect(work.ledger.of(work.id).keys.get(created?.id ?? '')).to.include({ replacementOf: OLD });
  expect(openIntents(work, work)).to.deep.equal([]);
};

describe('CreateAccessKey', () => {
  it('that is throttled is sent again, later and later', async () => {
    const work = await annAtWork();
    work.faults.on('writer.create', 'throttled', { times: 8 });
    expect((await work.replace()).status).to.equal('applied');
    const longest = [1, 2, 4, 8, 8, 8, 8, 8].map((seconds) => seconds * SECOND);
    expect(work.clock.slept).to.have.length(longest.length);
    work.clock.slept.forEach((slept, nth) => expect(slept).to.be.within(longest[nth]! / 2, longest[nth]!));
    expect(newKeysOf(work)).to.have.length(1);
  });

  it('that is throttled too often is given up, and leaves nothing', async () => {
    const work = await annAtWork();
    const create = sinon.spy(work.context.session.writer, 'create');
    work.faults.on('writer.create', 'throttled', { times: 9 });
    const outcome = await work.replace();
    expect(outcome.status).to.equal('failed');
    expect(failureIn(outcome).kind).to.equal('throttled');
    sinon.assert.callCount(create, 9);
    expect(openIntents(work, work)).to.deep.equal([]);
  });

  it('that is throttled is not sent again when its key could come after the lease of the intent', async () => {
    const work = await annAtWork();
    const create = sinon.spy(work.context.session.writer, 'create');
    const slow = sinon.fake(async () => {
      work.clock.pass(LEASE_DURATION - 15 * SECOND);
    });
    sinon.replace(work.context.run.clock, 'sleep', slow);
    work.faults.on('writer.create', 'throttled', { times: 9 });
    expect(failureIn(await work.replace()).kind).to.equal('throttled');
    sinon.assert.calledTwice(create);
    expect(openIntents(work, work)).to.deep.equal([]);
  });

  it('that is throttled is not sent again once another run has the account', async () => {
    const work = await annAtWork();
    const create = sinon.spy(work.context.session.writer, 'create');
    const takenOver = sinon.fake(async () => {
      work.clock.pass(LEASE_DURATION);
      await work.ledger.port.acquireLease(work.id, 'run-9', Infinity, work.clock.now());
    });
    sinon.replace(work.context.run.clock, 'sleep', takenOver);
    work.faults.on('writer.create', 'throttled');
    expect(failureIn(await work.replace()).kind).to.equal('lease-lost');
    sinon.assert.calledOnce(create);
  });

  const clear: readonly FailureKind[] = ['denied', 'limit', 'not-found'];
  for (const kind of clear) {
    it(`that is answered with "${kind}" has certainly made no key: the intent is closed`, async () => {
      const work = await annAtWork();
      const create = sinon.spy(work.context.session.writer, 'create');
      work.faults.on('writer.create', kind);
      const outcome = await work.replace();
      expect(outcome.status).to.equal('failed');
      expect(failureIn(outcome).kind).to.equal(kind);
      sinon.assert.calledOnce(create);
      expect(work.clock.slept).to.deep.equal([]);
      expect(openIntents(work, work)).to.deep.equal([]);
    });
  }

  const unclear = ['transient', 'unknown', 'conflict', new TypeError('no answer at all')] as const;
  for (const fault of unclear) {
    const name = fault instanceof Error ? fault.name : fault;

    it(`that ends with "${name}" is sent once, and the key it made is deleted again`, async () => {
      const work = await annAtWork();
      const create = sinon.spy(work.context.session.writer, 'create');
      work.faults.on('writer.create', fault, { answerLost: true });
      const outcome = await work.replace();
      expect(outcome.status).to.equal('failed');
      expect(failureIn(outcome).message).to.match(/by a test|no answer at all/);
      sinon.assert.calledOnce(create);
      expect(idsOf(work)).to.deep.equal([OLD]);
      expect(openIntents(work, work)).to.deep.equal([]);
      await expectReplacedByTheNextRun(work, MINUTE);
    });

    it(`that ends with "${name}", and no key in the list, keeps the intent open`, async () => {
      const work = await annAtWork();
      work.faults.on('writer.create', fault);
      expect((await work.replace()).status).to.equal('failed');
      expect(openIntents(work, work)).to.have.length(1);
      await expectReplacedByTheNextRun(work, 2 * LEASE_DURATION);
    });
  }
});

describe('a key that was made but is not in the list yet', () => {
  const lost = async () => {
    const work = await annAtWork();
    work.iam.lags.newKeyIsListed = 20 * SECOND;
    work.faults.on('writer.create', 'transient', { answerLost: true });
    expect((await work.replace()).status).to.equal('failed');
    const [key] = newKeysOf(work);
    return { work, id: key?.id ?? '' };
  };

  it('keeps the intent open', async () => {
    const { work, id } = await lost();
    expect(openIntents(work, work)).to.have.length(1);
    expect(idsOf(work)).to.deep.equal([OLD, id]);
  });

  it('is deleted by the next run that sees it, which then replaces the old key', async () => {
    const { work, id } = await lost();
    work.iam.lags.newKeyIsListed = 0;
    await expectReplacedByTheNextRun(work, MINUTE);
    expect(idsOf(work)).not.to.include(id);
  });

  it('is not forgotten by a run that comes too early to see it', async () => {
    const { work, id } = await lost();
    await work.context.lease.release();
    work.clock.pass(5 * SECOND);
    await rotateAccount(work.account, work.run());
    work.clock.pass(2 * LEASE_DURATION);
    await rotateAccount(work.account, work.run());
    expect(idsOf(work), 'a key whose secret nobody has').not.to.include(id);
  });
});
