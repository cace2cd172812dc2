import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { expect } from 'chai';
import * as z from 'zod';
import type { Call, OrganizationSeed } from '../../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, userWithKey, type World } from '../../support/world.ts';
import { deploy } from '../deployed.ts';
import { run } from '../terminal.ts';

const APP = '111111111101';
const DATA = '111111111102';
const COLOURS = /\u001b\[\d+m/g;

/** The documented shape; fields may be added to it, none may go. */
const Shape = z.strictObject({
  schemaVersion: z.literal(1),
  checkedAt: z.iso.datetime(),
  checks: z.array(
    z.strictObject({
      area: z.string().min(1),
      accountId: z
        .string()
        .regex(/^\d{12}$/)
        .optional(),
      name: z.string().min(1),
      status: z.enum(['ok', 'wrong', 'not-checked']),
      message: z.string().min(1),
      nextStep: z.string().min(1).optional(),
      right: z.string().min(1).optional(),
    }),
  ),
  healthy: z.boolean(),
  nextStep: z.string().min(1),
});
const users = [userWithKey('ann', { age: 5, usedAgo: 1 })];

describe('doctor', () => {
  const emulator = emulatorForThisFile();
  /** An organization with everything that a deployment makes. */
  const deployed = async (seed: Partial<OrganizationSeed> = {}): Promise<World> => {
    const accounts = ['app', 'data'].map((name) => ({ name, users }));
    const world = await createWorld(emulator(), { accounts, ...seed });
    await deploy(world);
    return { ...world, environment: { ...world.environment, ROTATION_TABLE_NAME: 'encrypted' } };
  };
  const examine = async (world: World, args: readonly string[] = [], environment = {}) => {
    const { code, stdout, stderr } = await run(['doctor', '--json', ...args], world, { environment });
    const report = Shape.parse(JSON.parse(stdout));
    const wrong = report.checks
      .filter(({ status }) => status === 'wrong')
      .map(({ accountId, area, name }) => `${accountId ?? area} ${name}`);
    return { code, stderr, report, wrong };
  };

  it('finds nothing wrong after a deployment, and ends with 0', async () => {
    const { code, report, wrong, stderr } = await examine(await deployed());
    expect(wrong).to.deep.equal([]);
    expect([code, report.healthy, stderr]).to.deep.equal([0, true, '']);
  });

  it('changes nothing', async () => {
    const world = await deployed();
    const before = await emulator().snapshot();
    const first = (await emulator().calls()).length;
    await run(['doctor'], world);
    expect(await emulator().snapshot()).to.deep.equal(before);
    const calls = (await emulator().calls()).slice(first);
    const isDry = ({ params }: Call) => params['InvocationType'] === 'DryRun';
    const actions = new Set(calls.filter((call) => !isDry(call)).map(({ action }) => action.split(':')[1]));
    for (const action of actions)
      expect(action).to.match(/^(Get|GenerateCredentialReport|List|Describe|Query|AssumeRole|Simulate|\?)/);
  });

  it('says first whether all is well, then what is not, with what to do, and at last what is next', async () => {
    const [app, data] = [
      { name: 'app', users },
      { name: 'data', users, memberRole: false as const },
    ];
    const { code, stdout } = await run(['doctor'], await deployed({ accounts: [app, data] }));
    const lines = stdout.replaceAll(COLOURS, '').split('\n');
    expect(code).to.equal(1);
    expect(lines[0]).to.match(
      /^Not healthy: 1 thing is wrong, \d+ things not checked, \d+ checks are right\.$/,
    );
    const at = lines.indexOf('Wrong');
    expect(lines[at + 1]).to.match(/^ {2}Account, enter: the role arn.+:111111111102:role\/.+it isn't there/);
    expect(lines[at + 2]).to.equal(`    In data (${DATA})`);
    expect(lines[at + 3]).to.equal(`    To do: With credentials of ${DATA}:`);
    const command = lines[at + 4] ?? '';
    expect(command).to.match(/^ {6}aws cloudformation deploy .+member-role\.yml.+OrganizationId=o-/);
    expect(lines.filter((line) => line !== '').slice(-2)).to.deep.equal([
      `Next, and then doctor again: With credentials of ${DATA}:`,
      command.replace(/^ {4}/, ''),
    ]);
  });

  it('says "not checked", once an account, for what only a simulation could tell', async () => {
    const { report } = await examine(await deployed(), ['--account', APP]);
    const open = report.checks.filter(({ area, status }) => area === 'account' && status === 'not-checked');
    expect(open.map(({ accountId, name }) => `${accountId} ${name}`)).to.deep.equal([`${APP} permissions`]);
    expect(open[0]?.message).to.match(/iam:CreateAccessKey.+UpdateSecretVersionStage/);
  });

  it('looks at the accounts that are asked for', async () => {
    const { report } = await examine(await deployed(), ['--account', DATA]);
    const ids = new Set(report.checks.flatMap(({ accountId }) => accountId ?? []));
    expect([...ids]).to.deep.equal([DATA]);
  });

  it('says which external ids are wrong, and never shows the right one', async () => {
    const world = await deployed({
      accounts: [
        { name: 'app', users, memberRole: { externalId: 'another' } },
        { name: 'data', users },
        { name: 'right', users, memberRole: { externalId: 'the-right-one' } },
      ],
      management: { memberRole: { externalId: 'the-right-one' } },
    });
    const environment = { ROTATION_EXTERNAL_ID: 'the-right-one' };
    const { code, report, wrong } = await examine(world, [], environment);
    expect(wrong).to.deep.equal([`${APP} enter`, `${DATA} external id`]);
    expect(code).to.equal(1);
    expect(JSON.stringify(report)).not.to.contain('the-right-one');
  });

  it('says that the role of its own account comes with the stack of the service', async () => {
    const world = await deployed({ management: { memberRole: false } });
    const { wrong, report } = await examine(world);
    const { serviceAccountId } = world.organization;
    expect(wrong).to.deep.equal([`${serviceAccountId} enter`]);
    const check = report.checks.find(({ status }) => status === 'wrong');
    expect(check?.nextStep).to.match(/stack makes the member role .+: npx serverless deploy --region/);
  });

  it('finds a permission that the role lacks', async () => {
    const policy = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: ['iam:*', 'secretsmanager:*'], Resource: '*' },
        { Effect: 'Deny', Action: ['iam:ListAccessKeys', 'iam:SimulatePrincipalPolicy'], Resource: '*' },
      ],
    };
    const world = await deployed({ accounts: [{ name: 'app', users, memberRole: { policy } }] });
    const { wrong, report } = await examine(world);
    expect(wrong).to.deep.equal([`${APP} iam:ListAccessKeys`]);
    const open = report.checks.find(({ name, accountId }) => accountId === APP && name === 'permissions');
    expect(open?.message).to.match(/^iam:SimulatePrincipalPolicy is not allowed here: /);
  });

  it('finds what is missing where nothing was deployed', async () => {
    const world = await createWorld(emulator(), { accounts: [] });
    const environment = { ROTATION_TABLE_NAME: 'gone', ROTATION_TOPIC_ARN: '' };
    const { code, wrong, report } = await examine(world, [], environment);
    expect(code).to.equal(1);
    expect(wrong).to.have.members([
      'function deployed',
      'schedule enabled',
      'table status',
      'settings ROTATION_TOPIC_ARN',
    ]);
    for (const { status, nextStep } of report.checks) {
      if (status === 'wrong') expect(nextStep).to.match(/npx |aws /);
    }
  });

  it('finds a topic of a single account that nobody reads', async () => {
    const world = await deployed();
    const sns = new SNSClient(world.aws);
    const { TopicArn: own = '' } = await sns.send(new CreateTopicCommand({ Name: 'own' }));
    const set = await run(['settings', 'set', 'topicArn', own, '--account', APP, '--yes'], world);
    expect(set.code, set.stderr).to.equal(0);
    const { code, wrong, report } = await examine(world);
    expect(code).to.equal(1);
    expect(wrong).to.deep.equal([`topic subscriptions of ${own}`, `key of the topic ${own}`]);
    const [check] = report.checks.filter(({ name }) => name === `subscriptions of ${own}`);
    expect(check?.message).to.equal(`nobody is subscribed: nobody reads the digests of account ${APP}`);
    expect(check?.nextStep).to.include(`aws sns subscribe --region eu-central-1 --topic-arn ${own}`);
  });

  it('says how to be allowed to list the accounts, and looks at its own', async () => {
    const world = await createWorld(emulator(), {
      accounts: [{ name: 'security', users }],
      service: { account: 'security', delegatedAdministrator: false },
    });
    await emulator().inject({
      action: 'organizations:ListAccounts',
      kind: 'error',
      code: 'AccessDeniedException',
    });
    const { code, report, wrong } = await examine(world);
    expect(code).to.equal(1);
    expect(wrong).to.include('organization accounts');
    const listing = report.checks.find(({ area }) => area === 'organization');
    expect(listing?.nextStep).to.contain(`register-delegated-administrator --account-id ${APP}`);
    expect(report.checks.some(({ accountId }) => accountId === APP)).to.equal(true);
  });

  for (const [title, args, environment, says] of [
    ['a bad account id', ['--account', '12'], {}, /twelve digits/],
    ['an account that is not there', ['--account', '999999999999'], {}, /no such account/],
    ['a bad setting', [], { ROTATION_ROLE_NAME: 'a b' }, /ROTATION_ROLE_NAME/],
    ['an unknown option', ['--fix'], {}, /unknown option/],
  ] as const) {
    it(`ends with 2 for ${title}`, async () => {
      const world = await createWorld(emulator(), { accounts: [] });
      const { code, stdout, stderr } = await run(['doctor', ...args], world, { environment });
      expect([code, stdout]).to.deep.equal([2, '']);
      expect(stderr).to.match(says);
    });
  }
});
