import { expect } from 'chai';
import { REGION } from '../support/world.ts';
import {
  allowedBy,
  FIRST_MEMBER,
  MANAGEMENT,
  OF_THE_ORGANIZATION,
  ORGANIZATIONS_ROLE,
  PAGE_ROLE,
  pageRights,
  REPORTS,
  reportsPolicy,
  SERVICE_ROLE,
  type Rights,
} from './deployed.ts';
import { allowedOf, EVERYTHING, isAllowed } from './simulate.ts';

const own = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${MANAGEMENT}:${rest}`;
const file = (name: string) => `arn:aws:s3:::${REPORTS}/${name}`;
const via = (service: string) => ({ 'kms:ViaService': `${service}.${REGION}.amazonaws.com` });
const below = (prefix: string) => ({ 's3:prefix': prefix });
const sessionOf = (role: string) => `arn:aws:sts::${MANAGEMENT}:assumed-role/${role}/run`;
const member = `arn:aws:iam::${FIRST_MEMBER}:role/access-key-rotation`;
const bucket = `arn:aws:s3:::${REPORTS}`;
const table = own('dynamodb', 'table/access-key-rotation');
const key = own('kms', 'key/5678');

type Line = readonly [
  verdict: 'may' | 'may not',
  title: string,
  action: string,
  resource: string,
  context?: Readonly<Record<string, string>>,
];

const LINES: readonly Line[] = [
  ['may', 'the reports', 's3:ListBucket', bucket, below('reports/runs/')],
  ['may not', 'all that is in the bucket', 's3:ListBucket', bucket],
  ['may not', 'the files of a run by map', 's3:ListBucket', bucket, below('runs/')],
  ['may', 'a report', 's3:GetObject', file('reports/runs/x.json.gz')],
  ['may', 'the keys that were not looked at', 's3:GetObject', file('reports/quiet/r/0001.json.gz')],
  ['may not', 'the plan of a run by map', 's3:GetObject', file('runs/1/plan.devalue.gz')],
  ['may not', 'a file of another bucket', 's3:GetObject', 'arn:aws:s3:::payments/reports/runs/x'],
  ['may', 'a page', 's3:PutObject', file('reports/pages/x.html')],
  ['may', 'the latest page', 's3:PutObject', file('reports/latest.html')],
  ['may not', 'a report', 's3:PutObject', file('reports/runs/x.json.gz')],
  ['may not', 'the plan of a run by map', 's3:PutObject', file('runs/1/plan.devalue.gz')],
  ['may not', 'another name', 's3:PutObject', file('reports/latest.html.exe')],
  ['may not', 'a page', 's3:DeleteObject', file('reports/pages/x.html')],
  ['may not', 'the bucket', 's3:PutBucketPolicy', bucket],
  ['may', 'its key, through S3', 'kms:GenerateDataKey', key, via('s3')],
  ['may', 'its key, for the queue', 'kms:GenerateDataKey', key, via('sqs')],
  ['may not', 'its key, through DynamoDB', 'kms:Decrypt', key, via('dynamodb')],
  ['may not', 'its key by itself', 'kms:Decrypt', key],
  ['may', 'the queue', 'sqs:SendMessage', own('sqs', 'access-key-rotation-failed-runs')],
  ['may not', 'what is in the queue', 'sqs:ReceiveMessage', own('sqs', 'access-key-rotation-failed-runs')],
  ['may not', 'the role of an account', 'sts:AssumeRole', member],
  ['may not', 'the role that lists the accounts', 'sts:AssumeRole', ORGANIZATIONS_ROLE],
  ['may not', 'the organization', 'organizations:ListAccounts', '*'],
  ...['GetItem', 'Query', 'PutItem', 'DeleteItem'].map((name): Line => [
    'may not',
    'the table',
    `dynamodb:${name}`,
    table,
  ]),
  ['may not', 'a topic', 'sns:Publish', own('sns', 'access-key-rotation')],
  ['may not', 'the bus', 'events:PutEvents', own('events', 'event-bus/default')],
  [
    'may not',
    'the function that rotates',
    'lambda:InvokeFunction',
    own('lambda', 'function:access-key-rotation'),
  ],
  ['may not', 'a user', 'iam:CreateAccessKey', `arn:aws:iam::${MANAGEMENT}:user/ann`],
  ['may not', 'a secret', 'secretsmanager:GetSecretValue', own('secretsmanager', 'secret:x-AbCdEf')],
];

describe(`the role ${PAGE_ROLE}`, () => {
  const principal = sessionOf(PAGE_ROLE);
  const usual = {
    ...OF_THE_ORGANIZATION,
    'lambda:SourceFunctionArn': own('lambda', 'function:access-key-rotation-page'),
  };
  let rights: Rights;
  before(async () => {
    rights = await pageRights();
  });

  for (const [verdict, title, action, resource, context = {}] of LINES) {
    it(`${verdict} ${action}: ${title}${Object.values(context)
      .map((value) => ` (${value})`)
      .join('')}`, async () => {
      const question = { principal, action, resource, context: { ...usual, ...context } };
      expect(await isAllowed(question, { rights })).to.equal(verdict === 'may');
    });
  }

  it('may do nothing in any service that is not on its list', async () => {
    const listed = new Set(allowedBy(rights));
    const services = ['iam', 'sts', 'secretsmanager', 'dynamodb', 's3', 'sns', 'sqs', 'events'];
    const more: string[] = [];
    for (const service of services) {
      const allowed = await allowedOf(service, principal, { rights }, usual);
      more.push(...allowed.filter((action) => !listed.has(action)));
    }
    expect(more).to.deep.equal(['sts:GetCallerIdentity']); // nobody can be denied it
  });
});

describe('the bucket of reports, whatever the policies of a role allow', () => {
  let ofResource: Rights;
  before(async () => {
    ofResource = [
      ...(await reportsPolicy()),
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${MANAGEMENT}:root` }, Action: '*', Resource: '*' },
    ];
  });

  const [RUN, FINISH, PAGE, PERSON] = [SERVICE_ROLE, 'access-key-rotation-finish', PAGE_ROLE, 'admin'];
  for (const [name, writers] of [
    ['reports/runs/x.json.gz', [RUN, FINISH]],
    ['reports/quiet/r/0001.json.gz', [RUN, FINISH]],
    ['reports/pages/x.html', [PAGE]],
    ['reports/latest.html', [PAGE]],
    ['runs/1/plan.devalue.gz', [RUN]],
  ] as const) {
    it(`takes ${name} from ${writers.join(' and ')}, and from nobody else`, async () => {
      const taken: string[] = [];
      for (const role of [RUN, FINISH, PAGE, PERSON]) {
        const question = {
          principal: sessionOf(role),
          action: 's3:PutObject',
          resource: file(name),
          context: {
            ...OF_THE_ORGANIZATION,
            'aws:SecureTransport': 'true',
            'aws:PrincipalArn': `arn:aws:iam::${MANAGEMENT}:role/${role}`,
          },
        };
        if (await isAllowed(question, { rights: EVERYTHING, ofResource })) taken.push(role);
      }
      expect(taken).to.deep.equal(writers);
    });
  }
});
