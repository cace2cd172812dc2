import { expect } from 'chai';
import {
  FIRST_MEMBER,
  MANAGEMENT,
  memberRights,
  OF_THE_ORGANIZATION,
  operatorRights,
  organizationsRights,
  ownMemberRights,
  serviceRights,
  type Rights,
} from './deployed.ts';
import { REGION } from '../support/world.ts';
import { allowedOf, EVERYTHING, isAllowed } from './simulate.ts';

const ROLE = `arn:aws:iam::${FIRST_MEMBER}:role/access-key-rotation`;
const principal = `arn:aws:sts::${FIRST_MEMBER}:assumed-role/access-key-rotation/run`;
const user = (name: string, account = FIRST_MEMBER) => `arn:aws:iam::${account}:user/${name}`;
const secret = (name: string, account = FIRST_MEMBER) =>
  `arn:aws:secretsmanager:${REGION}:${account}:secret:${name}`;
const key = (id: string) => `arn:aws:kms:${REGION}:${FIRST_MEMBER}:key/${id}`;
const via = (service: string) => ({ 'kms:ViaService': `${service}.${REGION}.amazonaws.com` });
const ELSEWHERE = { 'aws:ResourceOrgID': 'o-0000000000' };

const ON_USERS = [
  'CreateAccessKey',
  'DeleteAccessKey',
  'GetAccessKeyLastUsed',
  'ListAccessKeys',
  'ListUserTags',
  'UpdateAccessKey',
];
const ON_SECRETS = [
  'CreateSecret',
  'DescribeSecret',
  'GetResourcePolicy',
  'PutResourcePolicy',
  'PutSecretValue',
  'RemoveRegionsFromReplication',
  'ReplicateSecretToRegions',
  'TagResource',
  'UpdateSecretVersionStage',
];
const LISTS = [
  'iam:GenerateCredentialReport',
  'iam:GetAccountSummary',
  'iam:GetCredentialReport',
  'iam:ListUsers',
];
const group = (name: string, account = FIRST_MEMBER) => `arn:aws:iam::${account}:group/${name}`;

type Line = readonly [
  verdict: 'may' | 'may not',
  title: string,
  action: string,
  resource: string,
  context?: Readonly<Record<string, string>>,
];

const TABLE: readonly Line[] = [
  ...ON_USERS.flatMap((name): readonly Line[] => [
    ['may', 'a user below the path', `iam:${name}`, user('machines/ann')],
    ['may', 'a user deeper below the path', `iam:${name}`, user('machines/night/ann')],
    ['may not', 'a user of another path', `iam:${name}`, user('people/ann')],
    ['may not', 'a user of no path', `iam:${name}`, user('ann')],
    ['may not', 'a user whose path begins alike', `iam:${name}`, user('machines2/ann')],
    ['may not', "another account's user", `iam:${name}`, user('machines/ann', MANAGEMENT)],
  ]),
  ['may', 'a group', 'iam:GetGroup', group('ci')],
  ['may', 'a group of a path', 'iam:GetGroup', group('teams/ci')],
  ['may not', "another account's group", 'iam:GetGroup', group('ci', MANAGEMENT)],
  ...['AddUserToGroup', 'AttachGroupPolicy', 'PutGroupPolicy', 'RemoveUserFromGroup', 'UpdateGroup'].map(
    (name): Line => ['may not', 'even a group it can read', `iam:${name}`, group('ci')],
  ),
  ...ON_SECRETS.map((name) => `secretsmanager:${name}`).flatMap((action): readonly Line[] => [
    ['may', 'a secret of the rotation', action, secret('access-key-rotation/ann-AbCdEf')],
    ['may not', 'a secret of another prefix', action, secret('payments/ann-AbCdEf')],
    ['may not', 'a secret whose prefix begins alike', action, secret('access-key-rotation2/ann-AbCdEf')],
    ['may not', 'a secret with the prefix further in', action, secret('x/access-key-rotation/ann-AbCdEf')],
    ['may not', "another account's secret", action, secret('access-key-rotation/ann-AbCdEf', MANAGEMENT)],
  ]),
  ...[
    'GetSecretValue',
    'DeleteSecret', // without a word on how long it can be restored
    'DeleteResourcePolicy',
    'StopReplicationToReplica',
    'UpdateSecret',
  ].map((name): Line => [
    'may not',
    'even a secret of the rotation',
    `secretsmanager:${name}`,
    secret('access-key-rotation/ann-AbCdEf'),
  ]),
  ...(
    [
      ['may', 'so that it can be restored for 30 days', { 'secretsmanager:RecoveryWindowInDays': '30' }],
      ['may not', 'any sooner', { 'secretsmanager:RecoveryWindowInDays': '7' }],
      ['may not', 'at once', { 'secretsmanager:ForceDeleteWithoutRecovery': 'true' }],
    ] as const
  ).map(([verdict, title, context]): Line => [
    verdict,
    `a secret of the rotation, ${title}`,
    'secretsmanager:DeleteSecret',
    secret('access-key-rotation/ann-AbCdEf'),
    context,
  ]),
  [
    'may not',
    'a secret of another prefix, even so that it can be restored',
    'secretsmanager:DeleteSecret',
    secret('payments/ann-AbCdEf'),
    { 'secretsmanager:RecoveryWindowInDays': '30' },
  ],
  ...[
    'AttachUserPolicy',
    'CreateLoginProfile',
    'CreateServiceSpecificCredential',
    'CreateUser',
    'DeleteLoginProfile',
    'DeleteUser',
    'DeleteUserPermissionsBoundary',
    'DeleteUserPolicy',
    'DetachUserPolicy',
    'PutUserPermissionsBoundary',
    'PutUserPolicy',
    'TagUser',
    'UpdateLoginProfile',
    'UpdateUser',
    'UntagUser',
  ].map((name): Line => ['may not', 'even a user below the path', `iam:${name}`, user('machines/ann')]),
  ...[
    'AttachRolePolicy',
    'DeleteRole',
    'DeleteRolePermissionsBoundary',
    'DeleteRolePolicy',
    'PassRole',
    'PutRolePermissionsBoundary',
    'PutRolePolicy',
    'UpdateAssumeRolePolicy',
    'UpdateRole',
  ].map((name): Line => ['may not', 'itself', `iam:${name}`, ROLE]),
  ['may not', 'another role', 'iam:CreateRole', `arn:aws:iam::${FIRST_MEMBER}:role/other`],
  ['may not', 'another role', 'sts:AssumeRole', `arn:aws:iam::${FIRST_MEMBER}:role/other`],
  ['may not', 'a policy', 'iam:CreatePolicyVersion', `arn:aws:iam::${FIRST_MEMBER}:policy/admins`],
  ...['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'].flatMap((action): readonly Line[] => [
    ['may', 'the key for secrets, through Secrets Manager', action, key('1234'), via('secretsmanager')],
    ['may not', 'the key for secrets by itself', action, key('1234')],
    ['may not', 'the key for secrets through another service', action, key('1234'), via('s3')],
    ['may not', 'another key through Secrets Manager', action, key('5678'), via('secretsmanager')],
    [
      'may not',
      'the key for secrets in another organization',
      action,
      key('1234'),
      { ...via('secretsmanager'), ...ELSEWHERE },
    ],
  ]),
];

describe('with a user path, the member role', () => {
  const rights: Rights = memberRights(FIRST_MEMBER, { UserPath: '/machines/' });
  for (const [verdict, title, action, resource, context = {}] of TABLE) {
    it(`${verdict} ${action}: ${title}`, async () => {
      const question = { principal, action, resource, context: { ...OF_THE_ORGANIZATION, ...context } };
      expect(await isAllowed(question, { rights })).to.equal(verdict === 'may');
    });
  }
});

describe('of all that AWS has, the member role', () => {
  const rights: Rights = memberRights();
  for (const [service, allowed] of [
    ['iam', [...LISTS, 'iam:GetGroup', ...ON_USERS.map((name) => `iam:${name}`)].sort()],
    ['secretsmanager', ['ListSecrets', ...ON_SECRETS].map((name) => `secretsmanager:${name}`).sort()],
    ['sts', ['sts:GetCallerIdentity']], // nobody can be denied it
    ['organizations', []],
    ['kms', []], // not without Secrets Manager
  ] as const) {
    it(`may do in ${service} ${allowed.length === 0 ? 'nothing' : 'only what is on its list'}`, async () => {
      expect(await allowedOf(service, principal, { rights })).to.deep.equal(allowed);
    });
  }
});

describe('whatever else is attached to it, no role of the service', () => {
  for (const [role, rightsOf] of [
    ['member role', () => memberRights()],
    ['own member role', ownMemberRights],
    ['role of the function', serviceRights],
    ['organizations role', organizationsRights],
    ['role of operators', () => operatorRights()],
  ] as const) {
    for (const action of ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue']) {
      it(`may ${action}: the ${role}`, async () => {
        const rights = [...EVERYTHING, ...(await rightsOf())];
        const resource = action.includes('Batch') ? '*' : secret('access-key-rotation/ann-AbCdEf');
        expect(await isAllowed({ principal, action, resource }, { rights })).to.equal(false);
      });
    }

    it(`may read what a secret lets it read, as by a policy it wrote there itself: the ${role}`, async () => {
      const ofResource = [
        { Effect: 'Allow', Principal: { AWS: principal }, Action: 'secretsmanager:*', Resource: '*' },
      ];
      const question = { principal, resource: secret('access-key-rotation/ann-AbCdEf') };
      const may = async (action: string) =>
        isAllowed({ ...question, action }, { rights: await rightsOf(), ofResource });
      expect(await may('secretsmanager:GetSecretValue')).to.equal(false);
      expect(await may('secretsmanager:DescribeSecret')).to.equal(true); // the policy does let it in
    });
  }
});
