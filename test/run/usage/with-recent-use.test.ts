import { expect } from 'chai';
import { days, HOUR, MINUTE, SECOND } from '../../../src/domain/time.ts';
import type { Decision } from '../../../src/domain/rotation/decision.ts';
import { withRecentUse } from '../../../src/run/usage/with-recent-use.ts';
import type { UsageScope } from '../../../src/run/ports/usage.ts';
import { accountSettings, decision, key, rotatedAccount, T0, untouched } from '../../support/builders.ts';
import { memoryAccountContext } from '../../support/memory/account-context.ts';
import { plannedFaults, type Around, nested } from '../../support/memory/intercept.ts';

const S3 = { service: 's3', region: 'eu-west-1' };
const waiting = (id: string, dueIn = 5, facts: Partial<Decision> = {}) =>
  untouched(
    decision('wait', {
      key: key({ id, age: days(83), lastUsed: days(1), usedBy: S3 }),
      reason: 'deadline-grace',
      adoption: { replacementId: 'AKIANEW', state: 'not-adopted' },
      dueAt: T0 + days(dueIn),
      ...facts,
    }),
  );
const MANY = Array.from({ length: 12 }, (_, index) => waiting(`AKIA${index}`, 12 - index));

const plainly: Around = (_call, proceed) => proceed();

/** An account with these outcomes, whose history knows of one call with `AKIA1`. */
async function looking(outcomes = [waiting('AKIA1')], { lookUpUsage = true, around = plainly } = {}) {
  const faults = plannedFaults();
  const asked: [id: string, UsageScope][] = [];
  const watch: Around = async (call, proceed) => {
    if (call.name === 'usage.of') asked.push(call.args as [string, UsageScope]);
    return await proceed();
  };
  const account = await memoryAccountContext(nested(watch, around, faults.around));
  const { context, usage } = account;
  const settings = accountSettings({ mode: 'enforce', lookUpUsage }, context.account);
  usage.record('AKIA1', {
    at: T0 - HOUR,
    region: 'eu-west-1',
    service: 's3',
    action: 'ListBuckets',
    sourceAddress: '203.0.113.7',
    userAgent: 'aws-cli/2.1',
  });
  const report = rotatedAccount({ account: context.account, settings, outcomes });
  const go = (run = context.run) => withRecentUse(report, { ...context, run, settings });
  return { ...account, asked, faults, report, go };
}

describe('looking up who used keys that are soon switched off', () => {
  it('adds it to the report', async () => {
    const { go, report } = await looking();
    const { recentUse, ...rest } = await go();
    expect(rest).to.deep.equal(report);
    expect(recentUse).to.deep.equal([
      {
        accessKeyId: 'AKIA1',
        region: 'eu-west-1',
        workloads: [
          { program: 'aws-cli', sourceAddress: '203.0.113.7', services: ['s3'], calls: 1, lastAt: T0 - HOUR },
        ],
        more: 0,
        calls: 1,
        isComplete: true,
      },
    ]);
  });

  it('reads two pages of 90 days, where the key was used last', async () => {
    const { go, asked } = await looking();
    await go();
    expect(asked).to.deep.equal([['AKIA1', { region: 'eu-west-1', since: T0 - days(90), pages: 2 }]]);
  });

  it('reads them in the region of the deployment where IAM tells none', async () => {
    const global = key({ id: 'AKIA1', usedBy: { service: 'iam', region: 'aws-global' } });
    const { go, asked } = await looking([waiting('AKIA1', 5, { key: global })]);
    await go();
    expect(asked).to.deep.equal([['AKIA1', { since: T0 - days(90), pages: 2 }]]);
  });

  it('is for ten keys at most, those whose date is nearest', async () => {
    const { go, asked } = await looking(MANY);
    await go();
    expect(asked.map(([id]) => id)).to.deep.equal(
      [11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((index) => `AKIA${index}`),
    );
  });

  it('is not done where nobody asked for it, nor where nobody gets to read it', async () => {
    const off = await looking(undefined, { lookUpUsage: false });
    expect(await off.go()).to.equal(off.report);
    const unread = await looking();
    const { publishing: _, ...silent } = unread.context.run;
    expect(await unread.go(silent)).to.equal(unread.report);
    expect([...off.asked, ...unread.asked]).to.deep.equal([]);
  });

  it('stops after a minute, and where a run has no time left', async () => {
    const slow: Around = async (call, proceed) => {
      if (call.name === 'usage.of') clock.pass(25 * SECOND);
      return await proceed();
    };
    const { clock, asked, go } = await looking(MANY, { around: slow });
    expect((await go()).recentUse).to.have.length(3);
    expect(asked).to.have.length(3);
    const late = await looking(MANY);
    const ending = { ...late.context.run, deadline: T0 + MINUTE - 1 };
    expect(await late.go(ending)).to.deep.equal(late.report);
  });

  for (const kind of ['denied', 'throttled', 'transient', 'unknown'] as const) {
    it(`never fails the run: ${kind} is one note, and no other key is tried`, async () => {
      const { go, asked, faults } = await looking(MANY);
      faults.on('usage.of', kind, { times: 100 });
      const { findings, recentUse } = await go();
      expect([asked.length, recentUse]).to.deep.equal([1, undefined]);
      expect(findings.map(({ severity }) => severity)).to.deep.equal(['note']);
      expect(findings[0]?.message).to.match(/^Who uses the keys that are soon switched off could not be/);
    });
  }

  it('keeps what was found before it failed', async () => {
    const { go, faults } = await looking([waiting('AKIA1', 2), waiting('AKIA2', 3)]);
    faults.on('usage.of', 'throttled', { when: (id) => id === 'AKIA2' });
    const { recentUse = [], findings } = await go();
    expect([recentUse.map(({ accessKeyId }) => accessKeyId), findings.length]).to.deep.equal([['AKIA1'], 1]);
  });
});
