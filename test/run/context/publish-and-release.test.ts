import { expect } from 'chai';
import type { Event } from '../../../src/domain/report/event.ts';
import type { Digest } from '../../../src/domain/report/notification.ts';
import type { AccountReport, RotatedAccount } from '../../../src/domain/report/run-report.ts';
import { publishAndRelease, withAccountLease } from '../../../src/run/context/with-account.ts';
import type { AccountContext } from '../../../src/run/context/account-context.ts';
import { accountSettings, rotatedAccount } from '../../support/builders.ts';
import { memoryOrganization, type RunOptions } from '../../support/memory/organization.ts';

const DIGEST: Digest = {
  subject: 'digest',
  text: '',
  json: '',
  attributes: {},
  announces: new Set(),
  told: new Map(),
};

/** One account that is worked on, and which calls tell others what was done, in order. */
function working(options: RunOptions = {}) {
  const organization = memoryOrganization();
  const { account, id } = organization.add();
  const calls: string[] = [];
  const run = organization.run({
    digestOf: () => DIGEST,
    around: async ({ name }, proceed) => {
      if (['notifier.publish', 'events.put', 'ledger.releaseLease'].includes(name)) calls.push(name);
      return await proceed();
    },
    ...options,
  });
  const settings = accountSettings({ mode: 'enforce' }, account);
  const report: RotatedAccount = rotatedAccount({ account, settings });
  return {
    ...organization,
    calls,
    report,
    isHeld: () => organization.ledger.leaseOf(id) !== undefined,
    work: async (
      act: (context: AccountContext) => Promise<RotatedAccount> = async () => report,
    ): Promise<AccountReport> =>
      await publishAndRelease(await withAccountLease(account, settings, run, act), run),
  };
}

const EVENT: Event = {
  type: 'Access Key Replaced',
  detail: {
    schemaVersion: 1,
    runId: 'run-1',
    mode: 'enforce',
    accountId: '111111111111',
    accountName: 'app',
    reason: 'aged',
    message: 'Replaced.',
  },
};
const fails = (): never => {
  throw new TypeError('x is undefined');
};

describe('a report of an account that is held', () => {
  it('is published once, and only then the account is released', async () => {
    const { calls, work, isHeld, report } = working({ eventsOf: () => [EVENT] });
    expect(await work()).to.equal(report);
    expect(calls).to.deep.equal(['notifier.publish', 'events.put', 'ledger.releaseLease']);
    expect(isHeld()).to.equal(false);
  });

  it('is published once as well when the work fails, which is what it then says', async () => {
    const { calls, work, isHeld } = working();
    expect(await work(async () => fails())).to.include({ status: 'unreachable' });
    expect(calls).to.deep.equal(['notifier.publish', 'ledger.releaseLease']);
    expect(isHeld()).to.equal(false);
  });

  const defects: readonly (readonly [string, RunOptions, readonly string[]])[] = [
    ['the digest', { digestOf: fails, eventsOf: () => [EVENT] }, ['events.put', 'ledger.releaseLease']],
    ['the events', { eventsOf: fails }, ['notifier.publish', 'ledger.releaseLease']],
  ];
  for (const [what, options, order] of defects) {
    it(`says that ${what} could not be made, and the account is released`, async () => {
      const { calls, work, isHeld, report } = working(options);
      const worked = await work();
      expect(worked).to.deep.include({ status: 'rotated', outcomes: report.outcomes });
      expect('findings' in worked && worked.findings.map(({ severity }) => severity)).to.deep.equal([
        'failure',
      ]);
      expect(calls).to.deep.equal(order);
      expect(isHeld()).to.equal(false);
    });
  }

  it('that cannot even be read throws, and the account is released all the same', async () => {
    const { calls, work, isHeld, report } = working();
    const broken = { ...report, settings: undefined } as never;
    const error: unknown = await work(async () => broken).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(TypeError);
    expect(calls.at(-1)).to.equal('ledger.releaseLease');
    expect(isHeld()).to.equal(false);
  });

  it('that another run holds is published by that run', async () => {
    const { calls, work, clock, ledger, report } = working();
    await ledger.port.acquireLease(report.account.id, 'run-0', clock.now() + 1, clock.now());
    expect(await work()).to.include({ status: 'skipped' });
    expect(calls).to.deep.equal([]);
    expect(ledger.leaseOf(report.account.id)?.runId).to.equal('run-0');
  });
});
