import { readFileSync } from 'node:fs';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateTableCommand,
  DeleteTableCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  type CreateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, DeleteRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeOrganizationCommand,
  EnableAWSServiceAccessCommand,
  RegisterDelegatedAdministratorCommand,
} from '@aws-sdk/client-organizations';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { SetTopicAttributesCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { expect } from 'chai';
import { compose } from '../../src/compose/run.ts';
import { readRequest } from '../../src/config/request.ts';
import { readSettings } from '../../src/config/settings.ts';
import { rotateOrganization } from '../../src/run/rotation/rotate-organization.ts';
import { metricsOf } from '../../src/report/data/metrics.ts';
import { adminOf, MANAGEMENT } from '../emulator/clients.ts';
import { run, awsEnvironment } from '../cli/terminal.ts';
import { policyOf } from '../privileges/deployed.ts';
import type { SeededOrganization } from '../support/emulator/emulator.ts';
import { emulatorForThisFile, REGION } from '../support/world.ts';
import { create, readTemplate, textOf, type Fields, type Value } from './cloudformation.ts';
import { resourcesOf, ROLE, templateOf, WHAT_THE_EMULATOR_ASKS, writePolicies } from './deployed-stack.ts';
import { deploymentTo } from './deployment.ts';
import { statementsOf } from './roles.ts';
import { file } from './templates-for-accounts.ts';

const EXTERNAL_ID = 'agreed-upon';
const [DIGESTS, ALARMS] = ['digests@example.com', 'alarms@example.com'];

/** What docs/getting-started.md tells to type, in order. */
const STEPS = [
  ...(
    readFileSync('docs/getting-started.md', 'utf8').split('\n## Deploy\n')[1]?.split('\n## ')[0] ?? ''
  ).matchAll(/^```sh\n([^]*?)^```/gm),
].flatMap(([, block = '']) => block.trim().split('\n'));

describe('the way to Healthy of docs/getting-started.md, typed as it is written, by a role of a security account', function () {
  this.timeout(240_000);
  const emulator = emulatorForThisFile();
  let organization: SeededOrganization;
  let security: string;
  let organizationId: string;

  const inAccount = (id: string) => ({
    'AWS::Partition': 'aws',
    'AWS::Region': REGION,
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::AccountId': id,
  });
  const operators = () => emulator().credentialsFor(security, 'operators');
  const aws = async () => {
    const credentials = await operators();
    return { region: REGION, endpoint: emulator().endpoint, credentials: () => Promise.resolve(credentials) };
  };
  /** Somebody who may do everything in the account of the service. */
  const administrator = async () => ({
    region: REGION,
    endpoint: emulator().endpoint,
    credentials: await emulator().credentialsFor(security, 'administrator'),
  });
  const doctor = async () => {
    const { code, stdout } = await run(['doctor'], { aws: await aws(), environment: {} } as never, {
      environment: { ROTATION_FUNCTION_NAME: '' },
    });
    const lines = stdout.split('\n').filter((line) => line !== '');
    return { code, first: lines[0] ?? '', next: lines.at(-1)?.trim() ?? '', stdout };
  };

  before(async () => {
    organization = await emulator().seed({
      accounts: [
        { name: 'security', memberRole: false, users: [] },
        { name: 'app', memberRole: false, users: [], ou: 'Workloads' },
        { name: 'data', memberRole: false, users: [], ou: 'Workloads' },
      ],
      management: { memberRole: false },
      service: { account: 'security', delegatedAdministrator: false },
    });
    security = organization.serviceAccountId;
    const { iam } = await adminOf(emulator(), security);
    // The seed has made what the deployment is about to make.
    await iam.send(new DeleteRoleCommand({ RoleName: ROLE }));
    const nobody = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    await iam.send(new CreateRoleCommand({ RoleName: 'operators', AssumeRolePolicyDocument: nobody }));
    // A role without a policy would be free to do everything here.
    await operatorsMay([{ Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' }]);
    const { organizations } = await adminOf(emulator(), MANAGEMENT);
    const { Organization } = await organizations.send(new DescribeOrganizationCommand({}));
    organizationId = Organization?.Id ?? '';
  });

  async function operatorsMay(rights: Parameters<typeof policyOf>[0]): Promise<void> {
    const { iam } = await adminOf(emulator(), security);
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: 'operators',
        PolicyName: 'operators',
        PolicyDocument: JSON.stringify(policyOf(rights)),
      }),
    );
  }

  /** With the reader's own ids in place of those of the page. */
  const own = (text: string) =>
    text
      .replaceAll('111122223333', security)
      .replaceAll('o-ab12cd34ef', organizationId)
      .replaceAll('r-ab12', organization.rootId)
      .replaceAll(/(\w+)=\.\.\./g, (_, name: string) =>
        name === 'ExternalId' ? `${name}=${EXTERNAL_ID}` : `${name}=${textOf(outputs[name] ?? '')}`,
      );

  /** Of the service's stack. */
  let outputs: Fields = {};

  async function deployService(): Promise<void> {
    const parameters = {
      externalId: EXTERNAL_ID,
      organizationId,
      operatorArn: `arn:aws:iam::${security}:role/operators`,
      notificationEmail: DIGESTS,
      operatorsEmail: ALARMS,
    };
    const { credentials } = await administrator();
    await deploymentTo(
      emulator().endpoint,
      parameters,
      awsEnvironment({ endpoint: emulator().endpoint }, credentials),
    ).serverless('deploy');
    await makeWhatTheEmulatorLeavesOut();
  }

  /** The emulator's CloudFormation leaves out some of it; made here as the template that was uploaded says. */
  async function makeWhatTheEmulatorLeavesOut(): Promise<void> {
    const settings = await administrator();
    const cloudformation = new CloudFormationClient(settings);
    const resources = await resourcesOf(cloudformation);
    const arn = (service: string, name: string) => `arn:aws:${service}:${REGION}:${security}:${name}`;
    const logs = (name: string) => arn('logs', `log-group:/aws/lambda/${name}:*`);
    const { resources: made, outputs: told } = create(await templateOf(cloudformation), {
      ...inAccount(security),
      ...resources,
      'Ledger.Arn': arn('dynamodb', `table/${resources['Ledger'] ?? ''}`),
      'Ledger.StreamArn': arn('dynamodb', `table/${resources['Ledger'] ?? ''}/stream/x`),
      'Key.Arn': arn('kms', `key/${resources['Key'] ?? ''}`),
      'Reports.Arn': `arn:aws:s3:::${resources['Reports'] ?? ''}`,
      'FailedRuns.Arn': arn('sqs', 'access-key-rotation-failed-runs'),
      'RotateLogGroup.Arn': logs('access-key-rotation'),
      'JournalLogGroup.Arn': logs('access-key-rotation-journal'),
      'WatchLogGroup.Arn': logs('access-key-rotation-watch'),
      'PageLogGroup.Arn': logs('access-key-rotation-page'),
      'RotateLambdaFunction.Arn': arn('lambda', 'function:access-key-rotation'),
    });
    outputs = told;
    const { iam, dynamodb, kms, sns } = await adminOf(emulator(), security);
    for (const name of ['ServiceRole', 'OwnMemberRole'])
      await writePolicies(iam, made[name]?.Properties ?? {});
    await iam.send(new PutRolePolicyCommand(WHAT_THE_EMULATOR_ASKS));
    await kms.send(
      new PutKeyPolicyCommand({
        KeyId: resources['Key'],
        PolicyName: 'default',
        Policy: JSON.stringify(made['Key']?.Properties['KeyPolicy']),
      }),
    );
    const reader = made['EmailSubscription']?.Properties ?? {};
    await sns.send(
      new SubscribeCommand({
        TopicArn: resources['Topic'],
        Protocol: textOf(reader['Protocol'] ?? ''),
        Endpoint: textOf(reader['Endpoint'] ?? ''),
      }),
    );
    const table = made['Ledger']?.Properties ?? {};
    const TableName = resources['Ledger'];
    // Encrypted otherwise than CloudFormation says it here.
    await dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    await dynamodb.send(new DeleteTableCommand({ TableName }));
    const { SSEEnabled, ...encryption } = table['SSESpecification'] as Fields;
    await dynamodb.send(
      new CreateTableCommand({
        ...(table as unknown as Omit<CreateTableCommandInput, 'TableName'>),
        TableName,
        SSESpecification: { Enabled: SSEEnabled === true, ...encryption },
        StreamSpecification: { StreamEnabled: true, ...(table['StreamSpecification'] as Fields) },
      }),
    );
    await dynamodb.send(
      new UpdateTimeToLiveCommand({
        TableName: resources['Ledger'],
        TimeToLiveSpecification: {
          AttributeName: 'expiresAt',
          Enabled: true,
          ...(table['TimeToLiveSpecification'] as Fields),
        },
      }),
    );
    await dynamodb.send(
      new UpdateContinuousBackupsCommand({
        TableName: resources['Ledger'],
        PointInTimeRecoverySpecification: {
          PointInTimeRecoveryEnabled: false,
          ...(table['PointInTimeRecoverySpecification'] as Fields),
        },
      }),
    );
    await sns.send(
      new SetTopicAttributesCommand({
        TopicArn: resources['Topic'],
        AttributeName: 'KmsMasterKeyId',
        AttributeValue: textOf(made['Topic']?.Properties['KmsMasterKeyId'] ?? ''),
      }),
    );
    const schedule = made['Schedule']?.Properties ?? {};
    await new SchedulerClient(settings).send(
      new CreateScheduleCommand({
        Name: textOf(schedule['Name'] ?? ''),
        ScheduleExpression: textOf(schedule['ScheduleExpression'] ?? ''),
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: arn('lambda', 'function:access-key-rotation'),
          RoleArn: arn('iam', 'role/schedule'),
        },
      }),
    );
  }

  /** `aws cloudformation deploy`, as far as our templates go. */
  async function deployTemplate(args: readonly string[]): Promise<void> {
    const template = /resources\/([\w-]+)\.yml/.exec(args.join(' '))?.[1] ?? '';
    const overrides = args.slice(args.indexOf('--parameter-overrides') + 1);
    const given: Readonly<Record<string, string>> = Object.fromEntries(
      overrides.map((one): [string, string] => [one.split('=')[0] ?? '', one.slice(one.indexOf('=') + 1)]),
    );
    const stack = create(readTemplate(file(template)), {
      ...inAccount(template === 'member-role' ? MANAGEMENT : security),
      ...given,
    });
    switch (template) {
      case 'operator-policy':
        policyReady(stack.resources['OperatorPolicy']?.Properties ?? {});
        return;
      case 'member-role':
        await makeMemberRole(MANAGEMENT, given);
        return;
      case 'member-role-stackset': {
        expect(given).to.include({ CallAs: 'DELEGATED_ADMIN', OrganizationalUnitIds: organization.rootId });
        const set = stack.resources['MemberRoles']?.Properties['Parameters'] as readonly Fields[];
        const parameters = Object.fromEntries(
          set.map((one) => [textOf(one['ParameterKey'] ?? ''), textOf(one['ParameterValue'] ?? '')]),
        );
        for (const { id, name } of organization.accounts) {
          if (id !== MANAGEMENT && name !== 'security') await makeMemberRole(id, parameters);
        }
        return;
      }
      default:
        throw new Error(`nobody knows how to deploy ${template}`);
    }
  }

  let operatorPolicy: Value = null;
  const policyReady = ({ PolicyDocument = null }: Fields): void => {
    operatorPolicy = PolicyDocument;
  };

  async function makeMemberRole(
    accountId: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { resources } = create(readTemplate(file('member-role')), {
      ...inAccount(accountId),
      ...parameters,
    });
    const role = resources['MemberRole']?.Properties ?? {};
    const { iam } = await adminOf(emulator(), accountId);
    const AssumeRolePolicyDocument = JSON.stringify(role['AssumeRolePolicyDocument']);
    await iam.send(
      new CreateRoleCommand({ RoleName: textOf(role['RoleName'] ?? ''), AssumeRolePolicyDocument }),
    );
    await writePolicies(iam, role);
  }

  /** The deployed settings and the service's role, as Lambda would run it; the metrics go where its log leads them. */
  async function invokeRotate(): Promise<void> {
    const settings = await administrator();
    const { Environment } = await new LambdaClient(settings).send(
      new GetFunctionConfigurationCommand({ FunctionName: 'access-key-rotation' }),
    );
    const session = await emulator().credentialsFor(security, ROLE);
    const report = await rotateOrganization(
      compose(readSettings(Environment?.Variables ?? {}), readRequest({}), {
        region: REGION,
        endpoint: emulator().endpoint,
        credentials: () => Promise.resolve(session),
        publish: true,
      }),
    );
    expect(report.accounts.map(({ status }) => status)).to.deep.equal(Array(4).fill('rotated'));
    await new CloudWatchClient(settings).send(
      new PutMetricDataCommand({
        Namespace: 'AccessKeyRotation',
        MetricData: metricsOf(report, { calls: 0, throttles: 0, unreachableBefore: [], isKept: true }).map(
          ({ name, value }) => ({
            MetricName: name,
            Value: value,
            Dimensions: [{ Name: 'service', Value: 'access-key-rotation' }],
            Timestamp: new Date(report.finishedAt - 60_000),
          }),
        ),
      }),
    );
  }

  async function type(line: string): Promise<void> {
    const args = own(line).split(' ');
    const { organizations } = await adminOf(emulator(), MANAGEMENT);
    const ServicePrincipal = 'member.org.stacksets.cloudformation.amazonaws.com';
    if (line.startsWith('npx serverless deploy ')) {
      await deployService();
      return;
    }
    if (line.startsWith('npx serverless invoke -f rotate ')) {
      await invokeRotate();
      return;
    }
    if (line.startsWith('aws cloudformation deploy ')) {
      await deployTemplate(args);
      return;
    }
    if (line.startsWith('aws iam attach-role-policy --role-name operators ')) {
      // The emulator calls these two otherwise than IAM does.
      const byPath = { Effect: 'Allow', Action: ['lambda:?', 'scheduler:?'], Resource: '*' };
      await operatorsMay([...statementsOf(operatorPolicy ?? undefined), byPath]);
      return;
    }
    if (line.startsWith('aws cloudformation activate-organizations-access ')) {
      await organizations.send(new EnableAWSServiceAccessCommand({ ServicePrincipal }));
      return;
    }
    if (line.startsWith('aws organizations register-delegated-administrator ')) {
      expect(args).to.include.members([security, ServicePrincipal]);
      await organizations.send(
        // The emulator knows no delegated administrators of stack sets; it is the listing that matters here.
        new RegisterDelegatedAdministratorCommand({
          AccountId: security,
          ServicePrincipal: 'guardduty.amazonaws.com',
        }),
      );
      return;
    }
    throw new Error(`nobody knows how to type ${line}`);
  }

  /** What doctor says is next once a line was typed; absent: the same as before. */
  const NEXT: readonly (readonly [RegExp, RegExp])[] = [
    [/^npx serverless deploy/, /resources\/operator-policy\.yml.+attach-role-policy --role-name operators/],
    [/attach-role-policy/, /^aws organizations register-delegated-administrator --account-id/],
    [/register-delegated/, /resources\/member-role\.yml/],
    [/resources\/member-role\.yml/, /resources\/member-role-stackset\.yml.+CallAs=DELEGATED_ADMIN/],
    [/member-role-stackset/, /^aws sns subscribe .+digests@example\.com$/],
    [/^npx serverless invoke/, /^access-key-rotation plan$/],
  ];

  it('is nine commands, the last of which asks doctor', () => {
    expect(STEPS).to.have.length(9);
    expect(STEPS.at(-1)).to.equal('npm run -s cli -- doctor');
  });

  for (const line of STEPS.slice(0, -1)) {
    it(`${line.slice(0, 70)}... leads on`, async () => {
      await type(line);
      const next = NEXT.find(([typed]) => typed.test(line))?.[1];
      if (next === undefined) return;
      const told = await doctor();
      expect(told.next, told.stdout).to.match(next);
      if (!/member-role-stackset/.test(line)) return;
      // Two e-mails ask for it.
      await emulator().confirmSubscription(textOf(outputs['TopicArn'] ?? ''), DIGESTS);
      expect((await doctor()).next).to.equal(`npx serverless invoke -f rotate --region ${REGION}`);
    });
  }

  it('ends with Healthy', async () => {
    const { code, first, stdout } = await doctor();
    expect(first, stdout).to.match(/^Healthy: /);
    expect(code).to.equal(0);
  });
});
