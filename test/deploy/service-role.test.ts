import { expect } from 'chai';
import { create, list, type Fields, type Resource, type Template } from './cloudformation.ts';
import { packagedByDefault, REQUIRED } from './packaged.ts';
import { actionsOf, allowedActionsOf, rightsOf, trustOf, whereAllowed, type Statement } from './roles.ts';
import { serviceOf, usedActions } from './used-actions.ts';

/** What is done as the member role of an account, the own one included. */
const IN_ACCOUNTS = ['iam', 'secretsmanager'];

/** Lambda reads the stream with the role of the function. */
const FOR_THE_JOURNAL = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
  (name) => `dynamodb:${name}`,
);

describe('the roles of the service', () => {
  let template: Template;
  let role: Resource;
  let rights: readonly Statement[];

  const roleWith = (name: string, parameters: Readonly<Record<string, string>> = {}): Resource => {
    const found = create(template, parameters).resources[name];
    if (found === undefined) throw new Error(`the stack has no ${name}`);
    return found;
  };

  before(async function () {
    ({ template } = await packagedByDefault());
    role = roleWith('ServiceRole');
    rights = rightsOf(role);
  });

  it('is known to the accounts by a name that never changes, and is for Lambda only', () => {
    expect(role.Properties).to.include({ RoleName: 'access-key-rotation-service' });
    expect(trustOf(role)).to.deep.equal([
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ]);
  });

  it('may do what the code does, and what Lambda does for it', () => {
    const aws = ['cloudwatch', 'dynamodb', 'events', 'organizations', 'sns', 'sts'];
    const actions = allowedActionsOf(rights).filter((action) => !FOR_THE_JOURNAL.includes(action));
    expect(actions.filter((action) => aws.includes(serviceOf(action)))).to.deep.equal(usedActions(...aws));
    expect(actions.filter((action) => !aws.includes(serviceOf(action)))).to.deep.equal([
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:PutObject',
      'sqs:SendMessage',
    ]);
  });

  for (const [service, resources] of [
    ['dynamodb', ['Ledger.Arn']],
    ['sns', ['Topic', 'Topic-*']],
    ['events', ['arn:aws-cn:events:cn-north-1:999988887777:event-bus/default']],
    ['sts', ['arn:aws-cn:iam::*:role/access-key-rotation']],
    ['organizations', ['*']],
    ['cloudwatch', ['*']],
  ] as const) {
    it(`may do it in ${service} on ${resources.join(', ')}`, () => {
      for (const action of usedActions(service)) {
        expect(whereAllowed(rights, action), action).to.deep.equal(resources);
      }
    });
  }

  it('may do nothing itself with keys, users and secrets, not even in its own account', () => {
    expect(usedActions(...IN_ACCOUNTS)).to.include.members([
      'iam:CreateAccessKey',
      'secretsmanager:CreateSecret',
    ]);
    for (const parameters of [
      {},
      { Xray: 'on', Vpc: 'subnet-0a1b2c3d/sg-0a1b2c3d', SecretKmsKeyId: 'alias/x' },
    ]) {
      const actions = allowedActionsOf(rightsOf(roleWith('ServiceRole', parameters)));
      expect(actions.filter((action) => IN_ACCOUNTS.includes(serviceOf(action)))).to.deep.equal([]);
    }
  });

  it('fits into what AWS takes of inline policies', () => {
    const everything = { Xray: 'on', Vpc: 'subnet-0a1b2c3d/sg-0a1b2c3d' };
    const policies = list(roleWith('ServiceRole', everything).Properties['Policies']) as readonly Fields[];
    const letters = policies.map(({ PolicyDocument }) => JSON.stringify(PolicyDocument).length);
    expect(letters.reduce((sum, length) => sum + length, 0)).to.be.below(10_240 - 1_000);
  });

  it('enters accounts from its function only, and only those of its organization', () => {
    const [entering] = rights.filter(({ Sid }) => Sid === 'EnterTheAccounts');
    const rotate = 'arn:aws-cn:lambda:cn-north-1:999988887777:function:access-key-rotation';
    expect(entering?.Condition).to.deep.equal({
      ArnLike: { 'lambda:SourceFunctionArn': [rotate, `${rotate}:*`] },
      StringEquals: { 'aws:ResourceOrgID': REQUIRED.organizationId },
    });
  });

  it('leaves reports from the function that rotates, and nothing else in their bucket', () => {
    const [keeping, ...others] = rights.filter((right) =>
      actionsOf([right]).some((action) => serviceOf(action) === 's3'),
    );
    const rotate = 'arn:aws-cn:lambda:cn-north-1:999988887777:function:access-key-rotation';
    expect(others).to.deep.equal([]);
    expect(keeping).to.deep.include({
      Effect: 'Allow',
      Resource: ['Reports.Arn/reports/runs/*', 'Reports.Arn/reports/quiet/*'],
      Condition: { ArnLike: { 'lambda:SourceFunctionArn': [rotate, `${rotate}:*`] } },
    });
  });

  it('writes to its own logs and its own queue', () => {
    expect(whereAllowed(rights, 'logs:PutLogEvents')).to.deep.equal([
      'RotateLogGroup.Arn',
      'WatchLogGroup.Arn',
      'JournalLogGroup.Arn',
    ]);
    expect(whereAllowed(rights, 'sqs:SendMessage')).to.deep.equal(['FailedRuns.Arn']);
  });

  it('lets Lambda read the stream of its table', () => {
    for (const action of FOR_THE_JOURNAL) {
      const where = action.endsWith('ListStreams') ? '*' : 'Ledger.StreamArn'; // knows no resources
      expect(whereAllowed(rights, action), action).to.deep.equal([where]);
    }
  });

  it('uses its key only through what is encrypted with it, and no other', () => {
    const onKeys = rights.filter((right) => actionsOf([right]).some((action) => serviceOf(action) === 'kms'));
    expect(onKeys.map(({ Sid, Resource, Condition }) => ({ Sid, Resource, Condition }))).to.deep.equal([
      {
        Sid: 'UseTheKeyThroughThese',
        Resource: 'Key.Arn',
        Condition: {
          ArnLikeIfExists: {
            'lambda:SourceFunctionArn':
              'arn:aws-cn:lambda:cn-north-1:999988887777:function:access-key-rotation*',
          },
          StringEquals: {
            'aws:ResourceOrgID': REQUIRED.organizationId,
            'kms:ViaService': [
              'dynamodb.cn-north-1.amazonaws.com.cn',
              'sns.cn-north-1.amazonaws.com.cn',
              'sqs.cn-north-1.amazonaws.com.cn',
              's3.cn-north-1.amazonaws.com.cn',
            ],
          },
        },
      },
    ]);
  });

  it('may send traces only if there are to be any', () => {
    const added = rightsOf(roleWith('ServiceRole', { Xray: 'on' }));
    expect(actionsOf(added).filter((action) => !actionsOf(rights).includes(action))).to.deep.equal([
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  it('lets Lambda put it into a VPC if there is one, and the code in it do nothing there', () => {
    const statements = rightsOf(roleWith('ServiceRole', { Vpc: 'subnet-0a1b2c3d/sg-0a1b2c3d' }));
    const [allowed, denied] = statements.filter((one) =>
      actionsOf([one]).some((action) => serviceOf(action) === 'ec2'),
    );
    expect(statements).to.have.length(rights.length + 2);
    expect([allowed?.Effect, denied?.Effect]).to.deep.equal(['Allow', 'Deny']);
    expect(denied?.Action).to.deep.equal(allowed?.Action);
    expect(denied?.Condition).to.deep.equal({
      ArnLike: {
        'lambda:SourceFunctionArn': 'arn:aws-cn:lambda:cn-north-1:999988887777:function:access-key-rotation*',
      },
    });
  });

  it('may assume the role that lists the accounts if there is one', () => {
    const OrganizationsRoleArn = 'arn:aws-cn:iam::111122223333:role/lister';
    const statements = rightsOf(roleWith('ServiceRole', { OrganizationsRoleArn }));
    expect(whereAllowed(statements, 'sts:AssumeRole')).to.deep.equal([
      'arn:aws-cn:iam::*:role/access-key-rotation',
      OrganizationsRoleArn,
    ]);
  });

  it('is started by a role that no other account can use, and that can do nothing else', () => {
    const starter = roleWith('ScheduleRole');
    expect(trustOf(starter)).to.deep.equal([
      {
        Effect: 'Allow',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': '999988887777' } },
      },
    ]);
    const started = rightsOf(starter);
    expect(actionsOf(started)).to.deep.equal([
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'lambda:InvokeFunction',
      'sqs:SendMessage',
    ]);
    expect(whereAllowed(started, 'lambda:InvokeFunction')).to.deep.equal([
      'RotateLambdaFunction.Arn',
      'WatchLambdaFunction.Arn',
    ]);
    expect(whereAllowed(started, 'sqs:SendMessage')).to.deep.equal(['FailedRuns.Arn']);
    expect(whereAllowed(started, 'kms:Decrypt')).to.deep.equal(['Key.Arn']);
  });
});
