import { expect } from 'chai';
import { applyUser } from '../../../src/run/rotation/apply-user.ts';
import { T0 } from '../../support/builders.ts';
import type { MemoryAccountContext } from '../../support/memory/account-context.ts';
import { failureIn } from './ann.ts';
import { annBefore, KEY, stateOf } from './two-keys.ts';

const begunIn = ({ ledger, id }: MemoryAccountContext) =>
  ledger.of(id).pendingChanges.map(({ accessKeyId }) => accessKeyId);

for (const action of ['deactivate', 'delete'] as const) {
  const done = action === 'deactivate' ? 'deactivated' : 'deleted';
  const ready = () => annBefore(action);

  describe(`what was begun in order to ${action} a key`, () => {
    for (const answerLost of [false, true]) {
      it(`leaves nothing behind when not even that can be written${answerLost ? ' (the answer is lost)' : ''}`, async () => {
        const { work, planned } = await ready();
        work.faults.on('ledger.markChangePending', 'transient', { answerLost });
        const before = stateOf(work);
        const [outcome] = (await applyUser(planned, work.context)).outcomes;
        expect(outcome && failureIn(outcome).kind).to.equal('transient');
        expect([stateOf(work), begunIn(work)]).to.deep.equal([before, []]);
      });
    }

    for (const [kind, begun] of [
      ['denied', []],
      ['not-found', []],
      ['limit', []],
      ['conflict', []],
      ['throttled', []],
      // What IAM lists a few seconds later is no proof that it was not done.
      ['transient', [KEY]],
      ['unknown', [KEY]],
    ] as const) {
      it(`is begun ${begun.length === 0 ? 'no longer' : 'still'} when the answer is "${kind}" and the key is as it was`, async () => {
        const { work, planned } = await ready();
        work.faults.on(`writer.${action}`, kind);
        const [outcome] = (await applyUser(planned, work.context)).outcomes;
        expect(outcome && failureIn(outcome).kind).to.equal(kind);
        expect(begunIn(work)).to.deep.equal(begun);
      });
    }

    for (const kind of ['throttled', 'transient', 'unknown'] as const) {
      it(`is known to be done when the answer is "${kind}" and the key shows it`, async () => {
        const { work, planned } = await ready();
        work.faults.on(`writer.${action}`, kind, { answerLost: true });
        const { outcomes, findings } = await applyUser(planned, work.context);
        expect([outcomes[0]?.status, findings]).to.deep.equal(['applied', []]);
        expect(work.ledger.historyOf(work.id).map(({ what }) => what)).to.deep.equal([done]);
        expect(begunIn(work)).to.deep.equal([]);
      });
    }

    it('is begun still when the keys can not be listed after it', async () => {
      const { work, planned } = await ready();
      work.faults.on(`writer.${action}`, 'transient', { answerLost: true });
      // The first list is the one before the deed.
      let lists = 0;
      work.faults.on('inventory.keysOf', 'transient', { when: () => ++lists === 2 });
      const [outcome] = (await applyUser(planned, work.context)).outcomes;
      expect(outcome?.status).to.equal('failed');
      expect(begunIn(work)).to.deep.equal([KEY]);
    });

    it('of another run is not begun again: nobody has looked what became of it', async () => {
      const { work, planned } = await ready();
      const entry = { at: T0, runId: 'another', by: 'arn', reason: 'unused', message: 'Unused.' };
      await work.ledger.port.markChangePending(work.id, {
        ...entry,
        what: done,
        userName: 'ann',
        accessKeyId: KEY,
      });
      const before = stateOf(work);
      const [outcome] = (await applyUser(planned, work.context)).outcomes;
      expect(outcome && failureIn(outcome).kind).to.equal('conflict');
      expect([stateOf(work), begunIn(work)]).to.deep.equal([before, [KEY]]);
    });
  });
}
