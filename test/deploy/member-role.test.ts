import { expect } from 'chai';
import { create, PSEUDO_PARAMETERS, readTemplate } from './cloudformation.ts';
import { actionsOf, allowedActionsOf, rightsOf, trustOf, whereAllowed } from './roles.ts';
import { file, roleOf } from './templates-for-accounts.ts';
import { usedActions } from './used-actions.ts';

const SERVICE = '111122223333';

const memberRole = (parameters: Readonly<Record<string, string>> = {}) =>
  roleOf('member-role', { ServiceAccountId: SERVICE, ...parameters });
const conditionOf = (parameters: Readonly<Record<string, string>>) =>
  trustOf(memberRole(parameters)).map(({ Condition }) => Condition);

const serviceRole = `arn:aws-cn:iam::${SERVICE}:role/access-key-rotation-service`;
const fromTheService = { ArnEquals: { 'aws:PrincipalArn': [serviceRole] } };

describe('the role in a member account', () => {
  it('is not made in the account of the service, whose stack makes it there', () => {
    const template = readTemplate(file('member-role'));
    const own = create(template, { ServiceAccountId: PSEUDO_PARAMETERS['AWS::AccountId'] });
    expect(own).to.deep.equal({ resources: {}, outputs: {} });
    const other = create(template, { ServiceAccountId: SERVICE });
    expect(other.outputs).to.deep.equal({ RoleArn: 'MemberRole.Arn' });
  });

  it('trusts one role of the account of the service, by its name', () =>
    expect(trustOf(memberRole())).to.deep.equal([
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws-cn:iam::${SERVICE}:root` },
        Action: 'sts:AssumeRole',
        Condition: fromTheService,
      },
    ]));

  it('can admit the people who use the command line from there', () => {
    const OperatorArn = `arn:aws-cn:iam::${SERVICE}:role/operators`;
    expect(conditionOf({ OperatorArn })).to.deep.equal([
      { ArnEquals: { 'aws:PrincipalArn': [serviceRole, OperatorArn] } },
    ]);
  });

  it('can ask for an external id', () =>
    expect(conditionOf({ ExternalId: 'agreed-upon' })).to.deep.equal([
      { ...fromTheService, StringEquals: { 'sts:ExternalId': 'agreed-upon' } },
    ]));

  it('can ask for the organization', () =>
    expect(conditionOf({ OrganizationId: 'o-ab12cd34ef' })).to.deep.equal([
      { ...fromTheService, StringEquals: { 'aws:PrincipalOrgID': 'o-ab12cd34ef' } },
    ]));

  it('can ask for both', () =>
    expect(conditionOf({ ExternalId: 'agreed-upon', OrganizationId: 'o-ab12cd34ef' })).to.deep.equal([
      {
        ...fromTheService,
        StringEquals: { 'sts:ExternalId': 'agreed-upon', 'aws:PrincipalOrgID': 'o-ab12cd34ef' },
      },
    ]));

  it('may do exactly what the code does in an account', () =>
    expect(allowedActionsOf(rightsOf(memberRole()))).to.deep.equal(usedActions('iam', 'secretsmanager')));

  it('may do it to users, groups and secrets of the rotation, in its own account', () => {
    const rights = rightsOf(memberRole());
    for (const action of usedActions('iam', 'secretsmanager')) {
      const where = ['iam:ListUsers', 'iam:GetAccountSummary', 'secretsmanager:ListSecrets'].includes(action)
        ? '*'
        : action === 'iam:GetGroup'
          ? 'arn:aws-cn:iam::999988887777:group/*'
          : action.startsWith('iam:')
            ? 'arn:aws-cn:iam::999988887777:user/*'
            : 'arn:aws-cn:secretsmanager:*:999988887777:secret:access-key-rotation/*';
      expect(whereAllowed(rights, action), action).to.deep.equal([where]);
    }
  });

  it('can be kept to the users below a path', () => {
    const rights = rightsOf(memberRole({ UserPath: '/machines/' }));
    expect(whereAllowed(rights, 'iam:CreateAccessKey')).to.deep.equal([
      'arn:aws-cn:iam::999988887777:user/machines/*',
    ]);
  });

  it('may use a key for secrets if there is one, through Secrets Manager', () => {
    expect(actionsOf(rightsOf(memberRole())).filter((action) => action.startsWith('kms:'))).to.deep.equal([]);
    const SecretKmsKeyArn = 'arn:aws-cn:kms:cn-north-1:999988887777:key/1234';
    expect(rightsOf(memberRole({ SecretKmsKeyArn })).at(-1)).to.deep.equal({
      Sid: 'EncryptSecrets',
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
      Resource: [SecretKmsKeyArn],
      Condition: { StringLike: { 'kms:ViaService': 'secretsmanager.*.amazonaws.com.cn' } },
    });
  });

  it('may use the keys of several regions, where secrets are replicated', () => {
    const keys = ['cn-north-1:999988887777:key/1234', 'cn-northwest-1:999988887777:key/5678'].map(
      (rest) => `arn:aws-cn:kms:${rest}`,
    );
    const rights = rightsOf(memberRole({ SecretKmsKeyArn: keys.join(',') }));
    expect(whereAllowed(rights, 'kms:Encrypt')).to.deep.equal(keys);
    expect(() => memberRole({ SecretKmsKeyArn: `${keys[0] ?? ''}, ` })).to.throw('SecretKmsKeyArn');
  });

  it('goes by the name, the path and the boundary it is given', () => {
    const PermissionsBoundary = 'arn:aws-cn:iam::999988887777:policy/boundary';
    expect(memberRole().Properties).to.include({ RoleName: 'access-key-rotation', Path: '/' });
    expect(memberRole().Properties).not.to.have.property('PermissionsBoundary');
    expect(
      memberRole({ RoleName: 'rotator', RolePath: '/security/', PermissionsBoundary }).Properties,
    ).to.include({ RoleName: 'rotator', Path: '/security/', PermissionsBoundary });
  });
});
