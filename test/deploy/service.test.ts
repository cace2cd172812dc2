import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { ENVIRONMENT_NAMES } from '../../src/config/setting-schema.ts';
import { readSettings, SETTING_NAMES } from '../../src/config/settings.ts';
import { create, type Fields, type Resource, type Stack, type Template } from './cloudformation.ts';
import { packagedByDefault, packageService } from './packaged.ts';
import { ofType } from './roles.ts';

/** What `!Ref` says of them once they exist. */
const NAMES = {
  Ledger: 'access-key-rotation-Ledger-1A2B3C4D5E6F',
  Topic: 'arn:aws-cn:sns:cn-north-1:999988887777:access-key-rotation',
};

const EVERY_PARAMETER = {
  mode: 'enforce',
  schedule: 'rate(7 days)',
  timezone: 'Europe/Berlin',
  notificationEmail: 'security@example.com',
  operatorsEmail: 'operators@example.com',
  oldestKeyDays: '200',
  roleName: 'rotator',
  rolePath: '/security/',
  externalId: 'agreed-upon',
  operatorArn: 'arn:aws-cn:iam::999988887777:role/operators',
  userPath: '/machines/',
  organizationsRoleArn: 'arn:aws-cn:iam::111122223333:role/lister',
  includeAccounts: '111122223333,444455556666',
  excludeAccounts: '777788889999',
  includeOus: 'ou-ab12-34cd56ef',
  excludeOus: 'ou-ab12-34cd56ee, ou-ab12-34cd56ed',
  rotateAfterDays: '31.5',
  deactivateAfterDays: '41',
  deleteAfterDays: '51',
  adoptionGraceDays: '6',
  recoveryGraceDays: '7',
  unusedAfterDays: 'off',
  inUseWindowDays: '3',
  noticeBeforeDays: '4',
  whenStillInUse: 'wait',
  whenTwoKeysInUse: 'deactivate-least-recently-used',
  secretKmsKeyId: 'alias/secrets',
  accountConcurrency: '3',
  userConcurrency: '2',
  maxDeactivations: '10%',
  maxDeletions: '7',
  permissionsBoundary: 'arn:aws-cn:iam::999988887777:policy/boundary',
  logRetention: '30',
  reservedConcurrency: 'none',
  xray: 'on',
  vpc: 'subnet-0a1b2c3d,subnet-1a2b3c4d/sg-0a1b2c3d,sg-1a2b3c4d',
};

const FUNCTIONS = ['RotateLambdaFunction', 'WatchLambdaFunction'];
const OPTIONAL = ['VpcConfig', 'TracingConfig'];

const properties = (stack: Stack, name: string): Fields => {
  const found: Resource | undefined = stack.resources[name];
  if (found === undefined) throw new Error(`the stack has no ${name}`);
  return found.Properties;
};

const environmentOf = (stack: Stack) =>
  (properties(stack, 'RotateLambdaFunction')['Environment'] as Fields)['Variables'] as Record<string, string>;

describe('the service', () => {
  let template: Template;
  let stack: Stack;

  before(async function () {
    this.timeout(60_000);
    ({ template } = await packagedByDefault());
    stack = create(template, NAMES);
  });

  describe('its function', () => {
    it('has the time, the memory and the runtime it needs', () =>
      expect(properties(stack, 'RotateLambdaFunction')).to.deep.include({
        Handler: 'src/handler.rotateOrganization',
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Timeout: 900,
        MemorySize: 512,
        Role: 'ServiceRole.Arn',
      }));

    it('runs once at a time', () =>
      expect(properties(stack, 'RotateLambdaFunction')).to.include({ ReservedConcurrentExecutions: 1 }));

    it('is not run again when it fails, but what failed is kept', () => {
      expect(properties(stack, 'RotateLambdaEvConf')).to.deep.include({
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination: 'FailedRuns.Arn' } },
      });
      expect(properties(stack, 'FailedRuns')).to.include({
        KmsMasterKeyId: 'Key.Arn',
        MessageRetentionPeriod: 14 * 24 * 60 * 60,
      });
    });

    it('logs for a year, where its role may write', () =>
      expect(properties(stack, 'RotateLogGroup')).to.deep.equal({
        LogGroupName: '/aws/lambda/access-key-rotation',
        RetentionInDays: 365,
      }));
  });

  describe('its watch', () => {
    it('is small, and may do what the function may', () =>
      expect(properties(stack, 'WatchLambdaFunction')).to.deep.include({
        Handler: 'src/watch.daysSinceLastRun',
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Timeout: 60,
        MemorySize: 256,
        Role: 'ServiceRole.Arn',
      }));

    it('looks every day', () => {
      const schedule = properties(stack, 'WatchSchedule');
      expect(schedule).to.include({ ScheduleExpression: 'cron(30 5 * * ? *)' });
      expect(schedule['Target']).to.deep.include({
        Arn: 'WatchLambdaFunction.Arn',
        RoleArn: 'ScheduleRole.Arn',
        DeadLetterConfig: { Arn: 'FailedRuns.Arn' },
      });
    });

    it('logs as long as the function', () =>
      expect(properties(stack, 'WatchLogGroup')).to.deep.equal({
        LogGroupName: '/aws/lambda/access-key-rotation-watch',
        RetentionInDays: 365,
      }));
  });

  describe('its settings', () => {
    it('are all there are, and no others', () => {
      const names = Object.keys(environmentOf(stack)).filter((name) => name.startsWith('ROTATION_'));
      expect(names).to.have.members(SETTING_NAMES);
    });

    it('change nothing and are those of the code, unless a parameter says otherwise', () =>
      expect(readSettings(environmentOf(stack))).to.deep.equal({
        ...readSettings({}),
        mode: 'audit',
        tableName: NAMES.Ledger,
        topicArn: NAMES.Topic,
        givenBy: { mode: 'ROTATION_MODE', topicArn: 'ROTATION_TOPIC_ARN' },
      }));
  });

  it('starts weekly, with a role of its own for it', () => {
    const schedule = properties(stack, 'Schedule');
    expect(schedule).to.include({
      ScheduleExpression: 'cron(0 6 ? * MON *)',
      ScheduleExpressionTimezone: 'UTC',
    });
    expect(schedule['Target']).to.deep.equal({
      Arn: 'RotateLambdaFunction.Arn',
      RoleArn: 'ScheduleRole.Arn',
      Input: '{}',
      RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 3600 },
      DeadLetterConfig: { Arn: 'FailedRuns.Arn' },
    });
  });

  it('says what the member roles and its users have to know', () =>
    expect(stack.outputs).to.include({
      ServiceAccountId: '999988887777',
      ServiceRoleArn: 'ServiceRole.Arn',
      TableName: NAMES.Ledger,
      TopicArn: NAMES.Topic,
      FunctionName: 'RotateLambdaFunction',
    }));

  it('is in no VPC and leaves no traces unless told to', () => {
    for (const name of FUNCTIONS) expect(properties(stack, name), name).not.to.have.any.keys(OPTIONAL);
  });

  it('mails nobody unless told whom', () =>
    expect(ofType(stack, 'AWS::SNS::Subscription')).to.deep.equal([]));

  describe('with every parameter set', () => {
    let other: Stack;

    before(async function () {
      this.timeout(60_000);
      other = create((await packageService(EVERY_PARAMETER)).template, NAMES);
    });

    it('has no others', () => {
      const text = readFileSync(new URL('../../serverless.yml', import.meta.url), 'utf8');
      const { params } = parse(text, { logLevel: 'error' }) as { params: { default: object } };
      expect(Object.keys(EVERY_PARAMETER)).to.have.members(Object.keys(params.default));
    });

    it('passes them on to the code, which takes them', () =>
      expect(readSettings(environmentOf(other))).to.deep.equal({
        mode: 'enforce',
        roleName: 'rotator',
        rolePath: '/security/',
        externalId: 'agreed-upon',
        tableName: NAMES.Ledger,
        topicArn: NAMES.Topic,
        organizationsRoleArn: 'arn:aws-cn:iam::111122223333:role/lister',
        selection: {
          includeAccounts: ['111122223333', '444455556666'],
          excludeAccounts: ['777788889999'],
          includeOus: ['ou-ab12-34cd56ef'],
          excludeOus: ['ou-ab12-34cd56ee', 'ou-ab12-34cd56ed'],
        },
        accountConcurrency: 3,
        userConcurrency: 2,
        limits: { maxDeactivations: { share: 0.1, atLeast: 5 }, maxDeletions: { count: 7 } },
        secretKmsKeyId: 'alias/secrets',
        policy: {
          ...readSettings({}).policy,
          rotateAfter: 31.5,
          deactivateAfter: 41,
          deleteAfter: 51,
          adoptionGrace: 6,
          recoveryGrace: 7,
          unusedAfter: 'off',
          inUseWindow: 3,
          noticeBefore: 4,
          whenStillInUse: 'wait',
          whenTwoKeysInUse: 'deactivate-least-recently-used',
        },
        givenBy: ENVIRONMENT_NAMES,
      }));

    it('starts when it is told to', () =>
      expect(properties(other, 'Schedule')).to.include({
        ScheduleExpression: 'rate(7 days)',
        ScheduleExpressionTimezone: 'Europe/Berlin',
      }));

    it('mails whom it is told to', () =>
      expect(properties(other, 'EmailSubscription')).to.deep.equal({
        TopicArn: NAMES.Topic,
        Protocol: 'email',
        Endpoint: 'security@example.com',
      }));

    it('mails its alarms to whom it is told to', () =>
      expect(properties(other, 'OperatorsEmailSubscription')).to.deep.equal({
        TopicArn: 'OperatorsTopic',
        Protocol: 'email',
        Endpoint: 'operators@example.com',
      }));

    it('puts both functions into the VPC and traces them', () => {
      for (const name of FUNCTIONS) {
        expect(properties(other, name), name).to.deep.include({
          VpcConfig: {
            SubnetIds: ['subnet-0a1b2c3d', 'subnet-1a2b3c4d'],
            SecurityGroupIds: ['sg-0a1b2c3d', 'sg-1a2b3c4d'],
          },
          TracingConfig: { Mode: 'Active' },
        });
      }
    });

    it('keeps its log as long as it is told to', () =>
      expect(properties(other, 'RotateLogGroup')).to.include({ RetentionInDays: 30 }));

    it('reserves nothing where nothing can be reserved', () =>
      expect(properties(other, 'RotateLambdaFunction')).not.to.have.property('ReservedConcurrentExecutions'));

    it('puts the boundary on all of its roles', () =>
      expect(
        ofType(other, 'AWS::IAM::Role').map(({ Properties }) => Properties['PermissionsBoundary']),
      ).to.deep.equal(Array(3).fill(EVERY_PARAMETER.permissionsBoundary)));
  });
});
