import { expect } from 'chai';
import * as sinon from 'sinon';
import type { Told } from '../../../src/domain/rotation/key.ts';
import type { Mode } from '../../../src/domain/rotation/limits.ts';
import type { Digest, OwnerMessage } from '../../../src/domain/report/notification.ts';
import type { AccountReport } from '../../../src/domain/report/run-report.ts';
import type { Notice } from '../../../src/domain/rotation/notice.ts';
import { days, MINUTE } from '../../../src/domain/time.ts';
import { publishReport } from '../../../src/run/context/publish.ts';
import type { KeyRecord } from '../../../src/run/ports/ledger.ts';
import {
  accountSettings,
  applied,
  decision,
  key,
  rotatedAccount,
  T0,
  TOPIC_ARN,
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
  told: new Map(),
});

const forOwner = (owner: string, ...ids: readonly string[]): OwnerMessage => ({
  owner,
  keyIds: new Set(ids),
  subject: owner,
  text: '',
  json: '',
  attributes: { owner },
});

const DUE = T0 + days(10);
const noticed = (id: string, userName = 'ann') =>
  untouched(decision('wait', { userName, key: key({ id }), notice: { about: 'deadline', date: DUE } }));
const REPORT = rotatedAccount({
  outcomes: [
    noticed('ONE'),
    noticed('TWO', 'bob'),
    applied(
      decision('replace', {
        key: key({ id: 'THREE' }),
        notice: { about: 'deadline', date: DUE },
        noticeWhenDone: { about: 'replaced', date: DUE },
      }),
    ),
  ],
});
const ACCOUNT = REPORT.account.id;

/** Whether one of the records is about the key. */
const isAbout = (accessKeyId: string, records: unknown): boolean =>
  (records as readonly KeyRecord[]).some((record) => record.accessKeyId === accessKeyId);

function telling(told: Digest | undefined, options: RunOptions = {}) {
  const organization = memoryOrganization();
  const run = organization.run({ digestOf: () => told, ...options });
  const spy = sinon.spy(run.ledger, 'record');
  const noticedKeys = () =>
    [...organization.ledger.of(ACCOUNT).keys].flatMap(([id, { notices = [] }]) =>
      notices.map(({ about, firstAt }) => `${id} ${about} ${firstAt}`),
    );
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
    expect(noticedKeys()).to.deep.equal([`ONE deadline ${T0}`, `THREE replaced ${T0}`]);
    const dates = { firstAt: T0, lastAt: T0, date: DUE };
    const recorded = (accessKeyId: string, about: string) => ({
      kind: 'published' as const,
      userName: 'ann',
      accessKeyId,
      notice: { about, ...dates } as Notice,
    });
    sinon.assert.calledOnceWithExactly(noticed, ACCOUNT, [
      recorded('ONE', 'deadline'),
      recorded('THREE', 'replaced'),
    ]);
  });

  it('repeats a notice without making it a new one', async () => {
    const { run, ledger } = telling(digest('ONE'));
    const repeated = { about: 'deadline', date: DUE, firstAt: T0 - days(3) } as const;
    const outcomes = [untouched(decision('wait', { key: key({ id: 'ONE' }), notice: repeated }))];
    await publishReport({ ...REPORT, outcomes }, run);
    expect(ledger.of(ACCOUNT).keys.get('ONE')?.notices).to.deep.equal([{ ...repeated, lastAt: T0 }]);
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
    expect(noticedKeys()).to.deep.equal([`TWO deadline ${T0 + MINUTE}`]);
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

  it('announces a deletion only in a mode that deletes', async () => {
    const outcomes = [
      applied(
        decision('deactivate', { key: key({ id: 'ONE' }), noticeWhenDone: { about: 'delete', date: DUE } }),
      ),
    ];
    for (const [mode, counts] of [
      ['no-delete', []],
      ['enforce', [`ONE delete ${T0}`]],
    ] as const) {
      const { run, noticedKeys } = telling(digest('ONE'));
      await publishReport({ ...REPORT, outcomes, settings: accountSettings({ mode }) }, run);
      expect(noticedKeys(), mode).to.deep.equal(counts);
    }
  });

  for (const readers of ['nobody', 'unknown'] as const) {
    it(`to a topic that ${readers === 'nobody' ? 'nobody' : 'who knows who'} reads is published, and records nothing`, async () => {
      const {
        run,
        readers: lookup,
        notifier,
        noticed: recorded,
      } = telling({ ...digest('ONE'), told: new Map([['ONE', TOLD]]) });
      lookup.set(TOPIC_ARN, readers);
      expect(await publishReport(REPORT, run)).to.deep.equal(REPORT);
      expect(notifier.published).to.have.length(1);
      sinon.assert.notCalled(recorded);
    });
  }

  it('records what was told in full, with or without a notice', async () => {
    const told = new Map([
      ['ONE', TOLD],
      ['TWO', { ...TOLD, reason: 'due' }],
    ]);
    const { run, ledger } = telling({ ...digest('ONE'), told });
    await publishReport(REPORT, run);
    const { keys } = ledger.of(ACCOUNT);
    expect(keys.get('ONE')).to.deep.equal({
      told: TOLD,
      notices: [{ about: 'deadline', firstAt: T0, lastAt: T0, date: DUE }],
    });
    expect(keys.get('TWO')).to.deep.equal({ told: { ...TOLD, reason: 'due' } });
    expect(keys.has('THREE')).to.equal(false);
  });

  it('keeps notices about other things', async () => {
    const { run, ledger } = telling(digest('ONE'));
    const unused = { about: 'unused', firstAt: T0 - days(9), lastAt: T0 - days(2), date: DUE } as const;
    ledger.remember(ACCOUNT, 'ONE', { notices: [unused] });
    await publishReport(REPORT, run);
    expect(ledger.of(ACCOUNT).keys.get('ONE')?.notices).to.deep.equal([
      unused,
      { about: 'deadline', firstAt: T0, lastAt: T0, date: DUE },
    ]);
  });

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
    faults.on('ledger.record', 'throttled', { times: 2, when: (_account, some) => isAbout('ONE', some) });
    const { findings } = await publishReport(REPORT, run);
    expect(noticedKeys()).to.deep.equal([`TWO deadline ${T0}`]);
    expect(findings).to.have.length(1);
    expect(findings[0]).to.include({ severity: 'failure' });
    expect(findings[0]?.message).to.include('ONE').and.include('ann').and.include('published again');
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

const TOLD: Told = { reason: 'deadline-notice', dueAt: DUE, at: T0 };

describe('telling owners', () => {
  const told = new Map([
    ['ONE', TOLD],
    ['TWO', TOLD],
  ]);
  const messages = [forOwner('team-a', 'ONE'), forOwner('team-b', 'TWO')];
  const telling2 = (options: RunOptions = {}) =>
    telling({ ...digest(), told }, { ownerMessagesOf: () => messages, ...options });
  const subjects = ({ notifier }: Pick<ReturnType<typeof telling>, 'notifier'>) =>
    notifier.published.map(({ subject }) => subject);

  it("publishes a message to each after the account's digest, to the same topic", async () => {
    const { run, notifier, ledger } = telling2();
    expect(await publishReport(REPORT, run)).to.deep.equal(REPORT);
    expect(subjects({ notifier })).to.deep.equal(['digest', 'team-a', 'team-b']);
    expect(ledger.of(ACCOUNT).keys.get('ONE')).to.deep.equal({ told: TOLD });
  });

  it('makes no notice count', async () => {
    const { run, noticedKeys } = telling2();
    await publishReport(REPORT, run);
    expect(noticedKeys()).to.deep.equal([]);
  });

  it('publishes none where the account has no digest, or it was not accepted', async () => {
    const without = telling(undefined, { ownerMessagesOf: () => messages });
    await publishReport(REPORT, without.run);
    const failing = telling2();
    failing.faults.on('notifier.publish', 'denied');
    await publishReport(REPORT, failing.run);
    expect([...subjects(without), ...subjects(failing)]).to.deep.equal([]);
  });

  it('goes on after one that fails, which is a finding, and tells its keys in full again', async () => {
    const { run, notifier, ledger } = telling2({
      around: async ({ name, args: [message] }, proceed) => {
        if (name === 'notifier.publish' && (message as Digest).subject === 'team-a')
          throw new TypeError('no x');
        return await proceed();
      },
    });
    const { findings } = await publishReport(REPORT, run);
    expect(findings).to.have.length(1);
    expect(findings[0]?.severity).to.equal('failure');
    expect(findings[0]?.message).to.match(
      /^The message for team-a could not be published: .*no x.* in full again/,
    );
    expect(subjects({ notifier })).to.deep.equal(['digest', 'team-b']);
    expect(ledger.of(ACCOUNT).keys.has('ONE')).to.equal(false);
    expect(ledger.of(ACCOUNT).keys.get('TWO')).to.deep.equal({ told: TOLD });
  });

  it('names a few of many that fail', async () => {
    const many = Array.from({ length: 9 }, (_, index) => forOwner(`team-${index}`));
    const { run } = telling2({
      ownerMessagesOf: () => many,
      around: async ({ name, args: [message] }, proceed) => {
        if (name === 'notifier.publish' && (message as Digest).subject !== 'digest') throw new TypeError('x');
        return await proceed();
      },
    });
    const { findings } = await publishReport(REPORT, run);
    expect(findings).to.have.length(6);
    expect(findings.at(-1)?.message).to.equal('The messages for 4 more owners could not be published.');
  });

  it('leaves those to the next run that this one has no time for', async () => {
    const { run, notifier, ledger } = telling2({ deadline: T0 + MINUTE - 1 });
    const { findings } = await publishReport(REPORT, run);
    expect(findings.map(({ message }) => message)).to.deep.equal([
      'The run had no time left for the messages for 2 owners: team-a, team-b. What it says is in the digest of the account, and the next run tells it in full again.',
    ]);
    expect(subjects({ notifier })).to.deep.equal(['digest']);
    expect(ledger.of(ACCOUNT).keys.size).to.equal(0);
  });

  it('whose messages cannot be written is a finding, too', async () => {
    const { run } = telling2({
      ownerMessagesOf: () => {
        throw new TypeError('no y');
      },
    });
    const { findings } = await publishReport(REPORT, run);
    expect(findings.map(({ message }) => message)).to.deep.equal([
      'The messages for owners could not be written: publish the message: TypeError: no y. What it says is in the digest of the account, and the next run tells it in full again.',
    ]);
  });
});

describe('telling chat rooms', () => {
  for (const chat of [true, false]) {
    it(`${chat ? 'adds' : 'leaves out'} their form where the settings say chat: ${chat}`, async () => {
      const { run, notifier } = telling(
        { ...digest(), chat: '{}' },
        { ownerMessagesOf: () => [{ ...forOwner('team-a'), chat: '{}' }] },
      );
      await publishReport({ ...REPORT, settings: accountSettings({ mode: 'enforce', chat }) }, run);
      expect(notifier.published.map((message) => message.chat)).to.deep.equal(
        chat ? ['{}', '{}'] : [undefined, undefined],
      );
    });
  }
});
