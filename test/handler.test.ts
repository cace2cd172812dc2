import type { Context } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';
import { InputError } from '../src/domain/refusal.ts';
import { DAY, MINUTE, SECOND } from '../src/domain/time.ts';
import { rotateOrganization } from '../src/handler.ts';
import { failureOf, FIRST_MEMBER, setAwsEnvironment } from './aws/support.ts';
import { awsEnvironment } from './cli/terminal.ts';
import type { SeededOrganization } from './support/emulator/emulator.ts';
import { emulatorForThisFile } from './support/world.ts';

const invocation = (timeLeft = 15 * MINUTE) => ({ getRemainingTimeInMillis: () => timeLeft }) as Context;

describe('the handler', () => {
  const emulator = emulatorForThisFile();
  let seeded: SeededOrganization;
  let log: sinon.SinonStub<unknown[], void>;
  let restore = () => {};

  const set = (settings: Readonly<Record<string, string>> = {}) => {
    restore();
    restore = setAwsEnvironment({
      ...awsEnvironment(emulator(), seeded.credentials),
      ROTATION_TABLE_NAME: seeded.tableName,
      ROTATION_TOPIC_ARN: seeded.topicArn,
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
    log = sinon.stub(console, 'log');
  });
  afterEach(() => {
    log.restore();
    restore();
  });
  const logged = () => log.args.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
  const keyCounts = async () =>
    (await emulator().snapshot(FIRST_MEMBER))[0]?.users.map(({ keys }) => keys.length);

  it('rotates the organization', async () => {
    const report = await rotateOrganization({ mode: 'enforce' }, invocation());
    expect(report.totals).to.include({ replaced: 1, failed: 0 });
    expect(report.accounts.map(({ status }) => status)).to.deep.equal(['rotated', 'rotated']);
    expect(await keyCounts()).to.deep.equal([2, 1]);
  });

  it('rotates in ROTATION_MODE where the event says nothing else', async () => {
    set({ ROTATION_MODE: 'enforce' });
    expect(await rotateOrganization({}, invocation())).to.have.property('mode', 'enforce');
    expect(await keyCounts()).to.deep.equal([2, 1]);
  });

  it('rotates only whom the event names', async () => {
    const event = { mode: 'enforce', accountIds: [FIRST_MEMBER], userNames: ['bob'] };
    const { accounts } = await rotateOrganization(event, invocation());
    expect(accounts.map(({ accountId }) => accountId)).to.deep.equal([FIRST_MEMBER]);
    expect(await keyCounts()).to.deep.equal([1, 1]);
  });

  for (const [title, event] of [
    ['an empty event', {}],
    ['no event', undefined],
    ['an event of EventBridge', { 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} }],
  ] as const) {
    it(`changes nothing in IAM after ${title}, as it audits unless told otherwise`, async () => {
      const before = await emulator().snapshot();
      const report = await rotateOrganization(event, invocation());
      expect(report).to.have.property('mode', 'audit');
      expect(report.totals).to.include({ held: 1, replaced: 0 });
      expect(await emulator().snapshot()).to.deep.equal(before);
      const changing = /^(iam|secretsmanager):(?!Get|List|Describe)|^dynamodb:(?!Query)/;
      const called = (await emulator().calls()).map(({ action }) => action);
      expect(called.filter((action) => changing.test(action))).to.deep.equal([]);
    });
  }

  it('tells people what an audit found', async () => {
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
    await emulator().inject({ action: 'sts:AssumeRole', kind: 'error', code: 'AccessDenied' });
    const { totals } = await rotateOrganization({}, invocation());
    expect(totals.accounts).to.include({ unreachable: 1 });
    expect(logged().at(-1)).to.include({ message: 'run report', clean: false });
  });

  it('logs JSON without keys that stay as they are, and no secret', async () => {
    const { runId } = await rotateOrganization({ mode: 'enforce' }, invocation());
    const about = logged().find(
      ({ message, accountId }) => message === 'account report' && accountId === FIRST_MEMBER,
    );
    expect(about).to.include({ runId });
    expect((about?.['outcomes'] as { userName: string }[]).map(({ userName }) => userName)).to.deep.equal([
      'ann',
    ]);
    for (const secret of await emulator().secretsHandedOut()) {
      expect(JSON.stringify(log.args)).not.to.contain(secret);
    }
  });
});
