import { expect } from 'chai';
import { create, list, textOf, type Fields, type Resource, type Template } from './cloudformation.ts';
import { packagedByDefault } from './packaged.ts';
import { ofType, rightsOf, trustOf, type Statement } from './roles.ts';
import { roleOf } from './templates-for-accounts.ts';

const OWN = '999988887777';
/** Somewhere else, so that resources/member-role.yml makes a role at all. */
const ELSEWHERE = '111122223333';
const OperatorArn = `arn:aws-cn:iam::${OWN}:role/operators`;

describe('the member role of the account the service runs in', () => {
  let template: Template;

  const own = (parameters: Readonly<Record<string, string>> = {}): Resource => {
    const found = create(template, parameters).resources['OwnMemberRole'];
    if (found === undefined) throw new Error('the stack has no OwnMemberRole');
    return found;
  };
  /** What the stack set makes in other accounts, as it would be in this one. */
  const member = (parameters: Readonly<Record<string, string>> = {}): Resource => {
    const role = roleOf('member-role', { ServiceAccountId: ELSEWHERE, ...parameters });
    return JSON.parse(JSON.stringify(role).replaceAll(ELSEWHERE, OWN)) as Resource;
  };
  const withoutKeys = (role: Resource): readonly Statement[] =>
    rightsOf(role).filter(({ Sid }) => Sid !== 'EncryptSecrets');

  before(async function () {
    ({ template } = await packagedByDefault());
  });

  for (const [title, parameters] of [
    ['with nothing optional', {}],
    [
      'with everything',
      { RoleName: 'rotator', RolePath: '/security/', ExternalId: 'agreed-upon', OperatorArn },
    ],
  ] as const) {
    it(`goes by the same name and path, and trusts the same, ${title}`, () => {
      const { RoleName, Path, MaxSessionDuration } = member(parameters).Properties;
      expect(own(parameters).Properties).to.include({ RoleName, Path, MaxSessionDuration });
      expect(trustOf(own(parameters))).to.deep.equal(trustOf(member(parameters)));
    });
  }

  for (const UserPath of ['/', '/machines/']) {
    it(`may do the same, to users below ${UserPath}`, () => {
      expect(withoutKeys(own({ UserPath }))).to.have.length(7);
      expect(withoutKeys(own({ UserPath }))).to.deep.equal(withoutKeys(member({ UserPath })));
      const [policy] = list(own().Properties['Policies']) as readonly Fields[];
      const [other] = list(member().Properties['Policies']) as readonly Fields[];
      expect(policy?.['PolicyName']).to.equal(other?.['PolicyName']);
    });
  }

  it('may look up who uses a key only where that is wanted, as anywhere else', () => {
    const sids = rightsOf(own()).map(({ Sid }) => Sid);
    expect(sids).not.to.include('LookUpUsage');
    const AllowUsage = 'true';
    expect(withoutKeys(own({ AllowUsage }))).to.deep.equal(withoutKeys(member({ AllowUsage })));
    expect(rightsOf(own({ AllowUsage })).at(-1)).to.include({ Sid: 'LookUpUsage', Effect: 'Allow' });
    expect(() => own({ AllowUsage: 'yes' })).to.throw('allowUsage');
  });

  it('may use any key, through Secrets Manager and for its secrets only', () => {
    const others = rightsOf(own()).filter((one) => !withoutKeys(own()).some(({ Sid }) => Sid === one.Sid));
    expect(others).to.deep.equal([
      {
        Sid: 'EncryptSecrets',
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
        Resource: 'arn:aws-cn:kms:*:*:key/*',
        Condition: {
          StringEquals: { 'aws:ResourceOrgID': 'o-ab12cd34ef' },
          StringLike: {
            'kms:ViaService': 'secretsmanager.*.amazonaws.com.cn',
            'kms:EncryptionContext:SecretARN': `arn:aws-cn:secretsmanager:*:${OWN}:secret:access-key-rotation/*`,
          },
        },
      },
    ]);
  });

  it('is the one that the service may assume', () => {
    const { resources } = create(template, { RoleName: 'rotator', RolePath: '/security/' });
    const [trusted] = trustOf(resources['OwnMemberRole']!);
    const { RoleName } = resources['ServiceRole']!.Properties;
    expect((trusted?.Condition?.['ArnEquals'] as Fields)['aws:PrincipalArn']).to.deep.equal([
      `arn:aws-cn:iam::${OWN}:role/${textOf(RoleName)}`,
    ]);
    const entered = rightsOf(resources['ServiceRole']!).filter(({ Sid }) => Sid === 'EnterTheAccounts');
    expect(entered[0]?.Resource).to.deep.equal(['arn:aws-cn:iam::*:role/security/rotator']);
  });

  it('is the only role of the stack with rights to keys of users', () => {
    const having = ofType(create(template), 'AWS::IAM::Role').filter((role) =>
      JSON.stringify(rightsOf(role)).includes('AccessKey'),
    );
    expect(having.map(({ Properties }) => Properties['RoleName'])).to.deep.equal(['access-key-rotation']);
  });
});
