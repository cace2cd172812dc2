import { expect } from 'chai';
import { readSettings, SETTING_NAMES } from '../../src/config/settings.ts';
import { create, type Fields, type Stack, type Template } from './cloudformation.ts';
import { packagedByDefault, REQUIRED } from './packaged.ts';
import { ofType } from './roles.ts';
import { environmentOf, FUNCTIONS, NAMES, properties } from './service-stack.ts';

const OPTIONAL = ['VpcConfig', 'TracingConfig'];

describe('the service', () => {
  let template: Template;
  let stack: Stack;

  before(async function () {
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

    it('does what a person asks for while a run goes on, but not any number of things at a time', () =>
      expect(properties(stack, 'RotateLambdaFunction')).to.include({ ReservedConcurrentExecutions: 3 }));

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

    it('logs as long as the history is kept, where its role may write', () =>
      expect(properties(stack, 'RotateLogGroup')).to.deep.equal({
        LogGroupName: '/aws/lambda/access-key-rotation',
        RetentionInDays: 400,
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
        RetentionInDays: 400,
      }));
  });

  describe('its journal', () => {
    it('is small, and may do what the function may, but enter no account', () =>
      expect(properties(stack, 'JournalLambdaFunction')).to.deep.include({
        Handler: 'src/journal.keepJournal',
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Timeout: 60,
        MemorySize: 256,
        Role: 'ServiceRole.Arn',
        Environment: {
          Variables: {
            OPERATORS_TOPIC_ARN: 'OperatorsTopic',
            ROTATION_TABLE_NAME: NAMES.Ledger,
            ROTATION_HISTORY_DAYS: '',
            NODE_OPTIONS: '--enable-source-maps',
          },
        },
      }));

    it('hears of every change of the history and of settings, and what is lost on the way is kept', () => {
      const [mapping, ...others] = ofType(stack, 'AWS::Lambda::EventSourceMapping');
      expect(others).to.deep.equal([]);
      const { FilterCriteria, ...rest } = mapping?.Properties ?? {};
      expect(rest).to.deep.equal({
        EventSourceArn: 'Ledger.StreamArn',
        FunctionName: 'JournalLambdaFunction.Arn',
        StartingPosition: 'TRIM_HORIZON',
        Enabled: true,
        BatchSize: 1000,
        MaximumBatchingWindowInSeconds: 30,
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 10,
        DestinationConfig: { OnFailure: { Destination: 'FailedRuns.Arn' } },
      });
      const patterns = (FilterCriteria as Fields)['Filters'] as readonly { readonly Pattern: string }[];
      expect(patterns.map(({ Pattern }) => JSON.parse(Pattern) as unknown)).to.deep.equal([
        {
          dynamodb: {
            Keys: { pk: { S: [{ prefix: 'history#' }, { prefix: 'settings-history#' }, 'settings'] } },
          },
        },
        {
          eventName: ['REMOVE'],
          dynamodb: { Keys: { pk: { S: [{ prefix: 'account#' }] }, sk: { S: [{ prefix: 'key#' }] } } },
        },
      ]);
    });

    it('logs as long as the function', () =>
      expect(properties(stack, 'JournalLogGroup')).to.deep.equal({
        LogGroupName: '/aws/lambda/access-key-rotation-journal',
        RetentionInDays: 400,
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
        externalId: REQUIRED.externalId,
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
});
