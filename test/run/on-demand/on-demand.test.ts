import { expect } from 'chai';
import { replaceOnDemand, restoreOnDemand } from '../../../src/domain/rotation/on-demand.ts';
import { DAY, days, MINUTE } from '../../../src/domain/time.ts';
import { perform, prepare, type Decide } from '../../../src/run/on-demand/on-demand.ts';
import { notice, T0 } from '../../support/builders.ts';
import { CALLER, memoryOrganization, type RunOptions } from '../../support/memory/organization.ts';

function withAnn() {
  const organization = memoryOrganization();
  const member = organization.add();
  member.iam.addKey('ann', { id: 'ANN', age: days(5), usedAgo: DAY });
  const leaked: Decide = (user, policy) =>
    replaceOnDemand(user, { reason: 'it leaked', leaveActive: false }, policy, T0);
  const planned: Decide = (user, policy) =>
    replaceOnDemand(user, { reason: 'before the audit', leaveActive: true }, policy, T0);
  const restored: Decide = (user, policy) => restoreOnDemand(user, 'ANN', 'still needed', policy, T0);
  const ready = (decide: Decide, options: RunOptions = {}) =>
    prepare(member.id, { userName: 'ann' }, decide, organization.run(options));
  const go = async (decide: Decide, options: RunOptions = {}) => {
    const run = organization.run(options);
    return await perform(await prepare(member.id, { userName: 'ann' }, decide, run), run);
  };
  const keys = () => member.iam.keysOf('ann').map(({ id, status }) => `${id} ${status}`);
  return { ...organization, ...member, leaked, planned, restored, ready, go, keys };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

describe('an emergency replacement', () => {
  it('is only looked at first', async () => {
    const { ready, leaked, keys, ledger, id } = withAnn();
    const { decisions } = await ready(leaked);
    expect(decisions.map(({ action }) => action)).to.deep.equal(['replace', 'deactivate']);
    expect(keys()).to.deep.equal(['ANN active']);
    expect(ledger.leaseOf(id)).to.equal(undefined);
  });

  it('delivers a new key, then switches the old one off, and says so with its reason', async () => {
    const { go, leaked, iam, keys, secrets, ledger, id, notifier } = withAnn();
    const report = await go(leaked);
    if (report.status !== 'rotated') throw new Error(report.status);
    expect(report.outcomes.map(({ status }) => status)).to.deep.equal(['applied', 'applied']);
    const [, created] = iam.keysOf('ann');
    expect(keys()).to.deep.equal(['ANN inactive', `${created?.id ?? ''} active`]);
    expect(secrets.currentOf('ann')?.accessKeyId).to.equal(created?.id);
    expect(
      ledger.historyOf(id).map(({ what, by, reason, message }) => `${what} ${by} ${reason}: ${message}`),
    ).to.deep.equal([
      `replaced ${CALLER} emergency: Asked for: it leaked`,
      `deactivated ${CALLER} emergency: Asked for, and its replacement is there: it leaked`,
    ]);
    expect(ledger.of(id).keys.get('ANN')?.inactiveSince).to.equal(T0);
    expect(notifier.published).to.have.length(1);
    expect(ledger.leaseOf(id)).to.equal(undefined);
  });

  it('leaves the old key on when the new one could not be delivered', async () => {
    const { go, leaked, keys, faults } = withAnn();
    faults.on('secrets.store', 'denied');
    const report = await go(leaked);
    if (report.status !== 'rotated') throw new Error(report.status);
    expect(report.outcomes.map(({ status }) => status)).to.deep.equal(['failed', 'held']);
    expect(keys()).to.deep.equal(['ANN active']);
  });

  for (const [title, options] of [
    ['whatever the mode', { mode: 'audit' }],
    ['also of a user who is not covered', { values: { excludeUsers: [{ by: 'name', pattern: '*' }] } }],
    [
      'also of an exempt user',
      {
        values: {
          exemptions: [{ users: [{ by: 'name', pattern: '*' }], owner: 'x', reason: 'y', until: T0 + DAY }],
        },
      },
    ],
    ['whatever the limits', { values: { maxDeactivations: { count: 0 }, maxDeletions: { count: 0 } } }],
  ] as const) {
    it(`is done ${title}`, async () => {
      const { go, leaked, keys } = withAnn();
      await go(leaked, options);
      expect(keys()[0]).to.equal('ANN inactive');
      expect(keys()).to.have.length(2);
    });
  }

  it('leaves the old key to its ordinary way when it is a planned one', async () => {
    const { go, planned, keys, ledger, id } = withAnn();
    await go(planned, { mode: 'audit' });
    expect(ledger.of(id).keys.get('ANN')?.notices, 'its digest is the notice').to.deep.equal([
      { about: 'replaced', firstAt: T0, lastAt: T0, date: T0 + days(75), inAnyCase: T0 + days(85) },
    ]);
    expect(keys()[0]).to.equal('ANN active');
    expect(keys()).to.have.length(2);
  });

  it('is not done when the keys have changed since it was shown', async () => {
    const { ready, leaked, run, iam, keys } = withAnn();
    const prepared = await ready(leaked);
    iam.addKey('ann', { id: 'HERS' });
    const report = await perform(prepared, run());
    expect(report.status === 'unreachable' && report.failure.kind).to.equal('changed-meanwhile');
    expect(keys()).to.deep.equal(['ANN active', 'HERS active']);
  });

  it('does not switch the old key off when its replacement was switched off a moment ago', async () => {
    const { run, iam, ledger, id, ready, leaked, keys } = withAnn();
    iam.addKey('ann', { id: 'NEW', age: DAY });
    ledger.remember(id, 'NEW', { replacementOf: 'ANN', deliveredAt: T0 - DAY });
    const prepared = await ready((user, policy) =>
      replaceOnDemand(user, { accessKeyId: 'ANN', reason: 'leaked', leaveActive: false }, policy, T0),
    );
    expect(leaked).to.be.a('function');
    let listings = 0;
    const report = await perform(
      prepared,
      run({
        around: async ({ name }, proceed) => {
          // Between the last decision and what is done about it.
          if (name === 'inventory.keysOf' && ++listings === 2) iam.switchKey('NEW', 'inactive');
          return await proceed();
        },
      }),
    );
    if (report.status !== 'rotated') throw new Error(report.status);
    expect(report.outcomes.map(({ status }) => status)).to.deep.equal(['failed']);
    expect(keys()).to.deep.equal(['ANN active', 'NEW inactive']);
  });

  it('is not done when more would have to be done than was shown', async () => {
    const { ready, leaked, run, iam, keys, ledger, id } = withAnn();
    const prepared = await ready(leaked);
    iam.addKey('ann', { id: 'OLD', age: days(100), status: 'inactive' });
    ledger.remember(id, 'OLD', { inactiveSince: T0 - days(20) });
    const report = await perform(prepared, run());
    expect(report.status === 'unreachable' && report.failure.kind).to.equal('changed-meanwhile');
    expect(keys()).to.deep.equal(['ANN active', 'OLD inactive']);
  });

  it('is not done while another run holds the account', async () => {
    const { go, leaked, ledger, id, keys } = withAnn();
    await ledger.port.acquireLease(id, 'run-9', T0 + 10 * MINUTE, T0);
    expect((await go(leaked)).status).to.equal('skipped');
    expect(keys()).to.deep.equal(['ANN active']);
  });

  it('finishes first what an earlier run began for that user', async () => {
    const { ready, leaked, run, iam, id, ledger, clock } = withAnn();
    const prepared = await ready(leaked);
    const intent = { userName: 'ann', userArn: 'arn:ann', replaces: 'ANN', knownKeyIds: ['ANN'] };
    ledger.begin(id, { ...intent, startedAt: T0, leaseEndsAt: T0 + 60_000, runId: 'run-0' });
    clock.pass(DAY);
    const report = await perform(prepared, run());
    expect(report.status).to.equal('rotated');
    expect(ledger.of(id).intents).to.deep.equal([]);
    expect(iam.key('ANN').status).to.equal('inactive');
  });

  it('is refused for users, accounts and settings that can not be used', async () => {
    const { run, leaked, id } = withAnn();
    const problem = async (accountId: string, userName: string, options: RunOptions = {}) =>
      messageOf(
        await prepare(accountId, { userName }, leaked, run(options)).catch((error: unknown) => error),
      );
    expect(await problem('999999999999', 'ann')).to.include('no account 999999999999');
    expect(await problem(id, 'nobody')).to.include('no user nobody with access keys');
    expect(await problem(id, 'ann', { values: { rotateAfter: 100 } })).to.include('deactivateAfter');
  });
});

describe('a restoration', () => {
  it('switches the key on and starts its graces anew', async () => {
    const { go, restored, iam, keys, ledger, id } = withAnn();
    iam.switchKey('ANN', 'inactive');
    ledger.remember(id, 'ANN', {
      inactiveSince: T0 - DAY,
      notices: [notice('delete', { givenAgo: days(20) })],
    });
    const report = await go(restored);
    if (report.status !== 'rotated') throw new Error(report.status);
    expect(report.outcomes.map(({ status }) => status)).to.deep.equal(['applied']);
    expect(keys()).to.deep.equal(['ANN active']);
    expect(ledger.of(id).keys.get('ANN')).to.deep.equal({ reactivatedAt: T0 });
    expect(ledger.historyOf(id).map(({ what, message }) => `${what}: ${message}`)).to.deep.equal([
      'restored: Asked for: still needed',
    ]);
  });

  it('finds the user by the key', async () => {
    const { run, restored, id, iam } = withAnn();
    iam.switchKey('ANN', 'inactive');
    const { userName } = await prepare(id, { accessKeyId: 'ANN' }, restored, run());
    expect(userName).to.equal('ann');
    const missing = await prepare(id, { accessKeyId: 'NONE' }, restored, run()).catch(messageOf);
    expect(missing).to.include('no access key NONE');
  });
});
