import { expect } from 'chai';
import * as sinon from 'sinon';
import type { AccountReport, RotatedAccount } from '../../../src/domain/report/run-report.ts';
import { DAY, days, MINUTE } from '../../../src/domain/time.ts';
import type { Intent } from '../../../src/run/ports/ledger.ts';
import { rotateAccount } from '../../support/memory/rotate.ts';
import { notice, T0 } from '../../support/builders.ts';
import { arnOf, type MemoryIam } from '../../support/memory/iam.ts';
import { memoryOrganization, type RunOptions } from '../../support/memory/organization.ts';
import { prepared } from '../../support/prepared.ts';

function accountWithAnnAndBob() {
  const organization = memoryOrganization();
  const member = organization.add();
  member.iam.addKey('ann', { id: 'ANN', age: days(70), usedAgo: DAY });
  member.iam.addKey('bob', { id: 'BOB', age: days(70), usedAgo: DAY });
  const go = (options: RunOptions = {}) => rotateAccount(member.account, organization.run(options));
  return { ...organization, ...member, go };
}

const intentOf = (userName: string, replaces: string): Intent => ({
  userName,
  userArn: `arn:aws:iam::111111111111:user/${userName}`,
  replaces,
  knownKeyIds: [replaces],
  startedAt: T0 - DAY,
  leaseEndsAt: T0 - DAY + 10 * MINUTE,
  runId: 'run-0',
});

const ownerOf = (userName: string, { userIdOf }: MemoryIam) => ({
  userName,
  arn: arnOf('111111111111', userName),
  userId: userIdOf(userName),
});

const rotatedOf = (report: AccountReport): RotatedAccount => {
  if (report.status !== 'rotated') throw new Error(`the account is ${report.status}`);
  return report;
};
const said = (report: AccountReport): readonly string[] =>
  rotatedOf(report).outcomes.map(
    ({ status, decision }) => `${decision.userName}: ${decision.action} ${status}`,
  );
const gapsIn = (report: AccountReport): readonly string[] =>
  rotatedOf(report).gaps.map(({ userName, reason }) => `${userName}: ${reason}`);

describe('an account', () => {
  it('is rotated user by user, and told about', async () => {
    const { go, notifier, account } = accountWithAnnAndBob();
    const report = await go();
    expect(report.account).to.equal(account);
    expect(said(report)).to.deep.equal(['ann: replace applied', 'bob: replace applied']);
    expect(notifier.published.map(({ subject }) => subject)).to.deep.equal(['production: digest']);
  });

  it('stays held however long it takes to read its users', async () => {
    const { go, clock, iam } = accountWithAnnAndBob();
    for (const user of ['cem', 'dee', 'eli', 'fay']) iam.addKey(user, { age: days(70), usedAgo: DAY });
    const report = await go({
      userConcurrency: 1,
      around: ({ name }, proceed) => {
        if (name === 'inventory.lastUse') clock.pass(4 * MINUTE);
        return proceed();
      },
    });
    expect(new Set(said(report).map((one) => one.split(': ')[1]))).to.deep.equal(
      new Set(['replace applied']),
    );
  });

  it('is held while it is worked on and told about, and given back', async () => {
    const seen: Record<string, unknown> = {};
    const { go, ledger, id } = accountWithAnnAndBob();
    await go({
      around: ({ name }, proceed) => {
        seen[name] = ledger.leaseOf(id)?.runId;
        return proceed();
      },
    });
    expect(seen).to.include({
      'writer.create': 'run-1',
      'notifier.publish': 'run-1',
      'ledger.record': 'run-1',
    });
    expect(ledger.leaseOf(id)).to.equal(undefined);
  });

  it('goes on with a user when another one fails', async () => {
    const { go, faults } = accountWithAnnAndBob();
    faults.on('writer.create', 'denied', { when: (userName) => userName === 'ann' });
    expect(said(await go())).to.deep.equal(['ann: replace failed', 'bob: replace applied']);
  });

  it('does not decide about a user who cannot be read', async () => {
    const { go, faults } = accountWithAnnAndBob();
    faults.on('inventory.keysOf', 'denied', { when: (userName) => userName === 'ann' });
    const report = await go();
    expect(said(report)).to.deep.equal(['bob: replace applied']);
    expect(gapsIn(report)).to.deep.equal(['ann: unreadable']);
  });

  it('does nothing of a kind over the limit of that kind', async () => {
    const { go, iam, ledger, id } = accountWithAnnAndBob();
    for (const user of ['cem', 'dee']) {
      iam.addKey(user, { id: user, age: days(200), usedAgo: days(120) });
      ledger.remember(id, user, { notices: [notice('unused', { givenAgo: days(20) })] });
    }
    const limits = { maxDeactivations: { count: 1 }, maxDeletions: { count: 1 } };
    expect(said(await go({ values: limits }))).to.deep.equal([
      'ann: replace applied',
      'bob: replace applied',
      'cem: deactivate held',
      'dee: deactivate held',
    ]);
    expect(iam.key('cem').status).to.equal('active');
  });

  it('does not begin with a user it has no time left for', async () => {
    const { go, clock } = accountWithAnnAndBob();
    const report = await go({
      deadline: T0 + 5 * MINUTE,
      userConcurrency: 1,
      around: async ({ name }, proceed) => {
        if (name === 'writer.create') clock.pass(4.5 * MINUTE);
        return await proceed();
      },
    });
    expect(said(report)).to.deep.equal(['ann: replace applied']);
    expect(gapsIn(report)).to.deep.equal(['bob: out-of-time']);
  });

  it('leaves those whom it has read before those whom it has not, for the next run to begin with', async () => {
    const { go, clock, iam } = accountWithAnnAndBob();
    iam.addKey('cem', { id: 'CEM', age: days(70), usedAgo: DAY });
    let read = 0;
    const report = await go({
      deadline: T0 + 10 * MINUTE,
      userConcurrency: 1,
      around: async ({ name }, proceed) => {
        // Cem is too late to be read, and Bob, who is read, too late for anything else.
        if (name === 'inventory.lastUse' && ++read === 2) clock.pass(5 * MINUTE);
        if (name === 'writer.create') clock.pass(4.5 * MINUTE);
        return await proceed();
      },
    });
    expect(said(report)).to.deep.equal(['ann: replace applied']);
    expect(gapsIn(report)).to.deep.equal(['bob: out-of-time', 'cem: out-of-time']);
  });

  const rootKeys = [
    ['has keys', 'critical', 'The root user has access keys'],
    ['may have keys', 'failure', 'is not known'],
  ] as const;
  for (const [root, severity, message] of rootKeys) {
    for (const mode of ['audit', 'enforce'] as const) {
      it(`whose root user ${root} says so (${mode})`, async () => {
        const { go, iam, faults } = accountWithAnnAndBob();
        if (root === 'has keys') iam.rootHasKeys = true;
        else faults.on('inventory.rootHasKeys', 'denied');
        const { findings, outcomes } = rotatedOf(await go({ mode }));
        expect(findings.map((finding) => finding.severity)).to.deep.equal([severity]);
        expect(findings[0]?.message).to.include(message);
        expect(outcomes).to.have.length(2);
      });
    }
  }
});

describe('what a look at the keys tells is remembered', () => {
  const observed = () => {
    const work = accountWithAnnAndBob();
    work.iam.addKey('cem', { id: 'OFF', age: days(20), status: 'inactive' });
    work.iam.addKey('dee', { id: 'ON', age: days(20), usedAgo: DAY });
    work.ledger.remember(work.id, 'ON', {
      inactiveSince: T0 - days(5),
      notices: [notice('replaced', { givenAgo: days(9) })],
    });
    return work;
  };

  it('whatever becomes of the decisions', async () => {
    const { go, ledger, id } = observed();
    await go({ mode: 'replace-only' });
    expect(ledger.of(id).keys.get('OFF')).to.deep.equal({ inactiveSince: T0 });
    expect(ledger.of(id).keys.get('ON')).to.deep.equal({ reactivatedAt: T0, reactivations: [T0] });
  });

  for (const [id, other, words] of [
    ['OFF', 'ON', 'found inactive on 2026-03-01'],
    ['ON', 'OFF', 'switched on again on 2026-03-01'],
  ] as const) {
    it(`or reported where that of one fails (${id}), and the rest goes on`, async () => {
      const { go, faults, ledger, id: accountId } = observed();
      const isAboutIt = (_account: string, records: unknown) => JSON.stringify(records).includes(`"${id}"`);
      // With the others, and alone.
      faults.on('ledger.record', 'throttled', { times: 2, when: isAboutIt });
      const report = rotatedOf(await go());
      expect(ledger.of(accountId).keys.get(other)).not.to.equal(undefined);
      expect(report.findings.map(({ severity }) => severity)).to.deep.equal(['failure']);
      expect(report.findings[0]?.message).to.include(id).and.include(words);
      expect(report.outcomes.filter(({ status }) => status === 'applied')).to.have.length(2);
    });
  }
});

describe('an account that another run has', () => {
  it('is skipped, saying who has it and until when, and nothing in it is touched or told', async () => {
    const { go, ledger, id, session, notifier, account } = accountWithAnnAndBob();
    await ledger.port.acquireLease(id, 'run-9', T0 + MINUTE, T0);
    const keysOf = sinon.spy(session.inventory, 'keysOf');
    expect(await go()).to.deep.equal({
      status: 'skipped',
      account,
      cause: 'run run-9 is working on it (until 2026-03-01T06:01:00.000Z at the latest)',
      isHeld: true,
    });
    sinon.assert.notCalled(keysOf);
    expect(ledger.leaseOf(id)?.runId).to.equal('run-9');
    expect(notifier.published).to.deep.equal([]);
  });
});

describe('an open replacement', () => {
  it('is repaired before anything is decided for its user, in the same run', async () => {
    const { go, ledger, id, iam, secrets } = accountWithAnnAndBob();
    ledger.begin(id, intentOf('ann', 'ANN'));
    await prepared(secrets.store, ownerOf('ann', iam), 'run-0');
    iam.addKey('ann', { id: 'LOST', age: DAY });
    const report = await go();
    expect(said(report)).to.deep.equal(['ann: replace applied', 'bob: replace applied']);
    expect(rotatedOf(report).findings.map(({ severity }) => severity)).to.deep.equal(['note']);
    expect(iam.keysOf('ann').map((key) => key.id)).not.to.include('LOST');
  });

  it('is repaired whoever the run is about', async () => {
    const { go, ledger, id } = accountWithAnnAndBob();
    ledger.begin(id, intentOf('ann', 'ANN'));
    expect(said(await go({ userNames: ['bob'] }))).to.deep.equal(['bob: replace applied']);
    expect(ledger.of(id).intents).to.deep.equal([]);
  });

  it('that cannot be repaired makes its user a gap; the others go on', async () => {
    const { go, ledger, id, iam, secrets, faults } = accountWithAnnAndBob();
    ledger.begin(id, intentOf('ann', 'ANN'));
    await prepared(secrets.store, ownerOf('ann', iam), 'run-0');
    iam.addKey('ann', { id: 'LOST', age: DAY });
    faults.on('writer.delete', 'denied');
    const report = await go();
    expect(gapsIn(report)).to.deep.equal(['ann: intent-open']);
    expect(said(report)).to.deep.equal(['bob: replace applied']);
    expect(ledger.of(id).intents).to.have.length(1);
  });
});
