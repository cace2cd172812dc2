import { expect } from 'chai';
import * as sinon from 'sinon';
import { days, MINUTE } from '../../../src/domain/time.ts';
import { applyUser, notApplied } from '../../../src/run/rotation/apply-user.ts';
import { LEASE_DURATION } from '../../../src/run/context/lease.ts';
import { decision, T0 } from '../../support/builders.ts';
import { memoryAccountContext, type MemoryAccountContext } from '../../support/memory/account-context.ts';
import { failureIn } from './ann.ts';
import { annBefore, annWithTwoKeys, BEFORE, HEIR, KEY, plannedFor, stateOf } from './two-keys.ts';

for (const action of ['deactivate', 'delete'] as const) {
  const done = action === 'deactivate' ? 'deactivated' : 'deleted';
  const ready = () => annBefore(action);

  describe(`to ${action} a key`, () => {
    it('holds the lease, writes down what it begins, reads the keys again, acts, and records it, in that order', async () => {
      const { work, planned } = await ready();
      const {
        lease,
        session,
        run: { ledger },
      } = work.context;
      const spies = [
        sinon.spy(lease, 'hold'),
        sinon.spy(ledger, 'markChangePending'),
        sinon.spy(session.inventory, 'keysOf'),
        sinon.spy(session.writer, action),
        sinon.spy(ledger, 'recordChange'),
      ] as const;
      const decided = work.decisionOn(action, KEY);
      work.clock.pass(MINUTE);
      const { outcomes, findings } = await applyUser(planned, work.context);
      expect(outcomes.map(({ status }) => status)).to.deep.equal(['applied', 'none']);
      expect(findings).to.deep.equal([]);
      sinon.assert.callOrder(...(spies as unknown as sinon.SinonSpy[]));
      sinon.assert.calledOnceWithExactly(spies[3] as sinon.SinonSpy, 'ann', KEY);
      const {
        caller: by,
        run: { runId },
      } = work.context;
      const { reason, message } = decided;
      const what = action === 'deactivate' ? 'deactivated' : 'deleted';
      const entry = { at: T0 + MINUTE, runId, by, what, userName: 'ann', accessKeyId: KEY, reason, message };
      sinon.assert.calledOnceWithExactly(spies[1] as sinon.SinonSpy, work.id, entry);
      sinon.assert.calledOnceWithExactly(spies[4] as sinon.SinonSpy, work.id, entry, T0 + MINUTE);
      expect(work.ledger.of(work.id).pendingChanges).to.deep.equal([]);
      expect(stateOf(work)).to.deep.equal([
        ...(action === 'deactivate' ? [`${KEY} inactive`] : []),
        `${HEIR} active`,
      ]);
    });

    const changes: readonly (readonly [string, (work: MemoryAccountContext) => void])[] = [
      ['is gone', ({ iam }) => iam.removeKey(KEY)],
      [
        `is ${BEFORE[action] === 'active' ? 'inactive' : 'active'} by now`,
        ({ iam }) => iam.switchKey(KEY, BEFORE[action] === 'active' ? 'inactive' : 'active'),
      ],
      [
        'was created at another time',
        ({ iam }) => {
          iam.removeKey(KEY);
          iam.addKey('ann', { id: KEY, age: days(94), usedAgo: days(20), status: BEFORE[action] });
        },
      ],
    ];
    for (const [that, change] of changes) {
      it(`is refused when the key ${that}`, async () => {
        const { work, planned } = await ready();
        change(work);
        const before = stateOf(work);
        const [outcome] = (await applyUser(planned, work.context)).outcomes;
        expect(outcome && failureIn(outcome)).to.include({
          kind: 'changed-meanwhile',
          during: `${action} ${KEY}`,
        });
        expect(stateOf(work)).to.deep.equal(before);
        expect(work.ledger.of(work.id).pendingChanges).to.deep.equal([]);
      });
    }

    it('is refused when the keys cannot be listed again', async () => {
      const { work, planned } = await ready();
      work.faults.on('inventory.keysOf', 'throttled');
      const before = stateOf(work);
      const [outcome] = (await applyUser(planned, work.context)).outcomes;
      expect(outcome && failureIn(outcome).kind).to.equal('throttled');
      expect(stateOf(work)).to.deep.equal(before);
    });

    it('is refused when another run has the account by now', async () => {
      const { work, planned } = await ready();
      work.clock.pass(LEASE_DURATION);
      await work.ledger.port.acquireLease(work.id, 'run-9', Infinity, work.clock.now());
      const before = stateOf(work);
      const [outcome] = (await applyUser(planned, work.context)).outcomes;
      expect(outcome && failureIn(outcome).kind).to.equal('lease-lost');
      expect(stateOf(work)).to.deep.equal(before);
    });

    it('that cannot be recorded stays done, and is reported', async () => {
      const { work, planned } = await ready();
      work.faults.on('ledger.recordChange', 'transient');
      const { outcomes, findings } = await applyUser(planned, work.context);
      expect(outcomes[0]?.status).to.equal('applied');
      expect(findings).to.have.length(1);
      expect(findings[0]).to.include({ severity: 'failure' });
      expect(findings[0]?.message).to.include(KEY).and.include(done).and.include('ann');
    });

    it('fails as an outcome when IAM refuses it', async () => {
      const { work, planned } = await ready();
      work.faults.on(`writer.${action}`, 'denied');
      const { outcomes } = await applyUser(planned, work.context);
      expect(outcomes[0]?.status).to.equal('failed');
      expect(outcomes[0] && failureIn(outcomes[0]).kind).to.equal('denied');
    });
  });
}

describe('to deactivate a replaced key', () => {
  const changes: readonly (readonly [string, (work: MemoryAccountContext) => void])[] = [
    ['is gone', ({ iam }) => iam.removeKey(HEIR)],
    ['was switched off', ({ iam }) => iam.switchKey(HEIR, 'inactive')],
  ];
  for (const [meanwhile, change] of changes) {
    it(`is refused when its replacement ${meanwhile} meanwhile: nobody is locked out`, async () => {
      const work = await annWithTwoKeys();
      const planned = plannedFor(work, 'deactivate');
      change(work);
      const [outcome] = (await applyUser(planned, work.context)).outcomes;
      expect(work.iam.key(KEY).status, "the user's last active key").to.equal('active');
      expect(outcome && failureIn(outcome).kind).to.equal('changed-meanwhile');
    });
  }
});

describe('to deactivate both keys of a user', () => {
  it('is no change that anybody else has made', async () => {
    const work = await annWithTwoKeys();
    const planned = [KEY, HEIR].map((id) => ({ decision: work.decisionOn('deactivate', id) }));
    const { outcomes } = await applyUser(planned, work.context);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['applied', 'applied']);
    expect(stateOf(work)).to.deep.equal([`${KEY} inactive`, `${HEIR} inactive`]);
  });
});

describe('what is planned for one user', () => {
  it('is carried out in order', async () => {
    const work = await annWithTwoKeys();
    work.iam.switchKey(HEIR, 'inactive');
    const order = ['delete', 'create'] as const;
    const spies = order.map((name) => sinon.spy(work.context.session.writer, name) as sinon.SinonSpy);
    const planned = [
      { decision: work.decisionOn('delete', HEIR) },
      { decision: work.decisionOn('replace', KEY) },
    ];
    const { outcomes } = await applyUser(planned, work.context);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['applied', 'applied']);
    sinon.assert.callOrder(...spies);
  });

  it('is held back after the first failure, and says so', async () => {
    const work = await annWithTwoKeys();
    work.iam.switchKey(HEIR, 'inactive');
    work.faults.on('writer.delete', 'denied');
    const create = sinon.spy(work.context.session.writer, 'create');
    const replace = work.decisionOn('replace', KEY);
    const planned = [{ decision: work.decisionOn('delete', HEIR) }, { decision: replace }];
    const { outcomes } = await applyUser(planned, work.context);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['failed', 'held']);
    expect(outcomes[1]).to.deep.equal({
      status: 'held',
      decision: replace,
      by: 'failure',
      why: 'an earlier action for this user failed',
    });
    sinon.assert.notCalled(create);
  });

  it('is held back after a partial replacement too', async () => {
    const work = await annWithTwoKeys();
    work.iam.removeKey(HEIR);
    work.faults.on('ledger.recordDelivery', 'transient');
    const deactivate = sinon.spy(work.context.session.writer, 'deactivate');
    const planned = (['replace', 'deactivate', 'keep'] as const).map((action) => ({
      decision: work.decisionOn(action, KEY),
    }));
    const { outcomes } = await applyUser(planned, work.context);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['partial', 'held', 'none']);
    sinon.assert.notCalled(deactivate);
  });

  it('is not touched where mode or limit hold it back', async () => {
    const work = await annWithTwoKeys();
    const held = { by: 'limit', why: 'too many' } as const;
    const deactivate = sinon.spy(work.context.session.writer, 'deactivate');
    const one = { decision: work.decisionOn('deactivate', KEY), held };
    const { outcomes } = await applyUser([one], work.context);
    expect(outcomes).to.deep.equal([{ status: 'held', decision: one.decision, ...held }]);
    sinon.assert.notCalled(deactivate);
  });

  for (const action of ['keep', 'wait', 'blocked', 'exempt', 'skip'] as const) {
    it(`needs nothing done to "${action}"`, async () => {
      const work = await memoryAccountContext((call) => {
        throw new Error(`${call.name} was called`);
      });
      const planned = { decision: decision(action) };
      expect(await applyUser([planned], work.context)).to.deep.equal({
        outcomes: [{ status: 'none', decision: planned.decision }],
        findings: [],
      });
      expect(notApplied(planned)).to.deep.equal({ status: 'none', decision: planned.decision });
    });
  }

  for (const action of ['replace', 'deactivate', 'delete'] as const) {
    it(`never throws: a defect while it does "${action}" is an outcome`, async () => {
      const work = await annWithTwoKeys();
      const planned = { decision: work.decisionOn(action, KEY) };
      work.faults.on('inventory.keysOf', new TypeError('x is not a function'));
      const [outcome] = (await applyUser([planned], work.context)).outcomes;
      expect(outcome?.status).to.equal('failed');
      expect(outcome && failureIn(outcome).message).to.equal('TypeError: x is not a function');
    });
  }
});
