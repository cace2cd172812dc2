import { expect } from 'chai';
import { create, PSEUDO_PARAMETERS, readTemplate } from './cloudformation.ts';
import { actionsOf, allowedActionsOf, rightsOf, trustOf, whereAllowed } from './roles.ts';
import { REQUIRED } from './packaged.ts';
import { AGREED, file, roleOf } from './templates-for-accounts.ts';
import { usedActions } from './used-actions.ts';

const SERVICE = '111122223333';

const memberRole = (parameters: Readonly<Record<string, string>> = {}) =>
  roleOf('member-role', { ServiceAccountId: SERVICE, ...parameters });
const conditionOf = (parameters: Readonly<Record<string, string>>) =>
  trustOf(memberRole(parameters)).map(({ Condition }) => Condition);

const serviceRole = `arn:aws-cn:iam::${SERVICE}:role/access-key-rotation-service`;
const by = (...roles: readonly string[]) => ({ ArnEquals: { 'aws:PrincipalArn': roles } });
const agreed = {
  'sts:ExternalId': REQUIRED.externalId,
  'aws:PrincipalOrgID': REQUIRED.organizationId,
};
const ofTheOrganization = { 'aws:PrincipalOrgID': REQUIRED.organizationId };

describe('the role in a member account', () => {
  it('is not made in the account of the service, whose stack makes it there', () => {
    const template = readTemplate(file('member-role'));
    const own = create(template, { ...AGREED, ServiceAccountId: PSEUDO_PARAMETERS['AWS::AccountId'] });
    expect(own).to.deep.equal({ resources: {}, outputs: {} });
    const other = create(template, { ...AGREED, ServiceAccountId: SERVICE });
    expect(other.outputs).to.deep.equal({ RoleArn: 'MemberRole.Arn' });
  });

  for (const name of ['ExternalId', 'OrganizationId'] as const) {
    it(`is not made without ${name}, and says how to get it`, () => {
      const template = readTemplate(file('member-role'));
      const { [name]: _, ...rest } = AGREED;
      expect(() => create(template, { ServiceAccountId: SERVICE, ...rest })).to.throw(`${name} has no value`);
      expect(() => memberRole({ [name]: '' })).to.throw(`${name}: ${name} must be `);
    });
  }

  it('trusts one role of the account of the service, by its name, if it knows the external id', () =>
    expect(trustOf(memberRole())).to.deep.equal([
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws-cn:iam::${SERVICE}:root` },
        Action: 'sts:AssumeRole',
        Condition: { ...by(serviceRole), StringEquals: agreed },
      },
      // For people whose sessions have a source identity: it lets nobody in by itself.
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws-cn:iam::${SERVICE}:root` },
        Action: 'sts:SetSourceIdentity',
        Condition: { ...by(serviceRole), StringEquals: ofTheOrganization },
      },
    ]));

  it('can admit the people who use the command line from there', () => {
    const OperatorArn = `arn:aws-cn:iam::${SERVICE}:role/operators`;
    expect(conditionOf({ OperatorArn })).to.deep.equal([
      { ...by(serviceRole, OperatorArn), StringEquals: agreed },
      { ...by(serviceRole, OperatorArn), StringEquals: ofTheOrganization },
    ]);
  });

  it('may do exactly what the code does in an account', () =>
    expect(allowedActionsOf(rightsOf(memberRole()))).to.deep.equal(usedActions('iam', 'secretsmanager')));

  it('may do it to users, groups and secrets of the rotation, in its own account', () => {
    const rights = rightsOf(memberRole());
    for (const action of usedActions('iam', 'secretsmanager')) {
      const where = [
        'iam:GenerateCredentialReport',
        'iam:GetAccountSummary',
        'iam:GetCredentialReport',
        'iam:ListUsers',
        'secretsmanager:ListSecrets',
      ].includes(action)
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
      Condition: {
        StringEquals: { 'aws:ResourceOrgID': REQUIRED.organizationId },
        StringLike: { 'kms:ViaService': 'secretsmanager.*.amazonaws.com.cn' },
      },
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

  it('may look up who uses a key only where that is wanted', () => {
    expect(whereAllowed(rightsOf(memberRole()), 'cloudtrail:LookupEvents')).to.deep.equal([]);
    expect(rightsOf(memberRole({ AllowUsage: 'true' })).at(-1)).to.deep.equal({
      Sid: 'LookUpUsage',
      Effect: 'Allow',
      Action: ['cloudtrail:LookupEvents'],
      Resource: '*',
    });
    expect(() => memberRole({ AllowUsage: 'yes' })).to.throw('AllowUsage');
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
