import aslValidator from 'asl-validator';
import { expect } from 'chai';
import { definitionWith } from '../support/map/definition.ts';
import { create, list, textOf, type Fields, type Stack, type Template } from './cloudformation.ts';
import { packagedAsMap, packagedByDefault } from './packaged.ts';
import { actionsOf, allowedActionsOf, rightsOf, statementsOf, trustOf, whereAllowed } from './roles.ts';
import { FUNCTIONS_OF_MAP, properties } from './service-stack.ts';

const functionArn = (name: string) =>
  `arn:aws-cn:lambda:cn-north-1:999988887777:function:access-key-rotation${name}`;

const roleArn = (name: string) => `arn:aws-cn:iam::999988887777:role/access-key-rotation-${name}`;

describe('a run by map', () => {
  let template: Template;
  let stack: Stack;
  const role = (name: string) => {
    const found = stack.resources[name];
    if (found === undefined) throw new Error(`the stack has no ${name}`);
    return found;
  };
  const rights = (name: string) => rightsOf(role(name));

  before(async function () {
    ({ template } = await packagedAsMap());
    stack = create(template, { Scale: 'map' });
  });

  it('is made only where it is asked for', async () => {
    const only = Object.entries(template.Resources).filter(([, { Condition }]) => Condition === 'IsMap');
    expect(only.map(([name]) => name)).to.include.members([...FUNCTIONS_OF_MAP, 'Map', 'MapRole']);
    const without = (await packagedByDefault()).template.Resources;
    for (const [name] of only) expect(without).not.to.have.property(name);
  });

  it('is defined in the language of Step Functions', () => {
    const values = {
      Partition: 'aws',
      ListFunction: 'arn:aws:lambda:eu-central-1:111122223333:function:list',
      AccountFunction: 'arn:aws:lambda:eu-central-1:111122223333:function:account',
      FinishFunction: 'arn:aws:lambda:eu-central-1:111122223333:function:finish',
      Bucket: 'reports',
      AccountsAtATime: '100',
    };
    const { isValid, errorsText } = aslValidator(JSON.parse(definitionWith(values)));
    expect(isValid, errorsText('\n')).to.equal(true);
  });

  it('has everything that its definition names', () => {
    const { Definition, DefinitionSubstitutions } = properties(stack, 'Map');
    const named = [...JSON.stringify(Definition).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    expect([...new Set(named)]).to.have.members(Object.keys(DefinitionSubstitutions as Fields));
    expect(DefinitionSubstitutions).to.include({
      AccountFunction: 'AccountLambdaFunction.Arn',
      AccountsAtATime: '100',
    });
    const limited = create(template, { Scale: 'map', AccountConcurrency: '7' });
    expect(properties(limited, 'Map')['DefinitionSubstitutions']).to.include({ AccountsAtATime: '7' });
  });

  it('has its alarm on the dashboard, by its name', () => {
    const alarm = 'arn:aws-cn:cloudwatch:cn-north-1:999988887777:alarm:access-key-rotation-map-failed';
    const body = JSON.parse(properties(stack, 'Dashboard')['DashboardBody'] as string) as {
      readonly widgets: readonly { readonly properties: { readonly alarms?: readonly string[] } }[];
    };
    expect(body.widgets.flatMap(({ properties: { alarms = [] } }) => alarms)).to.include(alarm);
    expect(properties(stack, 'MapFailedAlarm')['AlarmName']).to.equal('access-key-rotation-map-failed');
  });

  it('is what the schedule starts, which may start no rotation besides', () => {
    const machine = 'arn:aws-cn:states:cn-north-1:999988887777:stateMachine:access-key-rotation';
    expect(properties(stack, 'Schedule')['Target']).to.include({ Arn: machine, RoleArn: 'ScheduleRole.Arn' });
    expect(whereAllowed(rights('ScheduleRole'), 'states:StartExecution')).to.deep.equal([machine]);
    expect(whereAllowed(rights('ScheduleRole'), 'lambda:InvokeFunction')).to.deep.equal([
      'WatchLambdaFunction.Arn',
    ]);
  });

  it('enters accounts from the function of one account, and from no other of its own', () => {
    const [entering] = rights('ServiceRole').filter(({ Sid }) => Sid === 'EnterTheAccounts');
    expect(entering?.Condition).to.deep.include({
      ArnLike: {
        'lambda:SourceFunctionArn': [functionArn(''), functionArn(':*'), functionArn('-account')],
      },
    });
    expect(properties(stack, 'AccountLambdaFunction')).to.include({ Role: 'ServiceRole.Arn' });
    for (const name of ['ListRole', 'FinishRole', 'MapRole']) {
      expect(allowedActionsOf(rights(name)), name).not.to.include('sts:AssumeRole');
    }
    const OrganizationsRoleArn = 'arn:aws-cn:iam::111122223333:role/lister';
    const listing = create(template, { Scale: 'map', OrganizationsRoleArn }).resources['ListRole'];
    expect(listing === undefined ? [] : whereAllowed(rightsOf(listing), 'sts:AssumeRole')).to.deep.equal([
      OrganizationsRoleArn,
    ]);
  });

  for (const [name, allowed] of [
    [
      'ListRole',
      [
        ...['dynamodb:GetItem', 'dynamodb:Query', 'kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
        ...['logs:CreateLogStream', 'logs:PutLogEvents', 'organizations:ListAccounts'],
        ...['organizations:ListAccountsForParent', 'organizations:ListOrganizationalUnitsForParent'],
        ...['organizations:ListRoots', 's3:PutObject'],
      ],
    ],
    [
      'FinishRole',
      [
        ...[
          'dynamodb:GetItem',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
          'events:PutEvents',
          'kms:Decrypt',
          'kms:DescribeKey',
        ],
        ...['kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
        ...['logs:CreateLogStream', 'logs:PutLogEvents', 's3:GetObject', 's3:ListBucket'],
        ...['s3:PutObject', 'sns:Publish'],
      ],
    ],
    [
      'MapRole',
      [
        ...['kms:Decrypt', 'kms:GenerateDataKey', 'lambda:InvokeFunction', 'logs:CreateLogDelivery'],
        ...['logs:DeleteLogDelivery', 'logs:DescribeLogGroups', 'logs:DescribeResourcePolicies'],
        ...['logs:GetLogDelivery', 'logs:ListLogDeliveries', 'logs:PutResourcePolicy'],
        ...['logs:UpdateLogDelivery', 's3:GetObject', 's3:PutObject', 'states:DescribeExecution'],
        ...['states:RedriveExecution', 'states:StartExecution', 'states:StopExecution'],
      ],
    ],
  ] as const) {
    it(`gives ${name} what it does, and nothing else`, () =>
      expect(allowedActionsOf(rights(name))).to.deep.equal(allowed));
  }

  it('lets nobody of them read a secret, whatever is attached to them', () => {
    for (const name of ['ListRole', 'FinishRole']) {
      const denied = rights(name).filter(
        ({ Effect, Condition }) => Effect === 'Deny' && Condition === undefined,
      );
      expect(actionsOf(denied), name).to.include('secretsmanager:GetSecretValue');
    }
  });

  it('lets the state machine start its functions and itself only, and be started by Step Functions only', () => {
    expect(whereAllowed(rights('MapRole'), 'lambda:InvokeFunction')).to.deep.equal(
      FUNCTIONS_OF_MAP.map((name) => `${name}.Arn`),
    );
    expect(whereAllowed(rights('MapRole'), 'states:StartExecution')).to.deep.equal([
      'arn:aws-cn:states:cn-north-1:999988887777:stateMachine:access-key-rotation',
    ]);
    expect(whereAllowed(rights('MapRole'), 's3:PutObject')).to.deep.equal(['Reports.Arn/runs/*/lost/*']);
    expect(trustOf(role('MapRole'))).to.have.length(1);
    expect(trustOf(role('MapRole'))[0]).to.deep.include({ Principal: { Service: 'states.amazonaws.com' } });
  });

  it('lets the end of a run write nothing of the ledger but what is about runs', () => {
    const [writing] = rights('FinishRole').filter(({ Sid }) => Sid === 'RememberTheRun');
    expect(writing?.Condition).to.deep.equal({
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['run', 'pace'] },
    });
  });

  it('has files that only its own roles write, and reports that its end does', () => {
    const [, files, reports] = statementsOf(properties(stack, 'ReportsPolicy')['PolicyDocument']);
    expect(files?.Condition).to.deep.equal({
      ArnNotEquals: { 'aws:PrincipalArn': ['ServiceRole.Arn', roleArn('list'), roleArn('map')] },
    });
    expect(reports?.Condition).to.deep.equal({
      ArnNotEquals: { 'aws:PrincipalArn': ['ServiceRole.Arn', roleArn('finish'), 'PageRole.Arn'] },
    });
    expect(whereAllowed(rights('FinishRole'), 's3:PutObject')).to.deep.equal([
      'Reports.Arn/reports/runs/*',
      'Reports.Arn/reports/quiet/*',
    ]);
  });

  it('tells the operators when it fails, and leads to what to do', () => {
    const alarm = properties(stack, 'MapFailedAlarm');
    expect(alarm).to.deep.include({ AlarmActions: ['OperatorsTopic'], Threshold: 1 });
    expect(textOf(alarm['AlarmDescription'])).to.match(/See docs\/operations\.md#map-failed$/);
    const watched = (list(alarm['Metrics']) as readonly Fields[]).map(({ Id = '' }) => Id);
    expect(watched).to.include.members(['executionsFailed', 'executionsTimedOut', 'executionsAborted']);
  });

  it('is traced where the functions are', () => {
    expect(properties(stack, 'Map')).not.to.have.property('TracingConfiguration');
    const traced = create(template, { Scale: 'map', Xray: 'on' });
    expect(properties(traced, 'Map')['TracingConfiguration']).to.deep.equal({ Enabled: true });
  });
});
