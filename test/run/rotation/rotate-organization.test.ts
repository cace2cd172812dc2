import { expect } from 'chai';
import * as sinon from 'sinon';
import type { Notification } from '../../../src/domain/report/notification.ts';
import type { AccountReport, RunReport } from '../../../src/domain/report/run-report.ts';
import { InputError, OperationError } from '../../../src/domain/errors.ts';
import { DAY, days, HOUR, MINUTE } from '../../../src/domain/time.ts';
import type { AccountLedger } from '../../../src/run/ports/ledger.ts';
import { rotateOrganization } from '../../../src/run/rotation/rotate-organization.ts';
import { T0 } from '../../support/builders.ts';
import { caught } from '../../support/memory/caught.ts';
import { refusal } from '../../support/memory/intercept.ts';
import { memoryOrganization, NO_SELECTION, type RunOptions } from '../../support/memory/organization.ts';
import { expectNoSecretIn } from './ann.ts';

const NAMES = ['alpha', 'beta', 'gamma'];

/** Three accounts, each with a user whose key is due. */
function threeAccounts() {
  const organization = memoryOrganization();
  const members = NAMES.map((name, index) => {
    const member = organization.add({ id: `${index + 1}`.repeat(12), name, ouPath: ['r-1', `ou-${name}`] });
    member.iam.addKey(`user-of-${name}`, { age: days(70), usedAgo: DAY });
    return member;
  });
  return { ...organization, members };
}

const statuses = ({ accounts }: RunReport): readonly string[] =>
  accounts.map(({ account, status }) => `${account.name}: ${status}`);
const of = ({ accounts }: RunReport, name: string): AccountReport | undefined =>
  accounts.find(({ account }) => account.name === name);

const unreached: RunOptions['around'] = async ({ name }, proceed) => {
  if (name === 'sessions.open') throw refusal('denied', name);
  return await proceed();
};

describe('an organization', () => {
  it('is rotated account by account; the report names each, in the order of the list', async () => {
    const { run, clock, members } = threeAccounts();
    const started = run({
      around: async ({ name, args }, proceed) => {
        // The first account is the last to end.
        const [account] = args as [{ readonly name?: string }];
        if (name === 'sessions.open' && account.name === 'alpha') await tick(50);
        return await proceed();
      },
    });
    clock.pass(MINUTE);
    const report = await rotateOrganization(started);
    expect(statuses(report)).to.deep.equal(NAMES.map((name) => `${name}: rotated`));
    const { runId, mode, startedAt, finishedAt, findings } = report;
    expect({ runId, mode, startedAt, finishedAt, findings }).to.deep.equal({
      runId: 'run-1',
      mode: 'enforce',
      startedAt: T0,
      finishedAt: T0 + MINUTE,
      findings: [],
    });
    for (const { iam, account } of members) expect(iam.keysOf(`user-of-${account.name}`)).to.have.length(2);
  });

  it('has its summary published last, and no secret leaves the run', async () => {
    const { run, notifier } = threeAccounts();
    const report = await rotateOrganization(run());
    expect(notifier.published.map(({ subject }) => subject)).to.deep.equal([
      ...NAMES.map((name) => `${name}: digest`),
      'summary',
    ]);
    expect(JSON.parse(notifier.published.at(-1)?.json ?? '')).to.deep.equal(
      JSON.parse(JSON.stringify(report)),
    );
    expectNoSecretIn(report, notifier.published);
  });

  const troubles: Readonly<Record<string, RunOptions>> = {
    'cannot be published': {
      around: async ({ name, args }, proceed) => {
        const isSummary = name === 'notifier.publish' && (args[0] as Notification).subject === 'summary';
        if (isSummary) throw refusal('denied', 'sns:Publish');
        return await proceed();
      },
    },
    'cannot be written': {
      summaryOf: () => {
        throw new TypeError('x is undefined');
      },
    },
  };
  for (const [trouble, options] of Object.entries(troubles)) {
    it(`whose summary ${trouble} has a finding more, and nothing less`, async () => {
      const report = await rotateOrganization(threeAccounts().run(options));
      expect(statuses(report)).to.deep.equal(NAMES.map((name) => `${name}: rotated`));
      expect(report.findings.map(({ severity }) => severity)).to.deep.equal(['failure']);
      expect(report.findings[0]?.message).to.include('The summary could not be published');
    });
  }

  it('with nobody to tell is rotated in silence', async () => {
    const { run, notifier } = threeAccounts();
    const { publishing: _nobody, ...alone } = run();
    const report = await rotateOrganization(alone);
    expect(statuses(report)).to.deep.equal(NAMES.map((name) => `${name}: rotated`));
    expect(report.findings).to.deep.equal([]);
    expect(notifier.published).to.deep.equal([]);
  });

  for (const [title, options, isAudit] of [
    ['a run that was asked for as one', { cap: 'audit' }, true],
    ['a run for whose accounts that is set', { mode: 'audit' }, true],
    ['no run that may change something', {}, false],
    ['no run that might have, had it reached the accounts', { around: unreached }, false],
    ['no run that might have, had there been time', { deadline: T0 }, false],
  ] as const) {
    it(`is an audit: ${title}`, async () => {
      expect((await rotateOrganization(threeAccounts().run(options))).isAudit).to.equal(isAudit);
    });
  }

  it('begins with the accounts that the last run had no time for', async () => {
    const { run, members } = threeAccounts();
    const opened: string[] = [];
    const around: RunOptions['around'] = async ({ name, args }, proceed) => {
      if (name === 'sessions.open') opened.push((args[0] as { readonly name: string }).name);
      return await proceed();
    };
    const late = [{ accountId: members.at(-1)?.id ?? '' }];
    await rotateOrganization(run({ around, deferred: late, accountConcurrency: 1 }));
    expect(opened).to.deep.equal([NAMES.at(-1), ...NAMES.slice(0, -1)]);
  });

  it('tells its progress', async () => {
    const { run, members } = threeAccounts();
    const progress = { accountsFound: sinon.fake(), accountDone: sinon.fake() };
    const report = await rotateOrganization(run({ progress }));
    sinon.assert.calledOnceWithExactly(progress.accountsFound, members.length);
    expect(progress.accountDone.args.flat()).to.have.members([...report.accounts]);
    sinon.assert.callOrder(progress.accountsFound, progress.accountDone);
  });

  it('that cannot be listed is not entered', async () => {
    const { run, faults } = threeAccounts();
    const refused = run();
    const open = sinon.spy(refused.sessions, 'open');
    faults.on('directory.list', 'denied');
    expect(await caught(rotateOrganization(refused))).to.be.instanceOf(OperationError);
    sinon.assert.notCalled(open);
  });
});

describe('the accounts of a run', () => {
  it('that the organization does not have are all named before any account is entered', async () => {
    const { run } = threeAccounts();
    const selection = {
      ...NO_SELECTION,
      includeAccounts: ['111111111111'],
      excludeAccounts: ['999999999999'],
      excludeOus: ['ou-nobody'],
    };
    const started = run({ selection });
    const open = sinon.spy(started.sessions, 'open');
    const error = await caught(rotateOrganization(started));
    expect(error).to.be.instanceOf(InputError);
    const problems = (error as InputError).problems.map((problem) => problem.split(':')[0]);
    expect(problems).to.deep.equal(['999999999999', 'ou-nobody']);
    sinon.assert.notCalled(open);
  });

  it('that are excluded or not active are named as skipped, with the reason, and not entered', async () => {
    const { run, add } = threeAccounts();
    add({ id: '444444444444', name: 'delta', state: 'SUSPENDED' });
    const selection = { ...NO_SELECTION, excludeOus: ['ou-beta'] };
    const started = run({ selection });
    const open = sinon.spy(started.sessions, 'open');
    const report = await rotateOrganization(started);
    expect(statuses(report)).to.deep.equal([
      'alpha: rotated',
      'beta: skipped',
      'gamma: rotated',
      'delta: skipped',
    ]);
    expect(of(report, 'beta')).to.include({ cause: 'excluded with the organizational unit ou-beta' });
    expect(of(report, 'delta')).to.include({ cause: 'the account is suspended' });
    expect(open.args.map(([{ name }]) => name)).to.deep.equal(['alpha', 'gamma']);
  });

  it('that were not asked for stay out of the report', async () => {
    const { run } = threeAccounts();
    const progress = { accountsFound: sinon.fake(), accountDone: sinon.fake() };
    const selection = { ...NO_SELECTION, onlyAccounts: ['222222222222'] };
    expect(statuses(await rotateOrganization(run({ selection, progress })))).to.deep.equal(['beta: rotated']);
    sinon.assert.calledOnceWithExactly(progress.accountsFound, 1);
  });

  for (const [units, withOus] of [
    [[], false],
    [['ou-alpha'], true],
  ] as const) {
    it(`are listed ${withOus ? 'with' : 'without'} their units when ${units.length} are set`, async () => {
      const started = threeAccounts().run({ selection: { ...NO_SELECTION, includeOus: units } });
      const list = sinon.spy(started.directory, 'list');
      await rotateOrganization(started);
      sinon.assert.calledOnceWithExactly(list, { withOus });
    });
  }
});

describe('users that were asked for', () => {
  const findingsFor = async (
    userNames: readonly string[],
    happens: (organization: ReturnType<typeof threeAccounts>) => unknown = () => undefined,
  ) => {
    const organization = threeAccounts();
    happens(organization);
    return (await rotateOrganization(organization.run({ userNames }))).findings;
  };

  it('and are found somewhere, however they are spelled, need no word', async () => {
    expect(await findingsFor(['USER-of-beta'])).to.deep.equal([]);
    expect(await findingsFor(['222222222222/USER-of-beta'])).to.deep.equal([]);
    const zoe = ({ members }: ReturnType<typeof threeAccounts>) => members[0]?.iam.addKey('Zoe');
    expect(await findingsFor(['zoe'], zoe)).to.deep.equal([]);
  });

  it('and are nowhere make the run end with a failure, by name', async () => {
    const elsewhere = '111111111111/user-of-beta';
    const findings = await findingsFor(['user-of-beta', 'nobody', 'no-one', elsewhere]);
    expect(findings.map(({ severity }) => severity)).to.deep.equal(Array(3).fill('failure'));
    expect(findings.map(({ message }) => message).join()).to.match(/nobody.+no-one.+111\/user-of-beta/);
  });

  it('are not called missing when they may be in an account that could not be entered', async () => {
    const findings = await findingsFor(['nobody'], ({ faults }) => faults.on('sessions.open', 'denied'));
    expect(findings).to.deep.equal([]);
  });

  it('and could not be read were found all the same', async () => {
    const findings = await findingsFor(['user-of-beta'], ({ faults }) =>
      faults.on('inventory.keysOf', 'denied'),
    );
    expect(findings).to.deep.equal([]);
  });
});

/** What is remembered of an account's keys, but for when a notice was repeated last. */
const withoutRepetitions = ({ keys, ...rest }: AccountLedger) => ({
  ...rest,
  keys: [...keys].map(([id, { notices = [], ...memory }]) => ({
    ...memory,
    id,
    notices: notices.map(({ lastAt: _, ...notice }) => notice),
  })),
});

describe('a second run on the same day', () => {
  it('changes nothing', async () => {
    const { run, members, ledger, clock } = threeAccounts();
    await rotateOrganization(run());
    const state = () =>
      members.map(({ id, iam }) => [
        withoutRepetitions(ledger.of(id)),
        structuredClone(iam.keysOf('user-of-beta')),
      ]);
    const before = state();
    const writers = members.flatMap(({ session }) => Object.values(sinon.spy(session.writer)));
    const stores = members.map(({ session }) => sinon.spy(session.secrets, 'store'));
    clock.pass(HOUR);
    const report = await rotateOrganization(run());
    expect(statuses(report)).to.deep.equal(NAMES.map((name) => `${name}: rotated`));
    expect([...writers, ...stores].filter(({ called }) => called)).to.deep.equal([]);
    expect(state()).to.deep.equal(before);
  });
});

const tick = (turns: number): Promise<void> =>
  turns === 0 ? Promise.resolve() : new Promise<void>(setImmediate).then(() => tick(turns - 1));
