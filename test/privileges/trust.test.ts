import { expect } from 'chai';
import { trustOf } from '../deploy/roles.ts';
import { AGREED } from '../deploy/templates-for-accounts.ts';
import {
  FIRST_MEMBER,
  MANAGEMENT,
  memberRole,
  ORGANIZATIONS_ROLE,
  organizationsRole,
  ownMemberRole,
  SERVICE_ROLE,
  type Rights,
} from './deployed.ts';
import { EVERYTHING, isAllowed } from './simulate.ts';

const { OrganizationId: OURS, ExternalId: EXTERNAL_ID } = AGREED;
const OPERATORS = `arn:aws:iam::${MANAGEMENT}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Rotation_*`;

interface Stranger {
  /** As IAM knows the role. */
  readonly role: string;
  readonly account?: string;
  readonly externalId?: string | undefined;
  readonly organization?: string | undefined;
}

/** Whether a role that may do everything at home is let in. */
function isLetIn(
  trust: Rights,
  resource: string,
  stranger: Stranger,
  action = 'sts:AssumeRole',
): Promise<boolean> {
  const { role, account = MANAGEMENT, externalId, organization } = stranger;
  const context = {
    'aws:PrincipalArn': `arn:aws:iam::${account}:role/${role}`,
    ...(externalId === undefined ? {} : { 'sts:ExternalId': externalId }),
    ...(organization === undefined ? {} : { 'aws:PrincipalOrgID': organization }),
  };
  const principal = `arn:aws:sts::${account}:assumed-role/${role.split('/').at(-1) ?? ''}/run`;
  const question = { principal, action, resource, context };
  return isAllowed(question, { rights: EVERYTHING, ofResource: trust });
}

type Line = readonly [verdict: 'admits' | 'turns away', who: string, stranger: Stranger];

const service: Stranger = { role: SERVICE_ROLE, externalId: EXTERNAL_ID, organization: OURS };
const operator: Stranger = {
  role: 'aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Rotation_0123',
  organization: OURS,
};
const OTHER = '444455556666';

const OTHER_ROLES: readonly Line[] = [
  ['turns away', 'another role of that account', { ...service, role: 'developer' }],
  ['turns away', 'a role whose name begins alike', { ...service, role: `${SERVICE_ROLE}-2` }],
  ['turns away', 'a role of that name below a path', { ...service, role: `x/${SERVICE_ROLE}` }],
  ['turns away', 'a role of that name in another account', { ...service, account: OTHER }],
  ['turns away', 'a role of that name in another member', { ...service, account: '111111111199' }],
];
const ORGANIZATION: readonly Line[] = [
  ['turns away', 'it when it is in another organization', { ...service, organization: 'o-0000000000' }],
  ['turns away', 'it when it is in no organization', { ...service, organization: undefined }],
];

describe('the member role', () => {
  const resource = `arn:aws:iam::${FIRST_MEMBER}:role/access-key-rotation`;
  const check = (parameters: Readonly<Record<string, string>>, lines: readonly Line[]) => {
    const trust = trustOf(memberRole(FIRST_MEMBER, parameters));
    for (const [verdict, who, stranger] of lines) {
      it(`${verdict} ${who}`, async () => {
        expect(await isLetIn(trust, resource, stranger)).to.equal(verdict === 'admits');
      });
    }
  };

  describe('that knows nobody but the service', () => {
    check({}, [['turns away', 'an operator', { ...operator, externalId: EXTERNAL_ID }]]);
  });

  describe('that asks for an external id and the organization', () => {
    check({ ExternalId: EXTERNAL_ID, OrganizationId: OURS }, [
      ['admits', 'the role of the service', service],
      ...OTHER_ROLES,
      ...ORGANIZATION,
      ['turns away', 'it without an external id', { ...service, externalId: undefined }],
      ['turns away', 'it with another external id', { ...service, externalId: 'something-else' }],
      ['turns away', 'it with an external id in other letters', { ...service, externalId: 'Agreed-Upon' }],
    ]);
  });

  describe('that knows operators', () => {
    check({ OperatorArn: OPERATORS }, [
      ['admits', 'the role of the service', service],
      ['admits', 'an operator', { ...operator, externalId: EXTERNAL_ID }],
      ['turns away', 'an operator without the external id', operator],
      ['turns away', 'an operator of another account', { ...service, ...operator, account: OTHER }],
      ['turns away', 'a role that only looks like one', { ...service, role: 'AWSReservedSSO_Rotation_0123' }],
    ]);
  });
});

describe('the member role of the account of the service', function () {
  this.timeout(60_000);
  const resource = `arn:aws:iam::${MANAGEMENT}:role/access-key-rotation`;
  for (const [verdict, who, stranger] of [
    ['admits', 'the role of the service', service],
    ['admits', 'an operator', { ...operator, externalId: EXTERNAL_ID }],
    ['turns away', 'an operator without the external id', operator],
    ['turns away', 'it without an external id', { ...service, externalId: undefined }],
    ['turns away', 'an administrator of that account', { ...service, role: 'administrator' }],
    ...OTHER_ROLES,
    ...ORGANIZATION,
  ] as readonly Line[]) {
    it(`${verdict} ${who}`, async () => {
      const role = await ownMemberRole(MANAGEMENT, { OperatorArn: OPERATORS });
      expect(await isLetIn(trustOf(role), resource, stranger)).to.equal(verdict === 'admits');
    });
  }
});

describe('the role that lists the accounts', () => {
  const OperatorArn = OPERATORS.replace(MANAGEMENT, FIRST_MEMBER);
  const trust = trustOf(
    organizationsRole({ ServiceAccountId: FIRST_MEMBER, OrganizationId: OURS, OperatorArn }),
  );
  const at = (line: Line): Line => {
    const [verdict, who, stranger] = line;
    return [verdict, who, { account: FIRST_MEMBER, ...stranger }];
  };
  const lines: readonly Line[] = [
    ['admits', 'the role of the service', service],
    ['admits', 'an operator', { ...service, ...operator }],
    ['turns away', 'an operator of another account', { ...service, ...operator, account: OTHER }],
    ...OTHER_ROLES,
    ...ORGANIZATION,
  ];
  for (const [verdict, who, stranger] of lines.map(at)) {
    it(`${verdict} ${who}`, async () => {
      expect(await isLetIn(trust, ORGANIZATIONS_ROLE, stranger)).to.equal(verdict === 'admits');
    });
  }
});

/** A session that says who it was at first is turned away where this isn't allowed. It lets nobody in. */
describe('the source identity of a session', () => {
  const of = (name: string, accountId: string) => `arn:aws:iam::${accountId}:role/${name}`;
  const TRUSTS = [
    [
      'the member role',
      of('access-key-rotation', FIRST_MEMBER),
      () => trustOf(memberRole(FIRST_MEMBER, { OperatorArn: OPERATORS })),
    ],
    [
      'the member role of the account of the service',
      of('access-key-rotation', MANAGEMENT),
      async () => trustOf(await ownMemberRole(MANAGEMENT, { OperatorArn: OPERATORS })),
    ],
    [
      'the role that lists the accounts',
      ORGANIZATIONS_ROLE,
      () => trustOf(organizationsRole({ OperatorArn: OPERATORS })),
    ],
  ] as const;
  const LINES: readonly Line[] = [
    ['admits', 'an operator', operator],
    ['admits', 'the role of the service', service],
    ['turns away', 'an operator of another organization', { ...operator, organization: 'o-0000000000' }],
    ['turns away', 'another role of that account', { ...service, role: 'developer' }],
  ];
  for (const [title, resource, trust] of TRUSTS) {
    for (const [verdict, who, stranger] of LINES) {
      const may = verdict === 'admits' ? 'may be taken along into' : 'may not be taken along into';
      it(`${may} ${title}: ${who}`, async function () {
        this.timeout(60_000);
        const found = await isLetIn(await trust(), resource, stranger, 'sts:SetSourceIdentity');
        expect(found).to.equal(verdict === 'admits');
      });
    }
  }
});
