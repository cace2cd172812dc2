import { expect } from 'chai';
import { DAY, dateOf, days, MINUTE } from '../../../src/domain/time.ts';
import { restoreOnDemand } from '../../../src/domain/rotation/on-demand.ts';
import { eventsOf } from '../../../src/report/data/events.ts';
import { perform, prepare } from '../../../src/run/on-demand/on-demand.ts';
import { notice, T0 } from '../../support/builders.ts';
import type { Around, CallName } from '../../support/memory/intercept.ts';
import { memoryOrganization, type RunOptions } from '../../support/memory/organization.ts';
import { mortal } from '../../support/memory/process.ts';
import { rotateAccount } from '../../support/memory/rotate.ts';

const OFF_SINCE = T0 - days(11);

/** Ann's key is unused and announced; Bob's has been off for eleven days. Both are to go now. */
function withTwoKeysToGo() {
  const organization = memoryOrganization();
  const member = organization.add();
  member.iam.addKey('ann', { id: 'ANN', age: days(200), usedAgo: days(120) });
  member.iam.addKey('bob', { id: 'BOB', age: days(200), usedAgo: days(120), status: 'inactive' });
  organization.ledger.remember(member.id, 'ANN', { notices: [notice('unused', { givenAgo: days(11) })] });
  organization.ledger.remember(member.id, 'BOB', {
    inactiveSince: OFF_SINCE,
    notices: [notice('delete', { givenAgo: days(11) })],
  });
  const told = {
    eventsOf: (report: Parameters<typeof eventsOf>[0]) =>
      eventsOf(report, { runId: 'run', mode: 'enforce', now: T0 }),
  };
  const go = async (options: RunOptions = {}) => {
    const report = await rotateAccount(member.account, organization.run({ ...told, ...options }));
    if (report.status !== 'rotated') throw new Error(`${report.status}: ${JSON.stringify(report)}`);
    return report;
  };
  /** A run that dies at the first call of this name. */
  const die = (at: CallName, side: 'before' | 'after') => {
    const process = mortal();
    const around: Around = async (call, proceed) => {
      if (call.name !== at) return await process.around(call, proceed);
      if (side === 'after') await proceed();
      return process.die(call.name);
    };
    return rotateAccount(member.account, organization.run({ ...told, around }));
  };
  const memory = () => organization.ledger.of(member.id);
  const history = () =>
    organization.ledger
      .historyOf(member.id)
      .map(({ at, runId, what, accessKeyId = '' }) => `${runId}: ${accessKeyId} ${what} at T0 + ${at - T0}`);
  const statusOf = (id: string) =>
    ['ann', 'bob'].flatMap((name) => member.iam.keysOf(name)).find((key) => key.id === id)?.status ?? 'gone';
  return { ...organization, ...member, go, die, memory, history, statusOf };
}

/** Nobody holds the account. */
const leaseIsFree: Around = async ({ name }, proceed) =>
  name === 'ledger.acquireLease' ? { kind: 'granted' } : await proceed();

const messagesIn = ({ findings }: Awaited<ReturnType<ReturnType<typeof withTwoKeysToGo>['go']>>) =>
  findings.map(({ message }) => message).join('\n');

describe('a change of a key whose record was lost', () => {
  it('is recorded and told by the next run, as what the run did that died', async () => {
    const { die, go, history, statusOf, clock, memory, events } = withTwoKeysToGo();
    await die('ledger.recordChange', 'before');
    expect([statusOf('ANN'), history()]).to.deep.equal(['inactive', []]);
    clock.pass(days(7));
    const report = await go();
    expect(history()).to.deep.equal(['run-1: ANN deactivated at T0 + 0', 'run-1: BOB deleted at T0 + 0']);
    expect(messagesIn(report)).to.include('Run run-1 of 2026-03-01 could not report what it did');
    expect(messagesIn(report)).to.match(/ann: ANN deactivated on 2026-03-01.*found done by run run-2/);
    expect(events.accepted.map(({ type, detail }) => `${type} ${detail.accessKeyId ?? ''}`)).to.include(
      'Access Key Deactivated ANN',
    );
    expect(memory().pendingChanges).to.deep.equal([]);
  });

  it('lets the grace count from when it was seen to be done', async () => {
    const { die, go, clock, memory } = withTwoKeysToGo();
    await die('ledger.recordChange', 'before');
    clock.pass(days(7));
    await go();
    expect(memory().keys.get('ANN')?.inactiveSince).to.equal(T0 + days(7));
  });

  it('is told again by the run that records it: the first may have told something else', async () => {
    const { faults, go, clock, history, events } = withTwoKeysToGo();
    faults.on('ledger.recordChange', 'denied', { times: 1 });
    await go();
    clock.pass(days(7));
    const report = await go();
    expect(history()[0]).to.match(/^run-1: \w+ de/);
    expect(report.findings.map(({ message }) => message.slice(0, 31))).to.deep.equal([
      `ann: ANN deactivated on ${dateOf(T0)}`.slice(0, 31),
    ]);
    expect(events.accepted.filter(({ type }) => type === 'Access Key Deactivated')).to.have.length(2);
    clock.pass(days(7));
    expect((await go()).findings).to.deep.equal([]);
  });

  it('starts its graces anew when a person has undone it since', async () => {
    const { die, go, clock, iam, statusOf, memory } = withTwoKeysToGo();
    await die('ledger.recordChange', 'before');
    iam.switchKey('ANN', 'active');
    clock.pass(days(7));
    const report = await go();
    expect(statusOf('ANN')).to.equal('active');
    expect(messagesIn(report)).to.include('Its graces start anew.');
    // Replaced like any other key that somebody wants, and announced by this very run's digest.
    expect(memory().keys.get('ANN')).to.deep.equal({
      reactivatedAt: T0 + days(7),
      reactivations: [T0 + days(7)],
      notices: [
        {
          about: 'replaced',
          firstAt: T0 + days(7),
          lastAt: T0 + days(7),
          date: T0 + days(17),
          inAnyCase: T0 + days(37),
        },
      ],
    });
    // Whoever switched it on wants it; nobody uses it, so it is unused in time.
    clock.pass(days(90));
    await go();
    clock.pass(days(10) - 1);
    await go();
    expect(statusOf('ANN')).to.equal('active');
    clock.pass(1);
    await go();
    expect(statusOf('ANN')).to.equal('inactive');
  });

  it('is told whatever the run dies of that finds it', async () => {
    const { die, go, clock } = withTwoKeysToGo();
    await die('ledger.recordChange', 'before');
    clock.pass(days(7));
    await die('notifier.publish', 'before');
    clock.pass(days(7));
    expect(messagesIn(await go())).to.include('ANN deactivated on 2026-03-01');
  });

  it('that deleted a key is recorded too', async () => {
    const { die, go, history, ledger, id, iam, clock } = withTwoKeysToGo();
    iam.removeKey('ANN');
    await die('ledger.recordChange', 'before');
    expect(ledger.of(id).pendingChanges).to.have.length(1);
    clock.pass(days(7));
    expect(messagesIn(await go())).to.include('BOB deleted on 2026-03-01');
    expect(history()).to.deep.equal(['run-1: BOB deleted at T0 + 0']);
  });
});

describe('a change of a key that a dead run never came to', () => {
  it('is made by a run within twenty minutes, as if nothing had been', async () => {
    const { die, go, clock, statusOf, history } = withTwoKeysToGo();
    await die('writer.deactivate', 'before');
    clock.pass(15 * MINUTE);
    await go();
    expect([statusOf('ANN'), statusOf('BOB')]).to.deep.equal(['inactive', 'gone']);
    expect(history().map((line) => line.split(' at ')[0])).to.include('run-2: ANN deactivated');
  });

  it('waits for the graces later on: a person may have undone it', async () => {
    const { die, go, clock, statusOf } = withTwoKeysToGo();
    await die('writer.deactivate', 'before');
    clock.pass(20 * MINUTE);
    await go();
    expect([statusOf('ANN'), statusOf('BOB')]).to.deep.equal(['active', 'gone']);
  });

  it('is nothing to recover for an audit, which says so and decides by what it sees', async () => {
    const { die, go, clock } = withTwoKeysToGo();
    await die('ledger.recordChange', 'before');
    clock.pass(days(7));
    const report = await go({ cap: 'audit' });
    const { gaps, outcomes } = report;
    expect(gaps).to.deep.equal([]);
    expect(outcomes.map(({ decision }) => `${decision.userName} ${decision.reason}`)).to.deep.equal([
      'ann newly-inactive',
    ]);
    expect(messagesIn(report)).to.include('began to have ANN deactivated').and.to.include('have BOB deleted');
    expect(messagesIn(report)).not.to.include('it changed nothing');
  });

  it('is not decided about while nobody can tell', async () => {
    const { die, go, clock, faults, iam, memory, statusOf } = withTwoKeysToGo();
    await die('ledger.recordChange', 'before');
    iam.switchKey('ANN', 'active');
    clock.pass(days(7));
    faults.on('inventory.keysOf', 'throttled', { times: 1 });
    const { gaps } = await go();
    expect(gaps.map(({ userName, reason }) => `${userName} ${reason}`)).to.deep.equal(['ann intent-open']);
    expect([statusOf('ANN'), memory().pendingChanges.length]).to.deep.equal(['active', 1]);
  });

  it('is looked after, of whomever it is, when a person restores a key', async () => {
    const { die, clock, run, id, history, statusOf } = withTwoKeysToGo();
    await die('ledger.recordChange', 'before');
    clock.pass(DAY);
    const asked = run();
    const prepared = await prepare(
      id,
      { userName: 'ann' },
      (user, policy) => restoreOnDemand(user, 'ANN', 'still needed', policy, T0 + DAY),
      asked,
    );
    await perform(prepared, asked);
    expect(statusOf('ANN')).to.equal('active');
    expect(history().map((line) => line.split(' at ')[0])).to.deep.equal([
      'run-1: ANN deactivated',
      'run-1: BOB deleted',
      'run-2: ANN restored',
    ]);
  });

  it('is not judged by a list that may not show yet what was done a moment ago', async () => {
    const { die, go, clock, iam, statusOf, memory } = withTwoKeysToGo();
    await die('ledger.recordChange', 'before');
    iam.switchKey('ANN', 'active');
    clock.pass(MINUTE);
    // As if the run had ended, and given the account back.
    const { gaps } = await go({ around: leaseIsFree });
    expect(gaps.map(({ userName, reason }) => `${userName} ${reason}`)).to.deep.equal(['ann intent-open']);
    expect(statusOf('ANN')).to.equal('active');
    expect(memory().pendingChanges.map(({ accessKeyId }) => accessKeyId)).to.deep.equal(['ANN']);
  });

  it('that was to restore a key gives it its whole grace, whoever switched it off again', async () => {
    const { go, clock, ledger, id, statusOf } = withTwoKeysToGo();
    const entry = { at: T0, runId: 'by-hand', by: 'arn', reason: 'restored', message: 'Asked for: x' };
    const restored = { ...entry, what: 'restored', userName: 'bob', accessKeyId: 'BOB' } as const;
    await ledger.port.markChangePending(id, restored);
    clock.pass(10 * MINUTE);
    await go();
    expect(statusOf('BOB')).to.equal('inactive');
    clock.pass(days(10));
    await go();
    expect(statusOf('BOB')).to.equal('gone');
  });

  it('of a user who has got another name since is looked for under that name', async () => {
    const { die, go, clock, iam, history, memory } = withTwoKeysToGo();
    await die('writer.delete', 'before');
    iam.removeKey('BOB');
    iam.addKey('robert', { id: 'BOB', age: days(200), usedAgo: days(120), status: 'inactive' });
    clock.pass(15 * MINUTE);
    await go();
    expect(history().map((line) => line.split(' at ')[0])).not.to.include('run-1: BOB deleted');
    expect(history().map((line) => line.split(' at ')[0])).to.include('run-2: BOB deleted');
    expect(memory().pendingChanges).to.deep.equal([]);
  });
});
