import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
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
  roleName: 'rotator',
  rolePath: '/security/',
  externalId: 'agreed-upon',
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
  whenStillInUse: 'wait',
  whenTwoKeysInUse: 'deactivate-least-recently-used',
  secretKmsKeyId: 'alias/secrets',
  accountConcurrency: '3',
  userConcurrency: '2',
  permissionsBoundary: 'arn:aws-cn:iam::999988887777:policy/boundary',
  logRetention: '30',
  reservedConcurrency: 'none',
};

const only = (stack: Stack, type: string): Fields => {
  const found = ofType(stack, type);
  expect(found, type).to.have.length(1);
  return (found[0] as Resource).Properties;
};

const environmentOf = (stack: Stack) =>
  (only(stack, 'AWS::Lambda::Function')['Environment'] as Fields)['Variables'] as Record<string, string>;

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
      expect(only(stack, 'AWS::Lambda::Function')).to.deep.include({
        Handler: 'src/handler.rotateOrganization',
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Timeout: 900,
        MemorySize: 512,
        Role: 'ServiceRole.Arn',
      }));

    it('runs once at a time', () =>
      expect(only(stack, 'AWS::Lambda::Function')).to.include({ ReservedConcurrentExecutions: 1 }));

    it('is not run again when it fails, but what failed is kept', () => {
      expect(only(stack, 'AWS::Lambda::EventInvokeConfig')).to.deep.include({
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination: 'FailedRuns.Arn' } },
      });
      expect(only(stack, 'AWS::SQS::Queue')).to.include({
        KmsMasterKeyId: 'Key.Arn',
        MessageRetentionPeriod: 14 * 24 * 60 * 60,
      });
    });

    it('logs for a year, where its role may write', () =>
      expect(only(stack, 'AWS::Logs::LogGroup')).to.deep.equal({
        LogGroupName: '/aws/lambda/access-key-rotation',
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
      }));
  });

  it('starts weekly, with a role of its own for it', () => {
    const schedule = only(stack, 'AWS::Scheduler::Schedule');
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
          whenStillInUse: 'wait',
          whenTwoKeysInUse: 'deactivate-least-recently-used',
        },
      }));

    it('starts when it is told to', () =>
      expect(only(other, 'AWS::Scheduler::Schedule')).to.include({
        ScheduleExpression: 'rate(7 days)',
        ScheduleExpressionTimezone: 'Europe/Berlin',
      }));

    it('mails whom it is told to', () =>
      expect(only(other, 'AWS::SNS::Subscription')).to.deep.equal({
        TopicArn: NAMES.Topic,
        Protocol: 'email',
        Endpoint: 'security@example.com',
      }));

    it('keeps its log as long as it is told to', () =>
      expect(only(other, 'AWS::Logs::LogGroup')).to.include({ RetentionInDays: 30 }));

    it('reserves nothing where nothing can be reserved', () =>
      expect(only(other, 'AWS::Lambda::Function')).not.to.have.property('ReservedConcurrentExecutions'));

    it('puts the boundary on both of its roles', () =>
      expect(
        ofType(other, 'AWS::IAM::Role').map(({ Properties }) => Properties['PermissionsBoundary']),
      ).to.deep.equal([EVERY_PARAMETER.permissionsBoundary, EVERY_PARAMETER.permissionsBoundary]));
  });
});
