import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { ENVIRONMENT_NAMES } from '../../src/config/setting-schema.ts';
import { readSettings } from '../../src/config/settings.ts';
import { create, type Stack } from './cloudformation.ts';
import { packageService } from './packaged.ts';
import { ofType } from './roles.ts';
import {
  environmentOf,
  FUNCTIONS,
  FUNCTIONS_OF_FINDINGS,
  FUNCTIONS_OF_MAP,
  NAMES,
  properties,
} from './service-stack.ts';

const EVERY_PARAMETER = {
  mode: 'enforce',
  scale: 'map',
  schedule: 'rate(7 days)',
  timezone: 'Europe/Berlin',
  notificationEmail: 'security@example.com',
  operatorsEmail: 'operators@example.com',
  oldestKeyDays: '200',
  roleName: 'rotator',
  rolePath: '/security/',
  externalId: 'agreed-upon',
  organizationId: 'o-0123456789',
  operatorArn: 'arn:aws-cn:iam::999988887777:role/operators',
  userPath: '/machines/',
  allowUsage: 'true',
  organizationsRoleArn: 'arn:aws-cn:iam::111122223333:role/lister',
  includeAccounts: '111122223333,444455556666',
  excludeAccounts: '777788889999',
  includeOus: 'ou-ab12-34cd56ef',
  excludeOus: 'ou-ab12-34cd56ee, ou-ab12-34cd56ed',
  rotateAfterDays: '31.5',
  deactivateAfterDays: '41',
  deleteAfterDays: '51',
  adoptionGraceDays: '6',
  deadlineGraceDays: '12',
  recoveryGraceDays: '7',
  unusedAfterDays: 'off',
  inUseWindowDays: '3',
  noticeBeforeDays: '4',
  whenStillInUse: 'wait',
  whenNotAdopted: 'deactivate',
  whenTwoKeysInUse: 'deactivate-least-recently-used',
  noticesBy: 'events',
  securityHub: 'true',
  secretKmsKeyId: 'alias/secrets',
  secretReaders: 'arn:aws-cn:iam::999988887777:role/reader, arn:aws-cn:iam::999988887777:user/backup',
  secretAccess: 'restricted',
  removeOrphanedSecrets: 'true',
  inventory: 'list',
  accountConcurrency: '3',
  userConcurrency: '2',
  maxDeactivations: '10%',
  maxDeletions: '7',
  maxDeadlineDeactivations: '11',
  maxReplacements: '13',
  historyDays: '2557',
  reportDays: '500',
  permissionsBoundary: 'arn:aws-cn:iam::999988887777:policy/boundary',
  logRetention: '30',
  reservedConcurrency: 'none',
  xray: 'on',
  vpc: 'subnet-0a1b2c3d,subnet-1a2b3c4d/sg-0a1b2c3d,sg-1a2b3c4d',
};

describe('the service with every parameter set', () => {
  let other: Stack;

  before(async function () {
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
      historyDays: 2557,
      topicArn: NAMES.Topic,
      organizationsRoleArn: 'arn:aws-cn:iam::111122223333:role/lister',
      selection: {
        includeAccounts: ['111122223333', '444455556666'],
        excludeAccounts: ['777788889999'],
        includeOus: ['ou-ab12-34cd56ef'],
        excludeOus: ['ou-ab12-34cd56ee', 'ou-ab12-34cd56ed'],
      },
      inventory: 'list',
      accountConcurrency: 3,
      userConcurrency: 2,
      limits: {
        maxDeactivations: { share: 0.1, atLeast: 5 },
        maxDeletions: { count: 7 },
        maxReplacements: 13,
      },
      maxDeadlineDeactivations: 11,
      noticesBy: 'events',
      secretKmsKeyId: 'alias/secrets',
      secretReaders: ['arn:aws-cn:iam::999988887777:role/reader', 'arn:aws-cn:iam::999988887777:user/backup'],
      secretAccess: 'restricted',
      removeOrphanedSecrets: true,
      policy: {
        ...readSettings({}).policy,
        rotateAfter: 31.5,
        deactivateAfter: 41,
        deleteAfter: 51,
        adoptionGrace: 6,
        deadlineGrace: 12,
        recoveryGrace: 7,
        unusedAfter: 'off',
        inUseWindow: 3,
        noticeBefore: 4,
        whenStillInUse: 'wait',
        whenNotAdopted: 'deactivate',
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

  it('puts all functions into the VPC and traces them', () => {
    for (const name of [...FUNCTIONS, ...FUNCTIONS_OF_MAP, ...FUNCTIONS_OF_FINDINGS]) {
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
    ).to.deep.equal(Array(8).fill(EVERY_PARAMETER.permissionsBoundary)));
});
