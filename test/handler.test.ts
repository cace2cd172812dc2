import type { Context } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';
import { dynamoFormerMembers } from '../src/aws/table/former-members.ts';
import { dynamoHistory } from '../src/aws/table/history.ts';
import { storedRunsAt } from '../src/compose/stored-runs.ts';
import { lastRunRow } from '../src/aws/table/last-run-row.ts';
import { InputError } from '../src/domain/errors.ts';
import { DAY, MINUTE, SECOND } from '../src/domain/time.ts';
import { rotateOrganization } from '../src/handler.ts';
import { fromWire } from '../src/report/data/wire-answer.ts';
import { failureOf, FIRST_MEMBER, setAwsEnvironment } from './aws/support.ts';
import { awsEnvironment } from './cli/terminal.ts';
import type { SeededOrganization } from './support/emulator/emulator.ts';
import { BUCKET, makeBucket } from './support/map/run-map.ts';
import { emulatorForThisFile, REGION } from './support/world.ts';

const invocation = (timeLeft = 15 * MINUTE) => ({ getRemainingTimeInMillis: () => timeLeft }) as Context;

/** The one member can't be entered, the account of the service can. */
const NOT_ENTERED = { action: 'sts:AssumeRole', match: { RoleArn: `*${FIRST_MEMBER}*` } };

describe('the handler', () => {
  const emulator = emulatorForThisFile();
  let seeded: SeededOrganization;
  let lines: unknown[];
  let restore = () => {};

  const set = (settings: Readonly<Record<string, string>> = {}) => {
    restore();
    restore = setAwsEnvironment({
      ...awsEnvironment(emulator(), seeded.credentials),
      ROTATION_TABLE_NAME: seeded.tableName,
      ROTATION_TOPIC_ARN: seeded.topicArn,
      ROTATION_MODE: 'enforce',
      // Lets Powertools print through the console, where a test can look.
      POWERTOOLS_DEV: 'true',
      POWERTOOLS_METRICS_DISABLED: 'false',
      // A credential report takes a second at least.
      ROTATION_INVENTORY: 'list',
      ...settings,
    });
  };
  // A Lambda function runs at the real time, and so does the emulator here.
  beforeEach(async () => {
    await emulator().reset();
    const now = Date.now();
    const users = [
      { userName: 'ann', keys: [{ createdAt: now - 65 * DAY, lastUsedAt: now - DAY }] },
      { userName: 'bob', keys: [{ createdAt: now - 5 * DAY, lastUsedAt: now - DAY }] },
    ];
    seeded = await emulator().seed({ accounts: [{ name: 'app', users }] });
    set();
    lines = [];
    for (const method of ['log', 'info', 'warn', 'error'] as const) {
      sinon.stub(console, method).callsFake((line) => lines.push(line));
    }
  });
  afterEach(() => {
    sinon.restore();
    restore();
  });
  const logged = () => lines.map((line) => JSON.parse(String(line)) as Record<string, unknown>);
  const keyCounts = async () =>
    (await emulator().snapshot(FIRST_MEMBER))[0]?.users.map(({ keys }) => keys.length);

  it('rotates the organization', async () => {
    const report = await rotateOrganization({ mode: 'enforce' }, invocation());
    expect(report.totals).to.include({ replaced: 1, failed: 0 });
    expect(report.accounts.map(({ status }) => status)).to.deep.equal(['rotated', 'rotated']);
    expect(await keyCounts()).to.deep.equal([2, 1]);
  });

  it('rotates in ROTATION_MODE where the event says nothing else', async () => {
    expect(await rotateOrganization({}, invocation())).to.have.property('mode', 'enforce');
    expect(await keyCounts()).to.deep.equal([2, 1]);
  });

  it('does no more than ROTATION_MODE says, whatever the event asks for', async () => {
    set({ ROTATION_MODE: 'audit' });
    expect(await rotateOrganization({ mode: 'enforce' }, invocation())).to.have.property('mode', 'audit');
    expect(await keyCounts()).to.deep.equal([1, 1]);
  });

  it('rotates only whom the event names', async () => {
    const event = { mode: 'enforce', accountIds: [FIRST_MEMBER], userNames: ['bob'] };
    const { accounts } = await rotateOrganization(event, invocation());
    expect(accounts.map(({ accountId }) => accountId)).to.deep.equal([FIRST_MEMBER]);
    expect(await keyCounts()).to.deep.equal([1, 1]);
  });

  it('does only what the event asks for, of what the mode allows', async () => {
    const { totals } = await rotateOrganization({ only: ['deactivate', 'delete'] }, invocation());
    expect(totals).to.include({ replaced: 0, held: 1 });
    expect(await keyCounts()).to.deep.equal([1, 1]);
    await rotateOrganization({ only: ['replace'], userNames: [`${FIRST_MEMBER}/ann`] }, invocation());
    expect(await keyCounts()).to.deep.equal([2, 1]);
  });

  for (const [title, event] of [
    ['an empty event', {}],
    ['no event', undefined],
    ['an event of EventBridge', { 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} }],
  ] as const) {
    it(`changes nothing in IAM after ${title}, as it audits unless the deployment says otherwise`, async () => {
      set({ ROTATION_MODE: '' });
      const before = await emulator().snapshot();
      const report = await rotateOrganization(event, invocation());
      expect(report).to.have.property('mode', 'audit');
      expect(report.totals).to.include({ held: 1, replaced: 0 });
      expect(await emulator().snapshot()).to.deep.equal(before);
      const changing =
        /^(iam|secretsmanager):(?!Get|List|Describe|GenerateCredentialReport)|^dynamodb:(?!Query|GetItem)/;
      const called = (await emulator().calls()).map(({ action }) => action);
      expect(called.filter((action) => changing.test(action))).to.deep.equal([]);
    });
  }

  it('tells people what an audit found', async () => {
    set({ ROTATION_MODE: 'audit' });
    await rotateOrganization({}, invocation());
    expect(await emulator().notifications()).to.have.length(2);
  });

  for (const [event, problem] of [
    [{ mode: 'all' }, /^mode: /],
    [{ accountIds: ['123'] }, /^accountIds\.0: /],
    [{ users: ['ann'] }, /^users: no such field/],
    ['audit', /^the event must be an object/],
  ] as const) {
    it(`rejects ${JSON.stringify(event)}, naming the field, and calls nothing`, async () => {
      const error: unknown = await rotateOrganization(event, invocation()).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(InputError);
      expect((error as InputError).message).to.match(problem);
      expect(await emulator().calls()).to.deep.equal([]);
    });
  }

  describe('asked by a person at the command line', () => {
    const ANN = 'arn:aws:sts::123456789012:assumed-role/operators/ann';
    const asks = async (event: object, timeLeft?: number) => {
      const returned = await rotateOrganization(event as { command: unknown }, invocation(timeLeft));
      return fromWire(JSON.parse(JSON.stringify(returned)) as unknown);
    };
    const replacing = async (changes: object = {}) => ({
      command: 'replace',
      accountId: FIRST_MEMBER,
      userName: 'bob',
      reason: 'found in a public repository',
      leaveActive: false,
      shown: (['replace', 'deactivate'] as const).map((action) => ({ action, accessKeyId: bobsKey })),
      requestedBy: ANN,
      ...changes,
    });
    let bobsKey = '';
    beforeEach(async () => {
      const [own] = await emulator().snapshot(FIRST_MEMBER);
      bobsKey = own?.users.find(({ userName }) => userName === 'bob')?.keys[0]?.id ?? '';
    });
    const entries = async () =>
      (
        await dynamoHistory({ region: REGION, endpoint: emulator().endpoint }, seeded.tableName).of(
          FIRST_MEMBER,
        )
      ).entries;

    it('does it whatever the mode, answers with the report, and says in history and log who it was', async () => {
      set({ ROTATION_MODE: 'audit' });
      const answer = await asks(await replacing());
      expect(answer).to.have.nested.property('report.accounts[0].status', 'rotated');
      expect(await keyCounts()).to.deep.equal([1, 2]);
      expect((await entries()).map(({ what, by }) => [what, by])).to.have.deep.members([
        ['replaced', ANN],
        ['deactivated', ANN],
      ]);
      expect(logged().find(({ message }) => message === 'asked for')).to.include({ requestedBy: ANN });
      expect(logged().filter(({ message }) => message === 'outcome')).to.have.length(2);
      for (const secret of await emulator().secretsHandedOut()) {
        expect(JSON.stringify([lines, answer])).not.to.contain(secret);
      }
    });

    it('leaves no metrics, and nothing for the next run', async () => {
      await asks({ command: 'apply', userNames: ['ann'], requestedBy: ANN });
      expect(await keyCounts()).to.deep.equal([2, 1]);
      expect(logged().filter((line) => '_aws' in line)).to.deep.equal([]);
      const touched = (await emulator().calls()).filter(({ params }) => params['pk'] === 'run');
      expect(touched).to.deep.equal([]);
    });

    it('ends in time', async () => {
      const answer = await asks({ command: 'apply', requestedBy: ANN }, 30 * SECOND);
      expect(answer).to.have.nested.property('report.accounts[0].status', 'not-started');
    });

    for (const [title, changes, expected] of [
      [
        'who does not fit',
        { requestedBy: 'arn:aws:iam::999999999999:user/eve' },
        /^requestedBy: must be somebody of/,
      ],
      ['in an account that is not there', { accountId: '999999999999' }, /999999999999/],
      ['with a field that nobody reads', { force: true }, /^force: no such field/],
    ] as const) {
      it(`does nothing for somebody ${title}, and answers why`, async () => {
        const answer = await asks(await replacing(changes));
        expect(answer?.kind).to.equal('refused');
        expect(answer)
          .to.have.property('problems')
          .that.satisfies((all: string[]) => all.some((one) => expected.test(one)));
        expect(await keyCounts()).to.deep.equal([1, 1]);
        expect(await entries()).to.deep.equal([]);
      });
    }

    it('answers what is wrong with its own settings, too', async () => {
      set({ ROTATION_MODE: 'audit', ROTATION_TABLE_NAME: '' });
      const answer = await asks(await replacing());
      expect(answer)
        .to.have.nested.property('problems[0]')
        .that.matches(/^ROTATION_TABLE_NAME: must be set/);
    });

    it('answers what AWS refuses', async () => {
      await emulator().inject({ action: 'organizations:*', kind: 'error', code: 'AccessDeniedException' });
      expect(await asks(await replacing())).to.have.nested.property('failure.kind', 'denied');
    });

    it('replaces nothing but what was shown', async () => {
      const answer = await asks(await replacing({ shown: [{ action: 'deactivate', accessKeyId: bobsKey }] }));
      expect(answer).to.have.nested.property('report.accounts[0].failure.kind', 'changed-meanwhile');
      expect(await keyCounts()).to.deep.equal([1, 1]);
    });
  });

  it('rejects settings that are wrong, and calls nothing', async () => {
    set({ ROTATION_MODE: 'enforce', ROTATION_TABLE_NAME: '' });
    const error: unknown = await rotateOrganization({}, invocation()).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(InputError);
    expect((error as InputError).message).to.match(/^ROTATION_TABLE_NAME: /);
    expect(await emulator().calls()).to.deep.equal([]);
  });

  it('fails where the organization can not be listed', async () => {
    await emulator().inject({ action: 'organizations:*', kind: 'error', code: 'AccessDeniedException' });
    expect(await failureOf(rotateOrganization({}, invocation()))).to.include({ kind: 'denied' });
  });

  for (const [title, timeLeft, status] of [
    ['no time', 0, 'not-started'],
    ['little time', 2 * MINUTE + 19 * SECOND, 'not-started'],
    ['enough time', 3 * MINUTE, 'rotated'],
  ] as const) {
    it(`leaves accounts ${status} with ${title} left`, async () => {
      const { accounts } = await rotateOrganization({ mode: 'enforce' }, invocation(timeLeft));
      expect(accounts.map((account) => account.status)).to.deep.equal([status, status]);
      expect(await keyCounts()).to.deep.equal(status === 'rotated' ? [2, 1] : [1, 1]);
    });
  }

  it('ends well although an account fails, which is in the report and in the log', async () => {
    await emulator().inject({ ...NOT_ENTERED, kind: 'error', code: 'AccessDenied' });
    const { totals } = await rotateOrganization({}, invocation());
    expect(totals.accounts).to.include({ unreachable: 1 });
    expect(logged().at(-1)).to.include({ level: 'WARN', message: 'run finished', clean: false });
    expect(logged().find(({ status }) => status === 'unreachable')).to.include({ accountId: FIRST_MEMBER });
  });

  it('logs JSON without keys that stay as they are, and no secret', async () => {
    const { runId } = await rotateOrganization({ mode: 'enforce' }, invocation());
    const outcomes = logged().filter(({ message }) => message === 'outcome');
    expect(outcomes).to.have.length(1);
    expect(outcomes[0]).to.include({ accountId: FIRST_MEMBER, userName: 'ann', status: 'applied', runId });
    expect(outcomes[0]).to.include({ why: 'Older than 60 days and in use.' });
    expect(JSON.stringify(lines)).not.to.contain('reserved key');
    for (const secret of await emulator().secretsHandedOut()) {
      expect(JSON.stringify(lines)).not.to.contain(secret);
    }
  });

  /** Every metric that CloudWatch would find in the log. */
  const metrics = () =>
    Object.assign({}, ...logged().filter((line) => '_aws' in line)) as Readonly<Record<string, unknown>>;

  it('leaves metrics of what it did', async () => {
    await rotateOrganization({ mode: 'enforce' }, invocation());
    expect(metrics()).to.include({
      service: 'access-key-rotation',
      RunsFinished: 1,
      RunsFailed: 0,
      AccountsRotated: 2,
      AccountsUnreachable: 0,
      KeysReplaced: 1,
      KeysHeld: 0,
      ActionsPartial: 0,
      OldestActiveKeyDays: 65,
      AwsCalls: (await emulator().calls()).length,
      AwsThrottles: 0,
    });
  });

  it('counts what was throttled, and each attempt as a call', async () => {
    const action = 'iam:ListUsers';
    await emulator().inject({ action, kind: 'error', code: 'Throttling', accountId: FIRST_MEMBER, times: 2 });
    await rotateOrganization({}, invocation());
    expect(metrics()).to.include({ AwsThrottles: 2, AwsCalls: (await emulator().calls()).length });
  });

  it('says when an account could not be worked on twice in a row', async () => {
    await emulator().inject({ ...NOT_ENTERED, kind: 'error', code: 'AccessDenied' });
    await rotateOrganization({ mode: 'enforce' }, invocation());
    expect(metrics()).to.include({ AccountsUnreachable: 1, AccountsUnreachableAgain: 0 });
    await rotateOrganization({ mode: 'enforce' }, invocation());
    expect(metrics()).to.include({ AccountsUnreachable: 1, AccountsUnreachableAgain: 1 });
  });

  it('leaves a metric and a line of the log when it can not run at all', async () => {
    await emulator().inject({ action: 'organizations:*', kind: 'error', code: 'AccessDeniedException' });
    await rotateOrganization({}, invocation()).catch(() => undefined);
    expect(metrics()).to.include({ RunsFailed: 1 });
    const line = logged().find(({ message }) => message === 'run failed');
    expect(line).to.include({ level: 'ERROR' });
    expect(line?.['failure']).to.include({ kind: 'denied' });
  });

  for (const action of ['dynamodb:GetItem', 'dynamodb:PutItem'] as const) {
    it(`is not stopped by a memory of the last run that fails (${action})`, async () => {
      const denied = { kind: 'error', code: 'AccessDeniedException', match: { pk: 'run' } } as const;
      await emulator().inject({ action, ...denied });
      const { totals } = await rotateOrganization({ mode: 'enforce' }, invocation());
      expect(totals).to.include({ replaced: 1 });
      expect(logged().map(({ message }) => message)).to.include('the memory of the last run failed');
    });
  }

  it('remembers an account that the settings exclude, for when it leaves the organization', async () => {
    set({ ROTATION_EXCLUDE_ACCOUNTS: FIRST_MEMBER });
    await rotateOrganization({ mode: 'enforce' }, invocation());
    const settings = { region: REGION, endpoint: emulator().endpoint };
    const members = dynamoFormerMembers(settings, seeded.tableName);
    expect(await members.wasMember(FIRST_MEMBER)).to.equal(true);
    expect(await members.wasMember('999999999999')).to.equal(false);
  });

  it('remembers no members in an audit, which writes nothing', async () => {
    set({ ROTATION_EXCLUDE_ACCOUNTS: FIRST_MEMBER });
    await rotateOrganization({ mode: 'audit' }, invocation());
    const settings = { region: REGION, endpoint: emulator().endpoint };
    expect(await dynamoFormerMembers(settings, seeded.tableName).wasMember(FIRST_MEMBER)).to.equal(false);
  });

  describe('leaves its report', () => {
    const stored = () => {
      const credentials = () => Promise.resolve(seeded.credentials);
      return storedRunsAt(`${emulator().endpoint}/${BUCKET}`, { region: REGION, credentials });
    };
    const setWithBucket = (settings: Readonly<Record<string, string>> = {}, name = BUCKET) => {
      set(settings);
      process.env['REPORTS_URL'] = `${emulator().endpoint}/${name}`;
    };
    const s3Calls = async () =>
      (await emulator().calls()).map(({ action }) => action).filter((action) => action.startsWith('s3:'));
    beforeEach(async () => {
      await makeBucket(emulator());
      setWithBucket();
    });
    afterEach(() => Reflect.deleteProperty(process.env, 'REPORTS_URL'));

    it('after a run, for one more call', async () => {
      const before = (await s3Calls()).length;
      const { runId, totals } = await rotateOrganization({ mode: 'enforce' }, invocation());
      const calls = (await emulator().calls()).length - before;
      expect((await s3Calls()).slice(before)).to.deep.equal(['s3:PutObject']);
      expect((await stored().list()).map((one) => [one.runId, one.isWhole])).to.deep.equal([[runId, true]]);
      const run = await stored().read(runId);
      expect(run?.totals).to.deep.equal(totals);
      const keys = run?.accounts.find(({ id }) => id === FIRST_MEMBER)?.keys ?? [];
      expect(keys.map(({ userName, action, reason }) => [userName, action, reason])).to.have.deep.members([
        ['ann', 'replace', 'due'],
        ['ann', 'keep', 'young'],
        ['bob', 'keep', 'young'],
      ]);
      expect(metrics()).to.include({ ReportsNotKept: 0, AwsCalls: calls });
      for (const secret of await emulator().secretsHandedOut()) {
        expect(JSON.stringify(run)).not.to.contain(secret);
      }
    });

    it('with the keys that were not looked at one by one', async () => {
      setWithBucket({ ROTATION_INVENTORY: 'credential-report' });
      const { runId } = await rotateOrganization({ mode: 'enforce' }, invocation());
      const run = await stored().read(runId);
      expect(run?.accounts.find(({ id }) => id === FIRST_MEMBER)?.quiet).to.include({
        users: 1,
        activeKeys: 1,
      });
      expect(run?.quietFiles).to.equal(1);
      const quiet = run === undefined ? [] : await stored().quietKeys(run);
      expect(quiet.map(({ accountId, userName }) => [accountId, userName])).to.deep.equal([
        [FIRST_MEMBER, 'bob'],
      ]);
    });

    it('after an audit', async () => {
      const { runId } = await rotateOrganization({ mode: 'audit' }, invocation());
      expect(await stored().read(runId)).to.include({ isAudit: true, isWhole: true });
    });

    it('after a run over some, which is no picture of all', async () => {
      await rotateOrganization({ accountIds: [FIRST_MEMBER] }, invocation());
      await rotateOrganization({ userNames: ['ann'] }, invocation());
      expect((await stored().list()).map(({ isWhole }) => isWhole)).to.deep.equal([false, false]);
    });

    it('after what a person asked for', async () => {
      const requestedBy = 'arn:aws:sts::123456789012:assumed-role/operators/ann';
      await rotateOrganization({ command: 'apply', userNames: ['ann'], requestedBy } as object, invocation());
      await rotateOrganization({ command: 'apply', requestedBy } as object, invocation());
      expect((await stored().list()).map(({ isWhole }) => isWhole)).to.deep.equal([true, false]);
    });

    it('and is not stopped where it can not', async () => {
      await emulator().inject({
        action: 's3:PutObject',
        kind: 'error',
        code: 'AccessDenied',
        httpStatus: 403,
      });
      const { totals } = await rotateOrganization({ mode: 'enforce' }, invocation());
      expect(totals).to.include({ replaced: 1 });
      const warned = logged().find(({ message }) => message === 'the report could not be kept');
      expect(warned).to.have.nested.property('failure.during', 's3:PutObject');
      expect(metrics()).to.include({ ReportsNotKept: 1, RunsFinished: 1 });
    });

    it('nowhere where REPORTS_URL is wrong, and calls nothing', async () => {
      process.env['REPORTS_URL'] = 'reports';
      const before = (await emulator().calls()).length;
      const error: unknown = await rotateOrganization({}, invocation()).catch((thrown: unknown) => thrown);
      expect((error as InputError).message).to.match(/^REPORTS_URL: must be the URL/);
      expect((await emulator().calls()).length).to.equal(before);
    });
  });

  it('leaves for the next run what there was no time for', async () => {
    const { totals } = await rotateOrganization({ mode: 'enforce' }, invocation(30 * SECOND));
    expect(totals.accounts).to.include({ rotated: 0, notStarted: 2 });
    const settings = { region: REGION, endpoint: emulator().endpoint };
    const memory = lastRunRow(settings, seeded.tableName);
    expect((await memory.read()).deferred).to.have.deep.members([
      { accountId: FIRST_MEMBER },
      { accountId: seeded.managementAccountId },
    ]);
    // A run over another account, or over some users, takes nothing of that away.
    await rotateOrganization({ accountIds: [FIRST_MEMBER], userNames: ['ann'] }, invocation());
    expect(await memory.read()).to.deep.include({ runs: 1, surveyed: new Map() });
    await rotateOrganization({ accountIds: [FIRST_MEMBER] }, invocation());
    expect(await memory.read()).to.deep.include({
      deferred: [{ accountId: seeded.managementAccountId }],
      surveyed: new Map([[FIRST_MEMBER, 1]]),
    });
    await rotateOrganization({ mode: 'enforce' }, invocation());
    expect(await memory.read()).to.deep.include({
      deferred: [],
      surveyed: new Map([
        [FIRST_MEMBER, 2],
        [seeded.managementAccountId, 1],
      ]),
    });
  });
});
