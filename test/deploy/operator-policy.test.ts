import { expect } from 'chai';
import { create, readTemplate, textOf, type Fields } from './cloudformation.ts';
import { packagedByDefault } from './packaged.ts';
import { allowedActionsOf, statementsOf, whereAllowed, type Statement } from './roles.ts';
import { AGREED, file } from './templates-for-accounts.ts';
import { serviceOf, usedByOperators } from './used-actions.ts';

const OUTPUTS = {
  TableName: 'ledger',
  TopicArn: 'arn:aws-cn:sns:cn-north-1:999988887777:access-key-rotation',
  KeyArn: 'arn:aws-cn:kms:cn-north-1:999988887777:key/5678',
  ReportsBucket: 'access-key-rotation-reports-1a2b3c',
};
const GIVEN = { ...OUTPUTS, OrganizationId: AGREED.OrganizationId };

const template = readTemplate(file('operator-policy'));
const policyWith = (parameters: Readonly<Record<string, string>> = {}): Fields => {
  const [policy, ...others] = Object.values(create(template, { ...GIVEN, ...parameters }).resources);
  if (policy?.Type !== 'AWS::IAM::ManagedPolicy' || others.length > 0) throw new Error('not just a policy');
  return policy.Properties;
};
const rightsWith = (parameters: Readonly<Record<string, string>> = {}): readonly Statement[] =>
  statementsOf(policyWith(parameters)['PolicyDocument']);

describe('the policy of the operators', () => {
  it('allows what the commands send, and nothing else', () => {
    const aws = [
      'account',
      'cloudwatch',
      'dynamodb',
      'events', // none
      'lambda',
      'organizations',
      'scheduler',
      'sns',
      'sts',
    ];
    const actions = [...new Set(allowedActionsOf(rightsWith()))];
    const sent = actions.filter((action) => aws.includes(serviceOf(action)));
    // Asked for where a session has a source identity.
    expect(sent).to.deep.equal([...usedByOperators(...aws), 'sts:SetSourceIdentity'].sort());
    const others = new Set(actions.filter((action) => !aws.includes(serviceOf(action))));
    expect([...others]).to.deep.equal([
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      's3:GetObject',
      's3:ListBucket',
      'states:DescribeStateMachine',
    ]);
  });

  for (const [service, resources] of [
    ['dynamodb', ['arn:aws-cn:dynamodb:cn-north-1:999988887777:table/ledger']],
    ['organizations', ['*']],
    ['sts', ['arn:aws-cn:iam::*:role/access-key-rotation']],
  ] as const) {
    it(`allows it in ${service} on ${resources.join(', ')}`, () => {
      const allowing = rightsWith().filter(({ Effect }) => Effect === 'Allow');
      for (const action of usedByOperators(service)) {
        expect([...new Set(whereAllowed(allowing, action))], action).to.deep.equal(resources);
      }
    });
  }

  it('allows it in SNS on the topic, on those of single accounts, and on their subscriptions', () => {
    const { TopicArn } = GIVEN;
    const allowing = rightsWith().filter(({ Effect }) => Effect === 'Allow');
    for (const action of usedByOperators('sns')) {
      const where = action === 'sns:ListTopics' ? ['*'] : [TopicArn, `${TopicArn}:*`, `${TopicArn}-*`];
      expect(whereAllowed(allowing, action), action).to.deep.equal(where);
    }
  });

  it('allows nothing with keys, users and secrets: in every account operators are the member role', () => {
    const actions = allowedActionsOf(rightsWith());
    expect(actions.filter((action) => ['iam', 'secretsmanager'].includes(serviceOf(action)))).to.deep.equal(
      [],
    );
  });

  it('allows to enter by the role it is told, and to list the accounts by that role', () => {
    const OrganizationsRoleArn = 'arn:aws-cn:iam::111122223333:role/lister';
    const rights = rightsWith({ RoleName: 'rotator', RolePath: '/security/', OrganizationsRoleArn });
    expect(whereAllowed(rights, 'sts:AssumeRole')).to.deep.equal([
      'arn:aws-cn:iam::*:role/security/rotator',
      OrganizationsRoleArn,
    ]);
  });

  it('denies what would silence the alarms, whose topic is called like that of an account', async () => {
    const denied = rightsWith().filter(({ Effect }) => Effect === 'Deny');
    const { resources } = create((await packagedByDefault()).template);
    const name = textOf(resources['OperatorsTopic']?.Properties['TopicName']);
    const topic = `arn:aws-cn:sns:cn-north-1:999988887777:${name}`;
    expect(whereAllowed(denied, 'sns:Unsubscribe')).to.deep.equal([topic, `${topic}:*`]);
  });

  it('fits into what AWS takes of a managed policy', () => {
    const everything = { OrganizationsRoleArn: 'arn:aws-cn:iam::111122223333:role/security/lister' };
    const letters = JSON.stringify(policyWith(everything)['PolicyDocument']).length;
    expect(letters).to.be.below(6_144 - 500);
  });

  it('is not made without the organization, and says how to get it', () =>
    expect(() => policyWith({ OrganizationId: '' })).to.throw('OrganizationId must be what this prints'));

  it('goes by a name that a permission set can refer to', () => {
    expect(policyWith()).to.include({ ManagedPolicyName: 'access-key-rotation-operator' });
    expect(policyWith({ PolicyName: 'rotators' })).to.include({ ManagedPolicyName: 'rotators' });
  });

  it('is told by outputs of the service what is its', async () => {
    const { outputs } = create((await packagedByDefault()).template);
    expect(outputs).to.include.keys(Object.keys(OUTPUTS));
  });
});
