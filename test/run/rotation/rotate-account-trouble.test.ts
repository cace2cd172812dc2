import { expect } from 'chai';
import type { AccountReport } from '../../../src/domain/report/run-report.ts';
import { DAY, days, MINUTE } from '../../../src/domain/time.ts';
import { rotateAccount } from '../../support/memory/rotate.ts';
import { refusal, type Around, type CallName } from '../../support/memory/intercept.ts';
import { memoryOrganization, type RunOptions } from '../../support/memory/organization.ts';

function accountWithAnn() {
  const organization = memoryOrganization();
  const member = organization.add();
  member.iam.addKey('ann', { id: 'ANN', age: days(70), usedAgo: DAY });
  const go = (options: RunOptions = {}) => rotateAccount(member.account, organization.run(options));
  return { ...organization, ...member, go };
}

const failureIn = (report: AccountReport) => {
  if (report.status !== 'unreachable') throw new Error(`the account is ${report.status}`);
  return report.failure;
};

describe('an account that cannot be worked on', () => {
  const calls: readonly (readonly [string, CallName])[] = [
    ['the session is refused', 'sessions.open'],
    ['the ledger cannot be read', 'ledger.read'],
    ['the users cannot be listed', 'inventory.users'],
    ['the lease cannot be taken', 'ledger.acquireLease'],
  ];
  for (const [because, call] of calls) {
    for (const mode of ['audit', 'enforce'] as const) {
      if (mode === 'audit' && call === 'ledger.acquireLease') continue;
      it(`is unreachable because ${because}, and says so (${mode})`, async () => {
        const { go, faults, notifier, ledger, id, iam } = accountWithAnn();
        faults.on(call, 'denied');
        expect(failureIn(await go({ mode }))).to.include({ kind: 'denied', during: call });
        expect(notifier.published.map(({ subject }) => subject)).to.deep.equal(['production: unreachable']);
        expect(ledger.leaseOf(id)).to.equal(undefined);
        expect(iam.keysOf('ann')).to.have.length(1);
      });
    }
  }

  it('is unreachable, and nothing is thrown, when a defect shows', async () => {
    const { go, faults } = accountWithAnn();
    faults.on('inventory.users', new TypeError('x is not a function'));
    const failure = failureIn(await go());
    expect(failure).to.include({ kind: 'unknown', message: 'TypeError: x is not a function' });
    expect(failure.nextStep).to.include('defect');
  });

  it('never throws, even when its digest cannot be written; what was done stays in the report', async () => {
    const { go, iam } = accountWithAnn();
    const digestOf = () => {
      throw new TypeError('x is undefined');
    };
    const report = await go({ digestOf }).catch((error: unknown) => error);
    expect(iam.keysOf('ann'), 'the key was replaced').to.have.length(2);
    expect(report).to.include({ status: 'rotated' });
  });

  it('is worked on all the same when its lease cannot be given back: that runs out', async () => {
    const { go, faults, ledger, id } = accountWithAnn();
    faults.on('ledger.releaseLease', 'transient');
    expect((await go()).status).to.equal('rotated');
    expect(ledger.leaseOf(id)?.runId).to.equal('run-1');
  });

  for (const [call, nth] of [
    ['inventory.users', 1],
    ['ledger.read', 2],
  ] as const) {
    it(`does not forget what a person must know of its recovery (${call} fails, call ${nth})`, async () => {
      const { go, ledger, id, iam, clock, notifier } = accountWithAnn();
      iam.addKey('ann', { id: 'HERS', age: DAY, usedAgo: DAY / 2 });
      const startedAt = clock.now() - 2 * DAY;
      const intent = { userName: 'ann', userArn: 'arn:ann', replaces: 'ANN', knownKeyIds: ['ANN'] };
      ledger.begin(id, { ...intent, startedAt, leaseEndsAt: startedAt + 10 * MINUTE, runId: 'run-0' });
      let calls = 0;
      const around: Around = async ({ name }, proceed) => {
        if (name === call && ++calls === nth) throw refusal('throttled', call);
        return await proceed();
      };
      await go({ around });
      expect(calls).to.be.at.least(nth);
      const told = notifier.published.some(({ json }) => json.includes('HERS'));
      const remembered = ledger.of(id).intents.length === 1;
      expect(told || remembered, 'told, or still remembered').to.equal(true);
    });
  }
});

describe('a row of the ledger that cannot be understood', () => {
  for (const mode of ['audit', 'enforce'] as const) {
    it(`makes its user a gap, and nothing is decided about that user (${mode})`, async () => {
      const { go, ledger, id, iam } = accountWithAnn();
      iam.addKey('bob', { id: 'BOB', age: days(70), usedAgo: DAY });
      ledger.spoil(id, { userName: 'ann', message: 'key#ANN: noticedAt must be a moment' });
      const report = await go({ mode });
      if (report.status !== 'rotated') throw new Error(report.status);
      expect(report.gaps).to.have.length(1);
      expect(report.gaps[0]).to.include({ userName: 'ann', reason: 'unreadable' });
      expect(report.gaps[0]?.failure.message).to.equal('key#ANN: noticedAt must be a moment');
      expect(report.outcomes.map(({ decision }) => decision.userName)).to.deep.equal(['bob']);
      expect(iam.keysOf('ann')).to.have.length(1);
    });

    it(`whose user cannot be told is a finding (${mode})`, async () => {
      const { go, ledger, id } = accountWithAnn();
      ledger.spoil(id, { message: 'key#ANN: no user' });
      const report = await go({ mode });
      if (report.status !== 'rotated') throw new Error(report.status);
      expect(report.findings.map(({ severity, message }) => `${severity}: ${message}`)).to.deep.equal([
        'failure: key#ANN: no user',
      ]);
    });

    it(`does not concern a run that is about somebody else (${mode})`, async () => {
      const { go, ledger, id } = accountWithAnn();
      ledger.spoil(id, { userName: 'bob', message: 'nonsense' });
      const report = await go({ mode, userNames: ['ann'] });
      if (report.status !== 'rotated') throw new Error(report.status);
      expect(report.gaps).to.deep.equal([]);
      expect(report.outcomes).to.have.length(1);
    });
  }
});
