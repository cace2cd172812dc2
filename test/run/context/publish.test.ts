import { expect } from 'chai';
import * as sinon from 'sinon';
import type { Mode } from '../../../src/domain/rotation/limits.ts';
import type { Digest } from '../../../src/domain/report/notification.ts';
import type { AccountReport } from '../../../src/domain/report/run-report.ts';
import { MINUTE } from '../../../src/domain/time.ts';
import { publishReport } from '../../../src/run/context/publish.ts';
import {
  accountSettings,
  applied,
  decision,
  key,
  rotatedAccount,
  T0,
  unreachable,
  untouched,
} from '../../support/builders.ts';
import { memoryOrganization, type RunOptions } from '../../support/memory/organization.ts';

const digest = (...announces: readonly string[]): Digest => ({
  subject: 'digest',
  text: '',
  json: '',
  attributes: {},
  announces: new Set(announces),
});

const noticed = (id: string, userName = 'ann') =>
  untouched(decision('wait', { userName, key: key({ id }), givesNotice: true }));
const REPORT = rotatedAccount({
  outcomes: [
    noticed('ONE'),
    noticed('TWO', 'bob'),
    applied(decision('replace', { key: key({ id: 'THREE' }) })),
  ],
});
const ACCOUNT = REPORT.account.id;

function telling(told: Digest | undefined, options: RunOptions = {}) {
  const organization = memoryOrganization();
  const run = organization.run({ digestOf: () => told, ...options });
  const spy = sinon.spy(run.ledger, 'recordNotice');
  const noticedKeys = () =>
    [...organization.ledger.of(ACCOUNT).keys].map(([id, { noticedAt }]) => `${id} ${String(noticedAt)}`);
  return { ...organization, run, noticed: spy, noticedKeys };
}

describe('telling about an account', () => {
  it('publishes the digest and leaves the report as it is', async () => {
    const { run, notifier } = telling(digest());
    expect(await publishReport(REPORT, run)).to.deep.equal(REPORT);
    expect(notifier.published).to.deep.equal([digest()]);
  });

  it('records the notices of the keys that were announced, and of no others', async () => {
    const { run, noticedKeys, noticed } = telling(digest('ONE', 'THREE', 'FOUR'));
    expect(await publishReport(REPORT, run)).to.deep.equal(REPORT);
    expect(noticedKeys()).to.deep.equal([`ONE ${T0}`, `THREE ${T0}`]);
    sinon.assert.calledWithExactly(noticed, ACCOUNT, 'ann', 'ONE', T0);
  });

  it('records a notice only after the digest was accepted, with the time at which it was', async () => {
    const { run, noticed, noticedKeys, clock } = telling(digest('TWO'), {
      around: async ({ name }, proceed) => {
        if (name === 'notifier.publish') clock.pass(MINUTE);
        return await proceed();
      },
    });
    const { publishing } = run;
    if (publishing === undefined) throw new Error('a run tells somebody');
    const notifier = publishing.to('topic');
    const publish = sinon.spy(notifier, 'publish');
    await publishReport(REPORT, { ...run, publishing: { ...publishing, to: () => notifier } });
    sinon.assert.callOrder(publish as sinon.SinonSpy, noticed as sinon.SinonSpy);
    expect(noticedKeys()).to.deep.equal([`TWO ${T0 + MINUTE}`]);
  });

  const modes: Readonly<Record<Mode, boolean>> = {
    audit: false,
    'replace-only': false,
    'no-delete': true,
    enforce: true,
  };
  for (const [mode, counts] of Object.entries(modes)) {
    it(`publishes in mode ${mode}, where its notices ${counts ? 'count' : 'do not count'}`, async () => {
      const { run, notifier, noticedKeys } = telling(digest('ONE'));
      await publishReport({ ...REPORT, settings: accountSettings({ mode: mode as Mode }) }, run);
      expect(notifier.published).to.have.length(1);
      expect(noticedKeys()).to.have.length(counts ? 1 : 0);
    });
  }

  for (const fault of ['denied', new TypeError('x is not a function')] as const) {
    it(`that fails (${String(fault)}) is a finding, and no notice counts`, async () => {
      const { run, faults, noticed } = telling(digest('ONE', 'TWO'));
      faults.on('notifier.publish', fault);
      const report = await publishReport(REPORT, run);
      expect(report.outcomes).to.equal(REPORT.outcomes);
      expect(report.findings.map(({ severity }) => severity)).to.deep.equal(['failure']);
      expect(report.findings[0]?.message).to.match(/could not be published: .+ No notice in it counts/);
      sinon.assert.notCalled(noticed);
    });
  }

  it('with a digest that cannot be written is a finding, and what was done stays in the report', async () => {
    const digestOf = () => {
      throw new TypeError('x is undefined');
    };
    const { run, noticed } = telling(undefined, { digestOf });
    const report = await publishReport(REPORT, run).catch((error: unknown) => error);
    expect(report).to.deep.include({ status: 'rotated', outcomes: REPORT.outcomes });
    expect((report as typeof REPORT).findings.map(({ severity }) => severity)).to.deep.equal(['failure']);
    sinon.assert.notCalled(noticed);
  });

  it('reports a notice that could not be recorded, and records the others', async () => {
    const { run, faults, noticedKeys } = telling(digest('ONE', 'TWO'));
    faults.on('ledger.recordNotice', 'throttled', { when: (_account, _user, id) => id === 'ONE' });
    const { findings } = await publishReport(REPORT, run);
    expect(noticedKeys()).to.deep.equal([`TWO ${T0}`]);
    expect(findings).to.have.length(1);
    expect(findings[0]).to.include({ severity: 'failure' });
    expect(findings[0]?.message).to.include('ONE').and.include('ann').and.include('given again');
  });

  it('adds to the findings there are', async () => {
    const { run, faults } = telling(digest());
    faults.on('notifier.publish', 'denied');
    const root = { severity: 'critical', message: 'root keys' } as const;
    const { findings } = await publishReport({ ...REPORT, findings: [root] }, run);
    expect(findings).to.have.length(2);
    expect(findings[0]).to.equal(root);
  });

  it('with nothing to say publishes nothing', async () => {
    const { run, notifier, noticed } = telling(undefined);
    expect(await publishReport(REPORT, run)).to.equal(REPORT);
    expect(notifier.published).to.deep.equal([]);
    sinon.assert.notCalled(noticed);
  });

  it('to nobody gives no notice', async () => {
    const { run, noticed } = telling(digest('ONE'));
    const { publishing: _nobody, ...alone } = run;
    expect(await publishReport(REPORT, alone)).to.equal(REPORT);
    sinon.assert.notCalled(noticed);
  });

  it('that is unreachable publishes that, whether it is accepted or not', async () => {
    const report: AccountReport = unreachable();
    const { run, notifier, faults, noticed } = telling(digest('ONE'));
    expect(await publishReport(report, run)).to.equal(report);
    expect(notifier.published).to.have.length(1);
    faults.on('notifier.publish', 'denied');
    const told = await publishReport(report, run);
    expect(told).to.deep.include({ status: 'unreachable', account: report.account });
    expect(told.status === 'unreachable' && told.failure.message).to.include('digest could not be published');
    sinon.assert.notCalled(noticed);
  });
});
