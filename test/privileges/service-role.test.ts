import { expect } from 'chai';
import { REGION } from '../support/world.ts';
import {
  FIRST_MEMBER,
  MANAGEMENT,
  OF_THE_ORGANIZATION,
  ORGANIZATIONS_ROLE,
  serviceRights,
  SERVICE_ROLE,
  type Rights,
} from './deployed.ts';
import { allowedOf, isAllowed } from './simulate.ts';

const principal = `arn:aws:sts::${MANAGEMENT}:assumed-role/${SERVICE_ROLE}/run`;
const role = (name: string, account = FIRST_MEMBER) => `arn:aws:iam::${account}:role/${name}`;
const own = (service: string, rest: string, account = MANAGEMENT) =>
  `arn:aws:${service}:${REGION}:${account}:${rest}`;
const via = (service: string) => ({ 'kms:ViaService': `${service}.${REGION}.amazonaws.com` });
const forSecret = (name: string) => ({
  ...via('secretsmanager'),
  'kms:EncryptionContext:SecretARN': own('secretsmanager', `secret:${name}`),
});

const TABLES = ['DeleteItem', 'PutItem', 'Query', 'UpdateItem'].map((name) => `dynamodb:${name}`);
const KEYS = ['CreateAccessKey', 'DeleteAccessKey', 'ListAccessKeys', 'ListUserTags', 'UpdateAccessKey'].map(
  (name) => `iam:${name}`,
);

const SECRETS = [
  'CreateSecret',
  'DescribeSecret',
  'GetSecretValue',
  'PutResourcePolicy',
  'PutSecretValue',
  'ReplicateSecretToRegions',
  'UpdateSecretVersionStage',
].map((name) => `secretsmanager:${name}`);

/** Where its calls come from, and where they go, unless a line says otherwise. */
const USUAL = {
  'lambda:SourceFunctionArn': own('lambda', 'function:access-key-rotation'),
  ...OF_THE_ORGANIZATION,
};
const from = (name: string) => ({ 'lambda:SourceFunctionArn': own('lambda', `function:${name}`) });
const ELSEWHERE = { 'aws:ResourceOrgID': 'o-0000000000' };
/** As if a call had no such key. */
const NO_FUNCTION = { 'lambda:SourceFunctionArn': '' };

type Line = readonly [
  verdict: 'may' | 'may not',
  title: string,
  action: string,
  resource: string,
  context?: Readonly<Record<string, string>>,
];

const LINES: readonly Line[] = [
  ['may', 'the member role of an account', 'sts:AssumeRole', role('access-key-rotation')],
  ['may', 'that of its own account', 'sts:AssumeRole', role('access-key-rotation', MANAGEMENT)],
  ['may', 'the role that lists the accounts', 'sts:AssumeRole', ORGANIZATIONS_ROLE],
  ...[
    'OrganizationAccountAccessRole',
    'access-key-rotation-admin',
    'admin/access-key-rotation',
    'access-key-rotation-organizations', // of a member, not of the management account
  ].map((name): Line => ['may not', name, 'sts:AssumeRole', role(name)]),
  ...[role('access-key-rotation'), ORGANIZATIONS_ROLE].flatMap((resource): readonly Line[] => [
    ['may not', 'a role of another organization', 'sts:AssumeRole', resource, ELSEWHERE],
    ['may not', 'from another function', 'sts:AssumeRole', resource, from('payments')],
    [
      'may not',
      'from a function whose name begins alike',
      'sts:AssumeRole',
      resource,
      from('access-key-rotation2'),
    ],
    ['may not', 'from its watch', 'sts:AssumeRole', resource, from('access-key-rotation-watch')],
    ['may', 'from a version of its function', 'sts:AssumeRole', resource, from('access-key-rotation:7')],
    ['may not', 'from no function', 'sts:AssumeRole', resource, NO_FUNCTION],
  ]),
  ...TABLES.flatMap((action): readonly Line[] => [
    ['may', 'the ledger', action, own('dynamodb', 'table/access-key-rotation')],
    ['may not', 'another table', action, own('dynamodb', 'table/access-key-rotation-2')],
    [
      'may not',
      "another account's table",
      action,
      own('dynamodb', 'table/access-key-rotation', FIRST_MEMBER),
    ],
  ]),
  ['may', 'tell the operators', 'sns:Publish', own('sns', 'access-key-rotation-operators')],
  [
    'may',
    'the stream of its table',
    'dynamodb:GetRecords',
    own('dynamodb', 'table/access-key-rotation/stream/x'),
  ],
  ['may not', 'another stream', 'dynamodb:GetRecords', own('dynamodb', 'table/payments/stream/x')],
  [
    'may not',
    'from its journal',
    'sts:AssumeRole',
    role('access-key-rotation'),
    from('access-key-rotation-journal'),
  ],
  ['may not', 'the ledger', 'dynamodb:DeleteTable', own('dynamodb', 'table/access-key-rotation')],
  ['may not', 'the ledger', 'dynamodb:Scan', own('dynamodb', 'table/access-key-rotation')],
  ...['sns:Publish', 'sns:ListSubscriptionsByTopic', 'sns:GetSubscriptionAttributes'].flatMap(
    (action): readonly Line[] => [
      ['may', 'its topic', action, own('sns', 'access-key-rotation')],
      ['may', 'the topic of one account', action, own('sns', `access-key-rotation-${FIRST_MEMBER}`)],
      ['may not', 'another topic', action, own('sns', 'payments')],
      ['may not', 'a topic whose name begins alike', action, own('sns', 'access-key-rotations')],
      ['may not', "another account's topic", action, own('sns', 'access-key-rotation', FIRST_MEMBER)],
    ],
  ),
  ...['Subscribe', 'CreateTopic', 'DeleteTopic', 'SetTopicAttributes'].map((name): Line => [
    'may not',
    'its topic',
    `sns:${name}`,
    own('sns', 'access-key-rotation'),
  ]),
  ['may', 'the default bus', 'events:PutEvents', own('events', 'event-bus/default')],
  ['may not', 'another bus', 'events:PutEvents', own('events', 'event-bus/payments')],
  ['may not', "another account's bus", 'events:PutEvents', own('events', 'event-bus/default', FIRST_MEMBER)],
  ['may not', 'a rule of its bus', 'events:PutRule', own('events', 'rule/redeploy')],
  ['may not', 'a group of its own account', 'iam:GetGroup', `arn:aws:iam::${MANAGEMENT}:group/ci`],
  ['may not', "another account's group", 'iam:GetGroup', `arn:aws:iam::${FIRST_MEMBER}:group/ci`],
  ['may', 'the reports', 's3:PutObject', 'arn:aws:s3:::access-key-rotation-reports/reports/runs/x'],
  [
    'may not',
    'the reports, from its watch',
    's3:PutObject',
    'arn:aws:s3:::access-key-rotation-reports/reports/runs/x',
    from('access-key-rotation-watch'),
  ],
  ['may not', 'the files of a map', 's3:PutObject', 'arn:aws:s3:::access-key-rotation-reports/runs/x'],
  ['may not', 'the reports', 's3:GetObject', 'arn:aws:s3:::access-key-rotation-reports/reports/runs/x'],
  ['may not', 'the reports', 's3:DeleteObject', 'arn:aws:s3:::access-key-rotation-reports/reports/runs/x'],
  ['may', 'its queue', 'sqs:SendMessage', own('sqs', 'access-key-rotation-failed-runs')],
  ['may not', 'another queue', 'sqs:SendMessage', own('sqs', 'payments')],
  ['may not', 'its queue', 'sqs:ReceiveMessage', own('sqs', 'access-key-rotation-failed-runs')],
  ...KEYS.flatMap((action): readonly Line[] => [
    ['may not', 'a user of its own account', action, `arn:aws:iam::${MANAGEMENT}:user/ann`],
    ['may not', "another account's user", action, `arn:aws:iam::${FIRST_MEMBER}:user/ann`],
  ]),
  ...['PutRolePolicy', 'AttachRolePolicy', 'UpdateAssumeRolePolicy', 'PassRole', 'DeleteRole'].map(
    (name): Line => ['may not', 'itself', `iam:${name}`, role(SERVICE_ROLE, MANAGEMENT)],
  ),
  ...['PutUserPolicy', 'AttachUserPolicy', 'CreateLoginProfile', 'CreateUser', 'DeleteUser'].map(
    (name): Line => [
      'may not',
      'a user of its own account',
      `iam:${name}`,
      `arn:aws:iam::${MANAGEMENT}:user/ann`,
    ],
  ),
  ...[
    ['access-key-rotation/ann-AbCdEf', 'a secret of the rotation'],
    [`access-key-rotation/central/${FIRST_MEMBER}/ann-AbCdEf`, 'a central secret'],
  ].flatMap(([name = '', title = '']): readonly Line[] => [
    ...SECRETS.map((action): Line => ['may not', title, action, own('secretsmanager', `secret:${name}`)]),
    ...['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'].map((action): Line => [
      'may not',
      `any key, for ${title}`,
      action,
      own('kms', 'key/1234'),
      forSecret(name),
    ]),
  ]),
  ...['dynamodb', 's3', 'sns', 'sqs'].map((service): Line => [
    'may',
    `its key, through ${service}`,
    'kms:Decrypt',
    own('kms', 'key/5678'),
    via(service),
  ]),
  ['may not', 'its key by itself', 'kms:Decrypt', own('kms', 'key/5678')],
  ...(
    [
      ['may', 'from its watch', from('access-key-rotation-watch')],
      ['may not', 'from another function', from('payments')],
      ['may', 'from Lambda itself, which names no function', NO_FUNCTION],
      ['may not', 'in another organization', ELSEWHERE],
    ] as const
  ).map(([verdict, title, context]): Line => [
    verdict,
    `its key, through SQS, ${title}`,
    'kms:GenerateDataKey',
    own('kms', 'key/5678'),
    { ...via('sqs'), ...context },
  ]),
  ['may not', 'its key through another service', 'kms:Decrypt', own('kms', 'key/5678'), via('ssm')],
  ['may not', 'another key through SNS', 'kms:Decrypt', own('kms', 'key/1234'), via('sns')],
  [
    'may not',
    'its key, through DynamoDB',
    'kms:ScheduleKeyDeletion',
    own('kms', 'key/5678'),
    via('dynamodb'),
  ],
];

describe('the role of the service', function () {
  let rights: Rights;
  before(async () => {
    rights = await serviceRights();
  });

  for (const [verdict, title, action, resource, context = {}] of LINES) {
    it(`${verdict} ${action}: ${title}`, async () => {
      const known = Object.entries({ ...USUAL, ...context }).filter(([, value]) => value !== '');
      const question = { principal, action, resource, context: Object.fromEntries(known) };
      expect(await isAllowed(question, { rights })).to.equal(verdict === 'may');
    });
  }

  it('may do nothing in any of its services that is not on its list', async () => {
    const services = [
      'iam',
      'sts',
      'secretsmanager',
      'organizations',
      'dynamodb',
      'events',
      'sns',
      'sqs',
      'logs',
      'cloudwatch',
    ];
    const listed = new Set(rights.flatMap(({ Action }) => Action));
    const more: string[] = [];
    for (const service of services) {
      const allowed = await allowedOf(service, principal, { rights }, USUAL);
      more.push(...allowed.filter((action) => !listed.has(action)));
    }
    expect(more).to.deep.equal(['sts:GetCallerIdentity']); // nobody can be denied it
  });
});
