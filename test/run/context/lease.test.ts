import { expect } from 'chai';
import * as sinon from 'sinon';
import { OperationError } from '../../../src/domain/errors.ts';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import { LEASE_DURATION, takeLease, type Lease } from '../../../src/run/context/lease.ts';
import { T0 } from '../../support/builders.ts';
import { caught, kindOf } from '../../support/memory/caught.ts';
import { memoryOrganization } from '../../support/memory/organization.ts';
import { leaseOf } from '../../support/memory/account-context.ts';

const ACCOUNT = '111111111111';

async function leased() {
  const organization = memoryOrganization();
  const lease = await leaseOf(organization, ACCOUNT, 'run-1');
  const { clock, ledger } = organization;
  return {
    ...organization,
    lease,
    asked: sinon.spy(ledger.port, 'acquireLease'),
    other: () => takeLease(ledger.port, clock, ACCOUNT, 'run-2'),
  };
}

const mustGet = (taken: Awaited<ReturnType<typeof takeLease>>): Lease => {
  if (!('lease' in taken)) throw new Error(`held by ${taken.holder}`);
  return taken.lease;
};

describe('the lease of an account', () => {
  it('is given to one run; another is told who has it, and until when', async () => {
    const { other } = await leased();
    expect(await other()).to.deep.equal({ kind: 'held', holder: 'run-1', until: T0 + LEASE_DURATION });
  });

  it('says when it ends', async () => {
    const { lease } = await leased();
    expect(await lease.hold()).to.equal(T0 + LEASE_DURATION);
  });

  it('is free again once it was given back', async () => {
    const { lease, other } = await leased();
    await lease.release();
    mustGet(await other());
  });

  it('of a dead run runs out', async () => {
    const { clock, other } = await leased();
    clock.pass(LEASE_DURATION - 1);
    expect(await other()).to.include({ kind: 'held' });
    clock.pass(1);
    mustGet(await other());
  });

  it('is not prolonged while more than half of it is left', async () => {
    const { lease, clock, asked } = await leased();
    clock.pass(LEASE_DURATION / 2);
    expect(await lease.hold()).to.equal(T0 + LEASE_DURATION);
    sinon.assert.notCalled(asked);
  });

  it('is prolonged as soon as less than half of it is left, and keeps others out for longer', async () => {
    const { lease, clock, asked, other } = await leased();
    const now = T0 + LEASE_DURATION / 2 + 1;
    clock.pass(LEASE_DURATION / 2 + 1);
    expect(await lease.hold()).to.equal(now + LEASE_DURATION);
    sinon.assert.calledOnce(asked);
    sinon.assert.calledWith(asked, ACCOUNT, 'run-1', now + LEASE_DURATION, now);
    clock.pass(LEASE_DURATION - 1);
    expect(await other()).to.include({ kind: 'held' });
  });

  it('is prolonged once for all who work side by side', async () => {
    const { lease, clock, asked } = await leased();
    clock.pass(6 * MINUTE);
    const ends = await Promise.all([lease.hold(), lease.hold(), lease.hold()]);
    expect(new Set(ends)).to.deep.equal(new Set([T0 + 6 * MINUTE + LEASE_DURATION]));
    sinon.assert.calledOnce(asked);
  });

  for (const [meanwhile, happens] of [
    ['nobody wanted it', async () => undefined],
    ['another run has it', async ({ other }) => mustGet(await other())],
    ['another run had it and gave it back', async ({ other }) => mustGet(await other()).release()],
  ] as readonly (readonly [string, (one: Awaited<ReturnType<typeof leased>>) => Promise<unknown>])[]) {
    it(`that ran out is lost, and stays lost, when ${meanwhile}`, async () => {
      const one = await leased();
      one.clock.pass(LEASE_DURATION);
      await happens(one);
      expect(await kindOf(one.lease.hold())).to.equal('lease-lost');
      expect(await kindOf(one.lease.hold())).to.equal('lease-lost');
    });
  }

  it('is prolonged up to the moment at which it runs out', async () => {
    const { lease, clock } = await leased();
    clock.pass(LEASE_DURATION - 1);
    expect(await lease.hold()).to.equal(T0 + 2 * LEASE_DURATION - 1);
  });

  it('that was lost does not take the account from the run that has it now', async () => {
    const { lease, clock, other, ledger } = await leased();
    clock.pass(LEASE_DURATION);
    mustGet(await other());
    await lease.hold().catch(() => undefined);
    await lease.release();
    expect(ledger.leaseOf(ACCOUNT)?.runId).to.equal('run-2');
  });

  it('that a run with a faster clock has taken is lost, and names that run', async () => {
    const { lease, clock, ledger } = await leased();
    clock.pass(6 * MINUTE);
    const itsNow = T0 + LEASE_DURATION;
    await ledger.port.acquireLease(ACCOUNT, 'run-2', itsNow + LEASE_DURATION, itsNow);
    const error = await caught(lease.hold());
    expect(error).to.be.instanceOf(OperationError);
    expect((error as OperationError).failure).to.include({ kind: 'lease-lost' });
    expect((error as OperationError).message).to.include('run-2');
  });

  it('that cannot be prolonged is not held, and is tried again the next time', async () => {
    const organization = memoryOrganization();
    const { ledger, clock } = organization;
    const unreliable = { ...ledger.port, acquireLease: sinon.stub().callsFake(ledger.port.acquireLease) };
    const lease = mustGet(await takeLease(unreliable, clock, ACCOUNT, 'run-1'));
    clock.pass(6 * MINUTE);
    unreliable.acquireLease.onSecondCall().rejects(new TypeError('no answer'));
    const error: unknown = await lease.hold().catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(TypeError);
    expect(await lease.hold()).to.equal(T0 + 6 * MINUTE + LEASE_DURATION);
  });

  it('is not held when prolonging it took so long that too little is left', async () => {
    const { ledger, clock } = memoryOrganization();
    const slow = {
      ...ledger.port,
      acquireLease: async (...args: Parameters<typeof ledger.port.acquireLease>) => {
        const answer = await ledger.port.acquireLease(...args);
        if (args[3] > T0) clock.pass(LEASE_DURATION - 2 * MINUTE + SECOND);
        return answer;
      },
    };
    const lease = mustGet(await takeLease(slow, clock, ACCOUNT, 'run-1'));
    clock.pass(6 * MINUTE);
    expect(await kindOf(lease.hold())).to.equal('lease-lost');
  });
});
