import { expect } from 'chai';
import { DAY, days } from '../../../src/domain/time.ts';
import { restoreOnDemand } from '../../../src/domain/rotation/on-demand.ts';
import { eventsOf } from '../../../src/report/data/events.ts';
import { perform, prepare } from '../../../src/run/on-demand/on-demand.ts';
import type { AccountReport } from '../../../src/domain/report/run-report.ts';
import { notice, T0 } from '../../support/builders.ts';
import { memoryOrganization, type RunOptions } from '../../support/memory/organization.ts';
import { mortal } from '../../support/memory/process.ts';
import { rotateAccount } from '../../support/memory/rotate.ts';

const lateEvents = (report: AccountReport) => eventsOf(report, { runId: 'run', mode: 'enforce', now: T0 });

function withAnn() {
  const organization = memoryOrganization();
  const member = organization.add();
  member.iam.addKey('ann', { id: 'ANN', age: days(70), usedAgo: DAY });
  const go = async (options: RunOptions = {}) => {
    const report = await rotateAccount(member.account, organization.run(options));
    if (report.status !== 'rotated') throw new Error(report.status);
    return report;
  };
  const owed = () => organization.ledger.of(member.id).pendingDigest;
  return { ...organization, ...member, go, owed };
}

const notesIn = ({ findings }: Awaited<ReturnType<ReturnType<typeof withAnn>['go']>>) =>
  findings.map(({ severity, message }) => `${severity}: ${message}`);

describe('a digest that is owed', () => {
  it('is owed before anything is changed, and no longer once it was published', async () => {
    const { go, owed } = withAnn();
    const seen: unknown[] = [];
    await go({
      around: async ({ name }, proceed) => {
        if (['writer.create', 'notifier.publish'].includes(name)) seen.push(owed());
        return await proceed();
      },
    });
    expect(seen).to.deep.equal([
      { runId: 'run-1', since: T0 },
      { runId: 'run-1', since: T0 },
    ]);
    expect(owed()).to.equal(undefined);
  });

  it('is not owed by a run that changes nothing', async () => {
    const { go, iam, ledger, owed } = withAnn();
    iam.removeKey('ANN');
    iam.addKey('bob', { age: days(5), usedAgo: DAY });
    const calls: string[] = [];
    await go({
      around: async ({ name }, proceed) => {
        calls.push(name);
        return await proceed();
      },
    });
    expect(
      calls.filter((name) => ['ledger.markDigestPending', 'ledger.markDigestSent'].includes(name)),
    ).to.deep.equal([]);
    expect(owed()).to.equal(undefined);
    expect(ledger.historyOf('111111111111')).to.deep.equal([]);
  });

  it('that was not accepted is told by the next run, with all that was done', async () => {
    const { go, faults, iam, clock, notifier, owed } = withAnn();
    faults.on('notifier.publish', 'denied');
    await go();
    expect(owed()).to.deep.equal({ runId: 'run-1', since: T0 });
    clock.pass(days(7));
    const created = iam.keysOf('ann').at(-1)?.id ?? '';
    const report = await go();
    expect(notesIn(report).slice(0, 2)).to.deep.equal([
      'note: Run run-1 of 2026-03-01 could not report what it did in this account:',
      `note: ann: ANN replaced on 2026-03-01 by ${created}, whose secret is in secret/of/ann. Older than 60 days and in use.`,
    ]);
    expect(notifier.published).to.have.length(1);
    expect(owed()).to.equal(undefined);
    clock.pass(days(7));
    expect(notesIn(await go())).to.deep.equal([]);
  });

  it('of a run that died is told by the next one', async () => {
    const { go, owed, clock, account, run } = withAnn();
    const process = mortal();
    const dying = run({
      around: async (call, proceed) =>
        call.name === 'notifier.publish' ? process.die(call.name) : await process.around(call, proceed),
    });
    await rotateAccount(account, dying);
    expect(owed()?.runId).to.equal('run-1');
    clock.pass(days(7));
    expect(notesIn(await go())[0]).to.include('Run run-1 of 2026-03-01 could not report');
  });

  it('of several runs is told whole, each change once', async () => {
    const { go, faults, clock, iam, ledger, id } = withAnn();
    iam.addKey('bob', { id: 'BOB', age: days(200), usedAgo: days(120) });
    ledger.remember(id, 'BOB', { notices: [notice('unused', { givenAgo: days(5) })] });
    faults.on('notifier.publish', 'denied', { times: 2 });
    await go();
    clock.pass(days(7));
    await go();
    clock.pass(days(7));
    const told = notesIn(await go()).slice(1);
    expect(told).to.have.length(2);
    expect(told[0]).to.include('ANN replaced on 2026-03-01');
    expect(told[1]).to.include('BOB deactivated on 2026-03-08');
  });

  it('is told to other systems too, once it is told', async () => {
    const { faults, clock, account, run, events } = withAnn();
    faults.on('notifier.publish', 'denied');
    faults.on('events.put', 'denied');
    await rotateAccount(account, run({ eventsOf: lateEvents }));
    clock.pass(days(7));
    await rotateAccount(account, run({ eventsOf: lateEvents }));
    expect(events.accepted.map(({ type, detail }) => `${type} ${detail.accessKeyId ?? ''}`)).to.include(
      'Access Key Replaced ANN',
    );
  });

  it('is told by what a person does by hand in between, and by nobody again', async () => {
    const { go, faults, clock, iam, id, run, owed, notifier } = withAnn();
    iam.addKey('bob', { id: 'BOB', age: days(20), status: 'inactive' });
    faults.on('notifier.publish', 'denied');
    await go();
    const restored = await prepare(
      id,
      { userName: 'bob' },
      (user, policy) => restoreOnDemand(user, 'BOB', 'still needed', policy, T0),
      run(),
    );
    await perform(restored, run());
    expect(notifier.published[0]?.json).to.include('ANN replaced on 2026-03-01');
    expect(owed()).to.equal(undefined);
    clock.pass(days(7));
    expect(notesIn(await go())).to.deep.equal([]);
  });

  it('is told by an audit as well, which can not take note of that', async () => {
    const { go, faults, clock, owed } = withAnn();
    faults.on('notifier.publish', 'denied');
    await go();
    clock.pass(days(7));
    expect(notesIn(await go({ mode: 'audit' }))[0]).to.include('could not report what it did');
    expect(owed()?.runId).to.equal('run-1');
  });

  it('stays that of the first run when the next one can not tell either', async () => {
    const { go, faults, clock, owed } = withAnn();
    faults.on('notifier.publish', 'denied', { times: Infinity });
    await go();
    clock.pass(days(7));
    await go();
    expect(owed()).to.deep.equal({ runId: 'run-1', since: T0 });
  });

  it('that can not be written down means that nothing is done', async () => {
    const { faults, account, run, iam } = withAnn();
    faults.on('ledger.markDigestPending', 'denied');
    expect((await rotateAccount(account, run())).status).to.equal('unreachable');
    expect(iam.keysOf('ann')).to.have.length(1);
  });

  it('is a failure where the history can not be read, and stays owed if that can not be told', async () => {
    const { go, faults, clock } = withAnn();
    faults.on('notifier.publish', 'denied');
    await go();
    clock.pass(days(7));
    faults.on('history.of', 'denied');
    expect(notesIn(await go())[0]).to.match(
      /^failure: Run run-1 of 2026-03-01 could not report .* neither can this one/,
    );
  });

  it("with a key that may be a person's still needs a person when it is told late", async () => {
    const { go, iam, ledger, id, clock, faults } = withAnn();
    iam.addKey('ann', { id: 'HERS', age: DAY, usedAgo: DAY / 2 });
    const startedAt = T0 - 2 * DAY;
    const intent = { userName: 'ann', userArn: 'arn:ann', replaces: 'ANN', knownKeyIds: ['ANN'] };
    ledger.begin(id, { ...intent, startedAt, leaseEndsAt: startedAt + 600_000, runId: 'run-0' });
    faults.on('notifier.publish', 'denied');
    await go();
    clock.pass(days(7));
    const critical = notesIn(await go()).filter((note) => note.startsWith('critical'));
    expect(critical).to.have.length(1);
    expect(critical[0]).to.include('HERS');
  });
});
