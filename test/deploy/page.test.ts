import { expect } from 'chai';
import { create, type Fields, type Resource, type Stack, type Template } from './cloudformation.ts';
import { packagedAsMap, packagedByDefault, REQUIRED } from './packaged.ts';
import { allowedActionsOf, actionsOf, rightsOf, statementsOf, trustOf, whereAllowed } from './roles.ts';
import { properties } from './service-stack.ts';

for (const [scale, packaged, parameters] of [
  ['lambda', packagedByDefault, {}],
  ['map', packagedAsMap, { Scale: 'map' }],
] as const) {
  describe(`the function that keeps pages, with scale ${scale}`, () => {
    let template: Template;
    let stack: Stack;
    let role: Resource;

    before(async function () {
      ({ template } = await packaged());
      stack = create(template, parameters);
      const found = stack.resources['PageRole'];
      if (found === undefined) throw new Error('the stack has no PageRole');
      role = found;
    });

    it('has a role of its own, and is told the bucket and nothing else', () =>
      expect(properties(stack, 'PageLambdaFunction')).to.deep.include({
        FunctionName: 'access-key-rotation-page',
        Handler: 'src/page.keepReportPage',
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Timeout: 300,
        MemorySize: 2048,
        Role: 'PageRole.Arn',
        Environment: {
          Variables: {
            NODE_OPTIONS: '--enable-source-maps',
            REPORTS_URL: 'https://Reports.RegionalDomainName',
          },
        },
      }));

    it('hears of every report in the bucket of the stack, and of no page', () => {
      expect(properties(stack, 'Reports')['NotificationConfiguration']).to.deep.equal({
        EventBridgeConfiguration: { EventBridgeEnabled: true },
      });
      const { EventPattern, Targets } = properties(stack, 'PageRule');
      expect(EventPattern).to.deep.equal({
        source: ['aws.s3'],
        account: ['999988887777'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: ['Reports'] }, object: { key: [{ prefix: 'reports/runs/' }] } },
      });
      expect(Targets).to.deep.equal([
        {
          Id: 'page',
          Arn: 'PageLambdaFunction.Arn',
          RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 3600 },
          DeadLetterConfig: { Arn: 'FailedRuns.Arn' },
        },
      ]);
    });

    it('is started by that rule, and by no other service', () => {
      const permissions = Object.values(stack.resources).filter(
        ({ Type }) => Type === 'AWS::Lambda::Permission',
      );
      expect(permissions.map(({ Properties }) => Properties)).to.deep.equal([
        {
          FunctionName: 'PageLambdaFunction.Arn',
          Action: 'lambda:InvokeFunction',
          Principal: 'events.amazonaws.com',
          SourceArn: 'PageRule.Arn',
        },
      ]);
    });

    it('leaves in the queue what it fails at, and the rule what it can not deliver', () => {
      expect(properties(stack, 'PageLambdaEvConf')).to.deep.include({
        MaximumRetryAttempts: 2,
        DestinationConfig: { OnFailure: { Destination: 'FailedRuns.Arn' } },
      });
      const { Queues, PolicyDocument } = properties(stack, 'FailedRunsPolicy');
      expect(Queues).to.deep.equal(['FailedRuns']);
      expect(statementsOf(PolicyDocument)).to.deep.equal([
        {
          Sid: 'KeepWhatTheRuleCannotDeliver',
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: 'FailedRuns.Arn',
          Condition: { ArnEquals: { 'aws:SourceArn': 'PageRule.Arn' } },
        },
      ]);
    });

    it('logs as long as the others, in a group of its own', () => {
      expect(properties(stack, 'PageLogGroup')).to.deep.equal({
        LogGroupName: '/aws/lambda/access-key-rotation-page',
        RetentionInDays: 400,
      });
      expect(whereAllowed(rightsOf(role), 'logs:PutLogEvents')).to.deep.equal(['PageLogGroup.Arn']);
    });

    it('may read reports and write pages: nothing in any account, and nothing of the table', () => {
      expect(role.Properties).to.include({ RoleName: 'access-key-rotation-page' });
      expect(trustOf(role)).to.deep.equal([
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ]);
      const rights = rightsOf(role);
      expect(allowedActionsOf(rights)).to.deep.equal([
        ...['kms:Decrypt', 'kms:GenerateDataKey', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        ...['s3:GetObject', 's3:ListBucket', 's3:PutObject', 'sqs:SendMessage'],
      ]);
      expect(whereAllowed(rights, 's3:GetObject')).to.deep.equal([
        'Reports.Arn/reports/runs/*',
        'Reports.Arn/reports/quiet/*',
      ]);
      expect(whereAllowed(rights, 's3:PutObject')).to.deep.equal([
        'Reports.Arn/reports/pages/*',
        'Reports.Arn/reports/latest.html',
      ]);
      const [listing] = rights.filter(({ Sid }) => Sid === 'FindReports');
      expect(listing?.Condition).to.deep.equal({ StringEquals: { 's3:prefix': 'reports/runs/' } });
      const [encrypting] = rights.filter(({ Sid }) => Sid === 'UseTheKeyThroughThese');
      expect((encrypting?.Condition as Fields)['StringEquals']).to.deep.equal({
        'aws:ResourceOrgID': REQUIRED.organizationId,
        'kms:ViaService': ['s3.cn-north-1.amazonaws.com.cn', 'sqs.cn-north-1.amazonaws.com.cn'],
      });
    });

    it('may never read a secret, whatever is attached to its role', () => {
      const denied = rightsOf(role).filter(
        ({ Effect, Condition }) => Effect === 'Deny' && Condition === undefined,
      );
      expect(actionsOf(denied)).to.include('secretsmanager:GetSecretValue');
    });

    it('is told to people by where the latest page is', () =>
      expect(stack.outputs).to.include({ LatestPage: 's3://Reports/reports/latest.html' }));
  });
}
