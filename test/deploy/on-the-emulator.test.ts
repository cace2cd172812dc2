import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DescribeTableCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DeleteRoleCommand, GetRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, GetKeyRotationStatusCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { expect } from 'chai';
import { DAY } from '../../src/domain/time.ts';
import type { JsonReport } from '../../src/report/data/json-report.ts';
import { clientsFor, refusalOf, type Clients } from '../emulator/clients.ts';
import type { SeededOrganization, SeedUser } from '../support/emulator/emulator.ts';
import { emulatorForThisFile, REGION } from '../support/world.ts';
import { create, textOf, type Fields, type Template } from './cloudformation.ts';
import { deploymentTo, environmentFor, unzip, type Deployment } from './deployment.ts';
import {
  ADMINISTRATOR,
  EXTERNAL_ID,
  ROLE,
  RUNTIME,
  SERVICE,
  WHAT_THE_EMULATOR_ASKS,
  actionsOf,
  answerOf,
  createMemberRole,
  download,
  inTheServiceAccount,
  moreClientsFor,
  resourcesOf,
  templateOf,
  writePolicies,
} from './deployed-stack.ts';

/** As old as the first run of a new deployment finds them. */
const user = (userName: string, age: number, usedAgo?: number): SeedUser => {
  const now = Date.now();
  const lastUsed = usedAgo === undefined ? {} : { lastUsedAt: now - usedAgo * DAY };
  return { userName, keys: [{ createdAt: now - age * DAY, ...lastUsed }] };
};

const MEMBER_USERS = [user('alice', 70, 1), user('bob', 5, 1)];

describe('a deployment', function () {
  this.timeout(180_000);
  const emulator = emulatorForThisFile();
  let organization: SeededOrganization;
  let deployment: Deployment;
  let aws: Clients & ReturnType<typeof moreClientsFor>;
  let deployed: Template;
  let resources: Readonly<Record<string, string>>;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'access-key-rotation-lambda-'));
    organization = await emulator().seed({
      accounts: [
        { name: 'member', ou: 'Workloads/Prod', memberRole: false, users: MEMBER_USERS },
        { name: 'forgotten', memberRole: false, users: [user('dave', 70, 1)] },
      ],
      management: { memberRole: false, users: [user('erin', 65, 2)] },
    });
    aws = { ...clientsFor(emulator(), ADMINISTRATOR), ...moreClientsFor(emulator()) };
    // The seed has made what the deployment is about to make.
    await aws.iam.send(new DeleteRoleCommand({ RoleName: ROLE }));
    deployment = deploymentTo(emulator().endpoint, {
      externalId: EXTERNAL_ID,
      operatorsEmail: 'operators@example.com',
    });
    await deployment.serverless('deploy');
    deployed = await templateOf(aws.cloudformation);
    resources = await resourcesOf(aws.cloudformation);
    await mendPolicies();
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const physical = (name: string): string => {
    const id = resources[name];
    if (id === undefined) throw new Error(`the stack has no ${name}`);
    return id;
  };
  const table = async () =>
    (await aws.dynamodb.send(new DescribeTableCommand({ TableName: physical('Ledger') }))).Table;
  const rows = async () =>
    (await aws.dynamodb.send(new ScanCommand({ TableName: physical('Ledger') }))).Items ?? [];
  const key = async () =>
    (await aws.kms.send(new DescribeKeyCommand({ KeyId: physical('Key') }))).KeyMetadata;
  const role = async () => (await aws.iam.send(new GetRoleCommand({ RoleName: ROLE }))).Role;
  const configuration = (name: string) =>
    aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: physical(name) }));

  /** As AWS has them; see {@link writePolicies}. */
  async function mendPolicies(): Promise<void> {
    const { resources: made } = create(deployed, inTheServiceAccount(resources));
    for (const name of ['ServiceRole', 'OwnMemberRole']) {
      await writePolicies(aws.iam, made[name]?.Properties ?? {});
    }
    await aws.iam.send(new PutRolePolicyCommand(WHAT_THE_EMULATOR_ASKS));
    const Policy = JSON.stringify(made['Key']?.Properties['KeyPolicy']);
    await aws.kms.send(new PutKeyPolicyCommand({ KeyId: physical('Key'), PolicyName: 'default', Policy }));
  }

  /** The uploaded code, with what Lambda would give it. */
  async function invoke(name: string, event: object): Promise<unknown> {
    const code = deployed.Resources[name]?.Properties['Code'] as Fields;
    const unzipped = join(folder, name);
    const zip = `${unzipped}.zip`;
    writeFileSync(
      zip,
      await download(emulator(), physical('ServerlessDeploymentBucket'), textOf(code['S3Key'])),
    );
    await unzip(zip, unzipped);
    const { Handler = '', Environment, Role = '' } = await configuration(name);
    const [module = '', handler = ''] = Handler.split('.');
    const session = await emulator().credentialsFor(SERVICE, Role.split('/').at(-1) ?? '');
    const runtime = join(folder, 'runtime.mjs');
    writeFileSync(runtime, RUNTIME);
    return answerOf(
      [runtime, pathToFileURL(join(unzipped, `${module}.mjs`)).href, handler, JSON.stringify(event)],
      {
        ...environmentFor(emulator().endpoint),
        ...Environment?.Variables,
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: session.accessKeyId,
        AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
        AWS_SESSION_TOKEN: session.sessionToken,
      },
    );
  }
  const rotate = (event: object) => invoke('RotateLambdaFunction', event) as Promise<JsonReport>;

  describe('makes', () => {
    it('the role that the accounts trust', async () => {
      const { Arn, AssumeRolePolicyDocument = '' } = (await role()) ?? {};
      expect(Arn).to.equal(`arn:aws:iam::${SERVICE}:role/${ROLE}`);
      expect(decodeURIComponent(AssumeRolePolicyDocument)).to.include('lambda.amazonaws.com');
    });

    it('the member role of its own account', async () => {
      const { Role: own } = await aws.iam.send(new GetRoleCommand({ RoleName: physical('OwnMemberRole') }));
      expect(own?.Arn).to.equal(`arn:aws:iam::${SERVICE}:role/access-key-rotation`);
    });

    it("a table that can't be deleted by mistake", async () => {
      expect(await table()).to.deep.include({
        DeletionProtectionEnabled: true,
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      });
    });

    it('a key that is renewed every year', async () => {
      const { KeyRotationEnabled } = await aws.kms.send(
        new GetKeyRotationStatusCommand({ KeyId: physical('Key') }),
      );
      expect(KeyRotationEnabled).to.equal(true);
    });

    it('functions that are told where table and topic are', async () => {
      const { Environment, Runtime, Timeout } = await configuration('RotateLambdaFunction');
      expect({ Runtime, Timeout }).to.deep.equal({ Runtime: 'nodejs24.x', Timeout: 900 });
      expect(Environment?.Variables).to.include({
        ROTATION_MODE: 'audit',
        ROTATION_EXTERNAL_ID: EXTERNAL_ID,
        ROTATION_TABLE_NAME: physical('Ledger'),
        ROTATION_TOPIC_ARN: physical('Topic'),
      });
      expect((await configuration('WatchLambdaFunction')).Handler).to.equal('src/watch.daysSinceLastRun');
    });

    it('what the emulator leaves out, as the template that was uploaded says', async () => {
      const { resources: made } = create(deployed, inTheServiceAccount(resources));
      expect(made['Ledger']?.Properties).to.deep.include({
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: (await key())?.Arn ?? '' },
      });
      for (const topic of ['Topic', 'OperatorsTopic']) {
        expect(made[topic]?.Properties['KmsMasterKeyId'], topic).to.equal((await key())?.Arn);
      }
      expect(made['Schedule']?.Properties).to.include({
        ScheduleExpression: 'cron(0 6 ? * MON *)',
        ScheduleExpressionTimezone: 'UTC',
      });
      expect(made['RotateLambdaEvConf']?.Properties).to.include({ MaximumRetryAttempts: 0 });
      expect(made['TopicPolicy']?.Type).to.equal('AWS::SNS::TopicPolicy');
      expect(made['ServerlessDeploymentBucketPolicy']?.Type).to.equal('AWS::S3::BucketPolicy');
    });

    it('outputs that the doctor and the instructions use', () =>
      expect(create(deployed, inTheServiceAccount(resources)).outputs).to.include({
        ServiceAccountId: SERVICE,
        ServiceRoleArn: 'ServiceRole.Arn',
        TableName: physical('Ledger'),
        TopicArn: physical('Topic'),
        OperatorsTopicArn: physical('OperatorsTopic'),
      }));
  });

  describe('with the member role from the stack set', () => {
    let member: string;
    let audited: JsonReport;
    let report: JsonReport;

    before(async () => {
      const account = organization.accounts.find(({ name }) => name === 'member');
      member = account?.id ?? '';
      await createMemberRole(emulator(), aws, organization, member);
    });

    it('says in audit what it would do, and does nothing', async () => {
      const untouched = await emulator().snapshot();
      audited = await rotate({});
      expect(audited.mode).to.equal('audit');
      expect(actionsOf(audited)).to.deep.equal([
        'management: erin replace held',
        'member: alice replace held',
        'forgotten: unreachable',
      ]);
      expect(await emulator().snapshot()).to.deep.equal(untouched);
      expect(await rows()).to.deep.equal([]);
    });

    it('replaces the keys that are due once it is told to, and stores them with their owners', async () => {
      report = await rotate({ mode: 'enforce' });
      expect(actionsOf(report)).to.deep.equal([
        'management: erin replace applied',
        'member: alice replace applied',
        'forgotten: unreachable',
      ]);
      for (const [account, name] of [
        [SERVICE, 'erin'],
        [member, 'alice'],
      ] as const) {
        const secret = await emulator().secretValue(account, `access-key-rotation/${name}`);
        const { AccessKeyId } = JSON.parse(secret) as { AccessKeyId: string };
        const [{ users } = { users: [] }] = await emulator().snapshot(account);
        const keys = users.find(({ userName }) => userName === name)?.keys.map(({ id }) => id);
        expect(keys).to.have.length(2).and.include(AccessKeyId);
      }
    });

    it('remembers it in the table that was deployed, and says so in its topic', async () => {
      expect(await rows()).not.to.have.length(0);
      const published = await emulator().notifications();
      expect(new Set(published.map(({ topicArn }) => topicArn))).to.deep.equal(new Set([physical('Topic')]));
      expect(published.map(({ message }) => message).join()).to.include('alice');
    });

    it('has a watch that runs, and counts the days', async () => {
      expect(await invoke('WatchLambdaFunction', {})).to.be.a('number');
    });
  });

  describe('done again', () => {
    const state = async () => ({
      resources: await resourcesOf(aws.cloudformation),
      table: await table(),
      rows: await rows(),
      key: await key(),
      role: await role(),
      environment: (await configuration('RotateLambdaFunction')).Environment,
    });

    it('does nothing, as nothing has changed', async () => {
      const before = await state();
      expect(await deployment.serverless('deploy')).to.include('No changes to deploy');
      expect(await state()).to.deep.equal(before);
    });

    it('changes nothing even if it is forced to', async () => {
      const before = await state();
      await deployment.serverless('deploy', '--force');
      expect(await state()).to.deep.equal(before);
    });
  });

  describe('removed', () => {
    before(() => deployment.serverless('remove'));

    it('keeps the table with what it remembers', async () => {
      expect((await table())?.TableStatus).to.equal('ACTIVE');
      expect(await rows()).not.to.have.length(0);
    });

    it('keeps the key that opens it', async () =>
      expect(await key()).to.include({ Enabled: true, KeyState: 'Enabled' }));

    it('keeps the secrets', async () => {
      const secret = await emulator().secretValue(SERVICE, 'access-key-rotation/erin');
      expect(secret).to.include('SecretAccessKey');
    });

    it('leaves no role that could do anything', async () =>
      expect(await refusalOf(role())).to.equal('NoSuchEntityException'));
  });
});
