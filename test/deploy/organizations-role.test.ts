import { expect } from 'chai';
import { allowedActionsOf, rightsOf, trustOf } from './roles.ts';
import { AGREED, roleOf } from './templates-for-accounts.ts';
import { usedActions } from './used-actions.ts';

const organizationsRole = (parameters: Readonly<Record<string, string>> = {}) =>
  roleOf('organizations-role', { ServiceAccountId: '111122223333', ...parameters });

const serviceRole = 'arn:aws-cn:iam::111122223333:role/access-key-rotation-service';
/** Of the function that lists the accounts in a run by map. */
const listRole = 'arn:aws-cn:iam::111122223333:role/access-key-rotation-list';
const ofTheOrganization = { 'aws:PrincipalOrgID': AGREED.OrganizationId };
const fromTheService = {
  ArnEquals: { 'aws:PrincipalArn': [serviceRole, listRole] },
  StringEquals: ofTheOrganization,
};
const ROOT = 'arn:aws-cn:iam::111122223333:root';

describe('the role in the management account', () => {
  it('trusts two roles of the account of the service, by their names', () =>
    expect(trustOf(organizationsRole())).to.deep.equal([
      { Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'sts:AssumeRole', Condition: fromTheService },
      {
        Effect: 'Allow',
        Principal: { AWS: ROOT },
        Action: 'sts:SetSourceIdentity',
        Condition: fromTheService,
      },
    ]));

  it('can admit the people who use the command line from there', () => {
    const OperatorArn = 'arn:aws-cn:iam::111122223333:role/operators';
    expect(trustOf(organizationsRole({ OperatorArn }))[0]?.Condition).to.deep.equal({
      ArnEquals: { 'aws:PrincipalArn': [serviceRole, listRole, OperatorArn] },
      StringEquals: ofTheOrganization,
    });
  });

  it('is not made without the organization, and says how to get it', () =>
    expect(() => organizationsRole({ OrganizationId: '' })).to.throw(
      'OrganizationId must be what this prints',
    ));

  it('may list the accounts, and nothing else', () =>
    expect(allowedActionsOf(rightsOf(organizationsRole()))).to.deep.equal(usedActions('organizations')));

  it('goes by the name, the path and the boundary it is given', () => {
    const PermissionsBoundary = 'arn:aws-cn:iam::999988887777:policy/boundary';
    expect(organizationsRole().Properties).to.include({
      RoleName: 'access-key-rotation-organizations',
      Path: '/',
    });
    expect(
      organizationsRole({ RoleName: 'lister', RolePath: '/security/', PermissionsBoundary }).Properties,
    ).to.include({ RoleName: 'lister', Path: '/security/', PermissionsBoundary });
  });
});
