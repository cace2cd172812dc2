import { expect } from 'chai';
import * as sinon from 'sinon';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import { LEASE_DURATION } from '../../../src/run/context/lease.ts';
import { replaceKey } from '../../../src/run/rotation/replace-key.ts';
import { T0 } from '../../support/builders.ts';
import type { kindOf } from '../../support/memory/caught.ts';
import type { Call } from '../../support/memory/intercept.ts';
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

describe('replacing a key', () => {
  it('does everything in the order in which a crash can be repaired, and nothing else', async () => {
    const seen = sinon.fake();
    const { replace } = await annAtWork(({ name }, proceed) => {
      seen(name);
      return proceed();
    });
    await replace();
    expect(seen.args.flat()).to.deep.equal([
      'secrets.look',
      'inventory.keysOf',
      'lease.hold',
      'ledger.openIntent',
      'secrets.prepare',
      'lease.hold',
      'writer.create',
      'secrets.store',
      'verifier.answers',
      'lease.hold',
      'secrets.promote',
      'ledger.recordDelivery',
    ]);
  });

  it('leaves a second key, and the old one as it was', async () => {
    const work = await annAtWork();
    const outcome = await work.replace();
    const [created] = newKeysOf(work);
    expect(outcome).to.deep.include({
      status: 'applied',
      decision: work.decision,
      replacement: { accessKeyId: created?.id, secretName: 'secret/of/ann' },
    });
    expect(idsOf(work)).to.deep.equal([OLD, created?.id]);
    expect(work.iam.key(OLD).status).to.equal('active');
  });

  it('puts the secret where its consumers read it, and nowhere else', async () => {
    const work = await annAtWork();
    const outcome = await work.replace();
    const [created] = newKeysOf(work);
    expect(work.secrets.currentOf('ann')).to.deep.equal({
      accessKeyId: created?.id,
      secret: created?.secret,
    });
    expect(work.secrets.readerOf('ann')).to.equal(work.decision.userArn);
    expectNoSecretIn(outcome, work.ledger.of(work.id));
  });

  it('records what it replaced and when it was delivered, and closes the intent', async () => {
    const work = await annAtWork();
    work.iam.lags.newKeyAnswers = 3 * SECOND;
    await work.replace();
    const [created] = newKeysOf(work);
    expect(work.ledger.of(work.id).keys.get(created?.id ?? '')).to.deep.equal({
      replacementOf: OLD,
      deliveredAt: T0 + 3 * SECOND,
      secretName: 'secret/of/ann',
    });
    expect(openIntents(work, work)).to.deep.equal([]);
  });

  it('writes down before it creates a key how that key could be recognized', async () => {
    const work = await annAtWork();
    work.iam.addKey('ann', { id: 'AKIAOFF', status: 'inactive' });
    const openIntent = sinon.spy(work.context.run.ledger, 'openIntent');
    work.clock.pass(MINUTE);
    await replaceKey(work.decision, work.context).catch(() => undefined);
    sinon.assert.calledOnceWithExactly(openIntent, work.id, {
      userName: 'ann',
      userArn: 'arn:aws:iam::111111111111:user/ann',
      replaces: OLD,
      knownKeyIds: [OLD, 'AKIAOFF'],
      secretName: 'secret/of/ann',
      startedAt: T0 + MINUTE,
      leaseEndsAt: T0 + LEASE_DURATION,
      runId: work.context.run.runId,
    });
  });

  it('shows a new key to consumers of an existing secret only once it works', async () => {
    const shown: Record<string, string | undefined> = {};
    const watch = ({ name }: Call, proceed: () => Promise<unknown>) => {
      shown[name] = work.secrets.currentOf('ann')?.accessKeyId;
      return proceed();
    };
    const work = await annAtWork(watch);
    letConsumersReadTheOldKey(work);
    await work.replace();
    const [created] = newKeysOf(work);
    expect(shown).to.include({
      'verifier.answers': OLD,
      'secrets.promote': OLD,
      'ledger.recordDelivery': created?.id,
    });
  });

  it('lets its user read the secret before a value is in it', async () => {
    let reader: string | undefined;
    const work = await annAtWork(({ name }, proceed) => {
      if (name === 'secrets.store') reader = work.secrets.readerOf('ann');
      return proceed();
    });
    await work.replace();
    expect(reader).to.equal(work.decision.userArn);
  });

  it('never writes the secret of who had that name before', async () => {
    const work = await annAtWork();
    work.secrets.put('ann', 'AKIAEVE', 'secret-of-AKIAEVE', 'AIDAEVE');
    const outcome = await work.replace();
    const [created] = newKeysOf(work);
    const place = `ann/${work.decision.userId}`;
    expect(outcome).to.deep.include({
      replacement: { accessKeyId: created?.id, secretName: `secret/of/${place}` },
    });
    expect(work.secrets.currentOf(place)?.accessKeyId).to.equal(created?.id);
    expect(work.secrets.staged().filter(({ userName }) => userName === 'ann')).to.deep.equal([
      { userName: 'ann', accessKeyId: 'AKIAEVE', secret: 'secret-of-AKIAEVE', stages: ['current'] },
    ]);
  });

  it('names once what else the policy of the secret says', async () => {
    const work = await annAtWork();
    letConsumersReadTheOldKey(work);
    work.secrets.addStatement('ann', 'Auditors');
    const { outcome, findings } = await replaceKey(work.decision, work.context);
    expect(outcome.status).to.equal('applied');
    expect(findings).to.have.length(1);
    expect(findings[0]).to.include({ severity: 'note' });
    expect(findings[0]?.message).to.contain('secret/of/ann').and.to.contain('Auditors');
  });

  for (const [title, usedWith, expected] of [
    ['sends mail', { service: 'ses', region: 'eu-west-1' }, 'eu-west-1'],
    ['sends mail, nobody knows where', { service: 'ses' }, undefined],
    ['does something else', { service: 's3', region: 'eu-west-1' }, undefined],
  ] as const) {
    it(`puts ${expected === undefined ? 'no' : 'the'} SMTP password into the secret where the key ${title}`, async () => {
      const work = await annAtWork();
      work.iam.key(OLD).usedWith = usedWith;
      const { outcome } = await replaceKey(work.decisionOn('replace', OLD), work.context);
      expect(work.secrets.sesRegionOf('ann')).to.equal(expected);
      const { sesRegion } = (outcome.status === 'applied' ? outcome.replacement : undefined) ?? {};
      expect(sesRegion).to.equal(expected);
    });
  }

  it('waits for a key that does not answer yet', async () => {
    const work = await annAtWork();
    work.iam.lags.newKeyAnswers = 3 * SECOND;
    const answers = sinon.spy(work.context.session.verifier, 'answers');
    expect((await work.replace()).status).to.equal('applied');
    sinon.assert.calledThrice(answers);
    expect(work.clock.slept).to.deep.equal([SECOND, 2 * SECOND]);
  });
});

describe('replacing a key is refused before anything is written', () => {
  const expectNothingWritten = async (
    work: Awaited<ReturnType<typeof annAtWork>>,
    kind: Awaited<ReturnType<typeof kindOf>>,
  ) => {
    const create = sinon.spy(work.context.session.writer, 'create');
    const outcome = await work.replace();
    expect(outcome.status).to.equal('failed');
    expect(failureIn(outcome).kind).to.equal(kind);
    sinon.assert.notCalled(create);
    expect(openIntents(work, work)).to.deep.equal([]);
    expect(newKeysOf(work)).to.deep.equal([]);
  };
  type Work = Awaited<ReturnType<typeof annAtWork>>;

  const changes: readonly (readonly [string, (work: Work) => void])[] = [
    ['is gone', ({ iam }) => iam.removeKey(OLD)],
    ['is inactive by now', ({ iam }) => iam.switchKey(OLD, 'inactive')],
    [
      'was created at another time',
      ({ iam }) => {
        iam.removeKey(OLD);
        iam.addKey('ann', { id: OLD, age: 70 * 24 * 60 * MINUTE + SECOND });
      },
    ],
  ];
  for (const [that, change] of changes) {
    it(`when the key ${that}`, async () => {
      const work = await annAtWork();
      change(work);
      await expectNothingWritten(work, 'changed-meanwhile');
    });
  }

  const refusals: readonly (readonly [string, (work: Work) => void, Awaited<ReturnType<typeof kindOf>>])[] = [
    ['the keys cannot be listed', ({ faults }) => faults.on('inventory.keysOf', 'denied'), 'denied'],
    [
      'the secret is scheduled for deletion',
      (work) => {
        letConsumersReadTheOldKey(work);
        work.secrets.scheduleDeletion('ann');
      },
      'conflict',
    ],
    ['the secret cannot be looked at', ({ faults }) => faults.on('secrets.look', 'denied'), 'denied'],
    ['somebody else has made a secret there', ({ secrets }) => secrets.putForeign('ann'), 'conflict'],
    [
      'the intent cannot be written',
      ({ faults }) => faults.on('ledger.openIntent', 'transient'),
      'transient',
    ],
  ];
  for (const [when, happens, kind] of refusals) {
    it(`when ${when}`, async () => {
      const work = await annAtWork();
      happens(work);
      await expectNothingWritten(work, kind);
    });
  }

  // The intent was written by then, and is closed again.
  for (const kind of ['denied', 'conflict', 'throttled', 'unknown'] as const) {
    it(`when the secret cannot be made ready (${kind})`, async () => {
      const work = await annAtWork();
      work.faults.on('secrets.prepare', kind);
      await expectNothingWritten(work, kind);
    });
  }

  it('when the place is another one by then', async () => {
    const work = await annAtWork(async ({ name }, proceed) => {
      if (name === 'secrets.prepare') work.secrets.put('ann', 'AKIAEVE', 'hers', 'AIDAEVE');
      return proceed();
    });
    await expectNothingWritten(work, 'changed-meanwhile');
  });

  it('when another run has the account by now', async () => {
    const work = await annAtWork();
    work.clock.pass(LEASE_DURATION);
    await work.ledger.port.acquireLease(work.id, 'run-9', T0 + 2 * LEASE_DURATION, work.clock.now());
    await expectNothingWritten(work, 'lease-lost');
  });
});
