import { expect } from 'chai';
import { compose } from '../../src/compose/run.ts';
import { findRegion } from '../../src/compose/region.ts';
import { readRequest } from '../../src/config/request.ts';
import { readSettings } from '../../src/config/settings.ts';
import { InputError } from '../../src/domain/errors.ts';
import type { RunContext } from '../../src/run/context/run-context.ts';
import { createWorld, emulatorForThisFile, START, type World } from '../support/world.ts';
import { callsOf, failureOf, FIRST_MEMBER, MANAGEMENT, setAwsEnvironment } from '../aws/support.ts';

const ROLE = 'ROTATION_ORGANIZATIONS_ROLE_ARN';

describe('compose', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  beforeEach(async () => {
    world = await createWorld(emulator(), {
      accounts: [
        { name: 'app', users: [] },
        { name: 'tools', users: [] },
      ],
      service: { account: 'tools', delegatedAdministrator: false },
      organizationsRole: true,
    });
  });

  const run = (environment: Record<string, string> = {}, publish = true, request: object = {}): RunContext =>
    compose(readSettings({ ...world.environment, ...environment }), readRequest(request), {
      ...world.aws,
      publish,
    });

  it('calls nothing yet', async () => {
    run({ [ROLE]: world.organization.organizationsRoleArn ?? '', ROTATION_MODE: 'enforce' });
    expect(await emulator().calls()).to.deep.equal([]);
  });

  it('reads the clock once, and names the run after it', () => {
    const { now, runId } = run();
    expect(now).to.be.within(START, START + 60_000);
    expect(runId).to.match(/^20260105T060[01]\d\dZ-[0-9a-f]{6}$/);
  });

  it('gives runs of the same second different names', () => {
    const names = Array.from({ length: 20 }, () => run().runId);
    expect(new Set(names)).to.have.property('size', 20);
  });

  it('publishes no more than 5 messages a second to a topic, whatever they are', async () => {
    const { publishing, plaintextTo } = run();
    const { topicArn } = world.organization;
    const message = { subject: 's', text: 't', json: '{}', attributes: {} };
    const key = { id: 'AKIA1', secret: 'x', status: 'active', createdAt: START } as const;
    const member = { id: FIRST_MEMBER, name: 'app', state: 'ACTIVE', ouPath: [] } as const;
    const begin = Date.now();
    await Promise.all([
      ...Array.from({ length: 4 }, async () => publishing?.to(topicArn).publish(message)),
      ...Array.from({ length: 3 }, async () => plaintextTo(topicArn).send(member, { userName: 'ann' }, key)),
    ]);
    expect(Date.now() - begin).to.be.at.least(6 * 200 - 20);
  });

  it('asks about the readers of a topic once in a run', async () => {
    const { publishing } = run();
    const { topicArn } = world.organization;
    const message = { attributes: { accountId: FIRST_MEMBER } };
    const answers = [message, message].map(async (one) => publishing?.readers.of(topicArn, one));
    expect(await Promise.all(answers)).to.deep.equal(['somebody', 'somebody']);
    expect(await callsOf(emulator(), 'sns:ListSubscriptionsByTopic')).to.have.length(1);
  });

  it('lists the organization with the role of the settings', async () => {
    const { directory } = run({ [ROLE]: world.organization.organizationsRoleArn ?? '' });
    const { accounts } = await directory.list({ withOus: true });
    expect(accounts.map(({ name }) => name)).to.have.members(['management', 'app', 'tools']);
    const [assumed, ...more] = await callsOf(emulator(), 'sts:AssumeRole');
    expect(assumed?.params).to.include({
      RoleArn: world.organization.organizationsRoleArn,
      DurationSeconds: '900',
    });
    expect(more).to.deep.equal([]);
  });

  it('names the setting when there is no such role', async () => {
    const { directory } = run({ [ROLE]: `arn:aws:iam::${MANAGEMENT}:role/nobody` });
    const failure = await failureOf(directory.list({ withOus: false }));
    expect(failure).to.include({ kind: 'denied', during: 'sts:AssumeRole' });
    expect(failure.nextStep).to.contain(ROLE).and.to.contain('role/nobody');
  });

  for (const [title, environment, publish, tells] of [
    ['tells people when there is a topic', {}, true, true],
    ['tells nobody when it is not to', {}, false, false],
    [
      'may tell people where only the settings in the table name a topic',
      { ROTATION_TOPIC_ARN: '' },
      true,
      true,
    ],
  ] as const) {
    it(title, () => {
      expect('publishing' in run(environment, publish)).to.equal(tells);
    });
  }

  it('remembers nothing in an audit without a table', async () => {
    const memory = await run({ ROTATION_TABLE_NAME: '' }).ledger.read(FIRST_MEMBER);
    expect(memory).to.deep.equal({
      keys: new Map(),
      offSince: new Map(),
      gone: new Set(),
      users: new Map(),
      intents: [],
      pendingChanges: [],
      badRows: [],
      acceptances: [],
    });
    expect(await emulator().calls()).to.deep.equal([]);
  });

  it('reads the ledger in an audit with a table, and refuses to write it', async () => {
    const { ledger } = run({}, true, { mode: 'audit' });
    await ledger.read(FIRST_MEMBER);
    expect(() =>
      ledger.record(FIRST_MEMBER, [{ kind: 'published', userName: 'ann', accessKeyId: 'AKIA' }]),
    ).to.throw('audit mode writes nothing');
    expect((await emulator().calls()).map(({ action }) => action)).to.deep.equal(['dynamodb:Query']);
  });
});

describe('findRegion', () => {
  let restore = () => {};
  afterEach(() => {
    restore();
  });

  it('finds the region of AWS_REGION', async () => {
    restore = setAwsEnvironment({ AWS_REGION: 'ap-south-1' });
    expect(await findRegion()).to.equal('ap-south-1');
  });

  for (const [title, region] of [
    ['without one', undefined],
    ['when it is blank', ''],
  ] as const) {
    it(`says what to set ${title}`, async () => {
      restore = setAwsEnvironment(region === undefined ? {} : { AWS_REGION: region });
      const refused = await findRegion().catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(InputError);
      expect(String(refused)).to.contain('AWS_REGION: must be set, for instance to eu-central-1');
    });
  }
});
