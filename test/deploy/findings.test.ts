import { expect } from 'chai';
import { hubAddressIn } from '../../src/config/security-hub.ts';
import { create, type Fields, type Stack } from './cloudformation.ts';
import { packagedByDefault, packagedWithEverything } from './packaged.ts';
import { allowedActionsOf, rightsOf, trustOf, whereAllowed, type Statement } from './roles.ts';
import { NAMES, properties } from './service-stack.ts';

const PRODUCT = 'arn:aws-cn:securityhub:cn-north-1:999988887777:product/999988887777/default';

describe('findings for Security Hub', () => {
  let stack: Stack;
  let rights: readonly Statement[];

  before(async function () {
    stack = create((await packagedWithEverything()).template, { ...NAMES, SecurityHub: 'true' });
    const role = stack.resources['FindingsRole'];
    rights = role === undefined ? [] : rightsOf(role);
  });

  it('are sent only where they are asked for', async function () {
    const { Resources } = (await packagedByDefault()).template;
    expect(Object.keys(Resources).filter((name) => name.startsWith('Findings'))).to.deep.equal([]);
    expect(JSON.stringify(Resources)).not.to.include('securityhub');
  });

  it('are sent by a function of their own, which is told where and as whose', () => {
    const lambda = properties(stack, 'FindingsLambdaFunction');
    expect(lambda).to.deep.include({
      Handler: 'src/findings.sendRunFindings',
      Role: 'FindingsRole.Arn',
      Timeout: 300,
    });
    const { Variables } = lambda['Environment'] as { readonly Variables: Readonly<Record<string, string>> };
    expect(hubAddressIn(Variables)).to.deep.equal({
      url: 'https://securityhub.cn-north-1.amazonaws.com.cn',
      product: { arn: PRODUCT, partition: 'aws-cn', accountId: '999988887777' },
    });
    expect(Variables).to.have.property('REPORTS_URL');
  });

  it('are sent again when that fails, and what fails for good is kept', () =>
    expect(properties(stack, 'FindingsLambdaEvConf')).to.deep.include({
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: 'FailedRuns.Arn' } },
    }));

  it('are sent when a run has left its report', () => {
    expect(properties(stack, 'Reports')['NotificationConfiguration']).to.deep.equal({
      EventBridgeConfiguration: { EventBridgeEnabled: true },
    });
    const { EventPattern, Targets } = properties(stack, 'FindingsRule');
    expect(EventPattern).to.deep.equal({
      source: ['aws.s3'],
      account: ['999988887777'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: ['Reports'] }, object: { key: [{ prefix: 'reports/runs/' }] } },
    });
    expect((Targets as readonly Fields[]).map(({ Arn }) => Arn)).to.deep.equal([
      'FindingsLambdaFunction.Arn',
    ]);
    expect(properties(stack, 'FindingsPermission')).to.deep.equal({
      FunctionName: 'FindingsLambdaFunction.Arn',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: 'FindingsRule.Arn',
    });
  });

  it('take a role that is for Lambda, reads reports, makes findings of its own account, and no more', () => {
    const role = stack.resources['FindingsRole'];
    expect(role === undefined ? [] : trustOf(role)).to.deep.equal([
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ]);
    expect(allowedActionsOf(rights)).to.deep.equal([
      ...['kms:Decrypt', 'kms:GenerateDataKey', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      ...['s3:GetObject', 's3:ListBucket', 'securityhub:BatchImportFindings', 'sqs:SendMessage'],
    ]);
    expect(whereAllowed(rights, 'securityhub:BatchImportFindings')).to.deep.equal([PRODUCT]);
    expect(whereAllowed(rights, 's3:GetObject')).to.deep.equal(['Reports.Arn/reports/runs/*']);
  });

  it('are nothing that the roles which rotate may send', () => {
    for (const name of ['ServiceRole', 'ListRole', 'FinishRole', 'MapRole']) {
      expect(JSON.stringify(properties(stack, name)), name).not.to.include('securityhub');
    }
  });
});
