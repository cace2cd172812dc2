import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import {
  CloudFormationClient,
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteRoleCommand,
  GetRoleCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import {
  DescribeKeyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeOrganizationCommand } from '@aws-sdk/client-organizations';
import { expect } from 'chai';
import { DAY } from '../../src/domain/time.ts';
import type { JsonReport } from '../../src/report/json-report.ts';
import { adminOf, clientsFor, refusalOf, type Clients } from '../emulator/clients.ts';
import type { Emulator, SeededOrganization, SeedUser } from '../support/emulator/emulator.ts';
import { emulatorForThisFile, REGION } from '../support/world.ts';
import { create, list, readTemplate, textOf, type Fields, type Template } from './cloudformation.ts';
import { deploymentTo, environmentFor, unzip, type Deployment } from './deployment.ts';
import { file, roleOf } from './templates-for-accounts.ts';

const run = promisify(execFile);

const SERVICE = '123456789012';
const ROLE = 'access-key-rotation-service';
const STACK = 'access-key-rotation';
const EXTERNAL_ID = 'agreed-upon';
const ADMINISTRATOR = { accessKeyId: 'administrator', secretAccessKey: 'not-a-secret' };

/** As old as the first run of a new deployment finds them. */
const user = (userName: string, age: number, usedAgo?: number): SeedUser => {
  const now = Date.now();
  const lastUsed = usedAgo === undefined ? {} : { lastUsedAt: now - usedAgo * DAY };
  return { userName, keys: [{ createdAt: now - age * DAY, ...lastUsed }] };
};

const MEMBER_USERS = [user('alice', 70, 1), user('bob', 5, 1)];

/** What Lambda does with a bundle, as far as our functions see it. */
const RUNTIME = `
  const [file, name, event] = process.argv.slice(2);
  const handler = (await import(file))[name];
  const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 300_000 };
  const answer = await handler(JSON.parse(event), context);
  process.stdout.write('\\n' + JSON.stringify({ answer }));
`;

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
      management: { users: [user('erin', 65, 2)] },
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
    await writePolicies(aws.iam, made['ServiceRole']?.Properties ?? {});
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

/**
 * What the emulator takes for actions. AWS asks for the permissions of a transaction's parts instead,
 * and calls CloudWatch cloudwatch.
 */
const WHAT_THE_EMULATOR_ASKS = {
  RoleName: ROLE,
  PolicyName: 'emulator',
  PolicyDocument: JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['dynamodb:TransactWriteItems', 'monitoring:GetMetricStatistics'],
        Resource: '*',
      },
    ],
  }),
};

/** What is to be done, or was. */
const actionsOf = ({ accounts }: JsonReport): readonly string[] =>
  accounts.flatMap(({ accountName, status, outcomes }) =>
    status === 'rotated'
      ? outcomes
          .filter((one) => one.status !== 'none')
          .map((one) => `${accountName}: ${one.userName} ${one.action} ${one.status}`)
      : [`${accountName}: ${status}`],
  );

/**
 * The emulator's CloudFormation leaves holes in policies where a template says AWS::NoValue, and stops
 * over them: so they are written once more, as CloudFormation would have.
 */
async function writePolicies(iam: IAMClient, role: Fields): Promise<void> {
  const RoleName = textOf(role['RoleName']);
  for (const policy of list(role['Policies']) as readonly Fields[]) {
    const PolicyDocument = JSON.stringify(policy['PolicyDocument']);
    await iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: textOf(policy['PolicyName']), PolicyDocument }),
    );
  }
  const PolicyDocument = JSON.stringify(role['AssumeRolePolicyDocument']);
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
}

function moreClientsFor({ endpoint }: Emulator) {
  const settings = { endpoint, region: REGION, credentials: ADMINISTRATOR };
  return {
    cloudformation: new CloudFormationClient(settings),
    kms: new KMSClient(settings),
    lambda: new LambdaClient(settings),
  };
}

const inTheServiceAccount = (resources: Readonly<Record<string, string>>) => ({
  'Ledger.Arn': `arn:aws:dynamodb:${REGION}:${SERVICE}:table/${resources['Ledger'] ?? ''}`,
  'Key.Arn': `arn:aws:kms:${REGION}:${SERVICE}:key/${resources['Key'] ?? ''}`,
  'FailedRuns.Arn': `arn:aws:sqs:${REGION}:${SERVICE}:access-key-rotation-failed-runs`,
  'RotateLogGroup.Arn': `arn:aws:logs:${REGION}:${SERVICE}:log-group:/aws/lambda/access-key-rotation:*`,
  'WatchLogGroup.Arn': `arn:aws:logs:${REGION}:${SERVICE}:log-group:/aws/lambda/access-key-rotation-watch:*`,
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::AccountId': SERVICE,
  ...resources,
});

async function templateOf(cloudformation: CloudFormationClient): Promise<Template> {
  const { TemplateBody = '' } = await cloudformation.send(new GetTemplateCommand({ StackName: STACK }));
  return JSON.parse(TemplateBody) as Template;
}

/** Physical ids by the names in the template. */
async function resourcesOf(cloudformation: CloudFormationClient): Promise<Readonly<Record<string, string>>> {
  const { StackResourceSummaries = [] } = await cloudformation.send(
    new ListStackResourcesCommand({ StackName: STACK }),
  );
  return Object.fromEntries(
    StackResourceSummaries.map(({ LogicalResourceId = '', PhysicalResourceId = '' }) => [
      LogicalResourceId,
      PhysicalResourceId,
    ]),
  );
}

/** What CloudFormation does with resources/member-role-stackset.yml; the emulator knows stack sets, but not in stacks. */
async function createMemberRole(
  emulator: Emulator,
  { cloudformation, organizations }: Clients & ReturnType<typeof moreClientsFor>,
  { rootId }: SeededOrganization,
  account: string,
): Promise<void> {
  const { Organization } = await organizations.send(new DescribeOrganizationCommand({}));
  const stack = create(readTemplate(file('member-role-stackset')), {
    ...inTheServiceAccount({}),
    CallAs: 'SELF',
    OrganizationalUnitIds: rootId,
    ExternalId: EXTERNAL_ID,
    OrganizationId: Organization?.Id ?? '',
  });
  const set = stack.resources['MemberRoles']?.Properties as Fields;
  const StackSetName = textOf(set['StackSetName']);
  const Parameters = set['Parameters'] as { ParameterKey: string; ParameterValue: string }[];
  await cloudformation.send(
    new CreateStackSetCommand({
      StackSetName,
      TemplateBody: textOf(set['TemplateBody']),
      Parameters,
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  await cloudformation.send(
    new CreateStackInstancesCommand({ StackSetName, Accounts: [account], Regions: [REGION] }),
  );
  const given = Object.fromEntries(Parameters.map((one) => [one.ParameterKey, one.ParameterValue]));
  const made = roleOf('member-role', { ...inTheServiceAccount({}), 'AWS::AccountId': account, ...given });
  await writePolicies((await adminOf(emulator, account)).iam, made.Properties);
}

/** No client for S3 is a dependency of ours. */
async function download({ endpoint }: Emulator, bucket: string, name: string): Promise<Uint8Array> {
  const authorization = `AWS4-HMAC-SHA256 Credential=administrator/20260101/${REGION}/s3/aws4_request, SignedHeaders=host, Signature=none`;
  const response = await fetch(`${endpoint}/${bucket}/${name}`, { headers: { authorization } });
  if (!response.ok) throw new Error(`${name} could not be downloaded: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function answerOf(args: readonly string[], env: NodeJS.ProcessEnv): Promise<unknown> {
  const { stdout } = await run(process.execPath, [...args], { env });
  const [last = ''] = stdout.split('\n').slice(-1);
  return (JSON.parse(last) as { answer: unknown }).answer;
}
