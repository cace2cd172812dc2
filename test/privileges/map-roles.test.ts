import { expect } from 'chai';
import { REGION } from '../support/world.ts';
import {
  FIRST_MEMBER,
  MANAGEMENT,
  mapRights,
  OF_THE_ORGANIZATION,
  ORGANIZATIONS_ROLE,
  REPORTS,
  type Rights,
} from './deployed.ts';
import { allowedOf, isAllowed } from './simulate.ts';

const own = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${MANAGEMENT}:${rest}`;
const member = `arn:aws:iam::${FIRST_MEMBER}:role/access-key-rotation`;
const table = own('dynamodb', 'table/access-key-rotation');
const key = own('kms', 'key/5678');
const file = (name: string) => `arn:aws:s3:::${REPORTS}/${name}`;
const via = (service: string) => ({ 'kms:ViaService': `${service}.${REGION}.amazonaws.com` });
const rows = (...partitions: readonly string[]) => ({ 'dynamodb:LeadingKeys': partitions });

type Line = readonly [
  verdict: 'may' | 'may not',
  title: string,
  action: string,
  resource: string,
  context?: Readonly<Record<string, string | readonly string[]>>,
];

/** What none of them may, from its own function: the keys and secrets are of the accounts and their roles. */
const NEVER: readonly Line[] = [
  ['may not', "a member's user", 'iam:CreateAccessKey', `arn:aws:iam::${FIRST_MEMBER}:user/ann`],
  ['may not', 'a user of its own account', 'iam:UpdateAccessKey', `arn:aws:iam::${MANAGEMENT}:user/ann`],
  ['may not', 'a secret', 'secretsmanager:GetSecretValue', own('secretsmanager', 'secret:x-AbCdEf')],
  ['may not', 'a file of another bucket', 's3:GetObject', 'arn:aws:s3:::payments/runs/1/plan'],
  ['may not', 'a report', 's3:DeleteObject', file('runs/1/account')],
  ['may not', 'the bucket', 's3:PutBucketPolicy', `arn:aws:s3:::${REPORTS}`],
  ['may not', 'its key by itself', 'kms:Decrypt', key],
  ['may not', 'another function', 'lambda:InvokeFunction', own('lambda', 'function:payments')],
];

const ROLES: readonly {
  readonly role: Parameters<typeof mapRights>[0];
  readonly name: string;
  readonly function?: string;
  readonly lines: readonly Line[];
}[] = [
  {
    role: 'ListRole',
    name: 'access-key-rotation-list',
    function: 'access-key-rotation-list',
    lines: [
      ['may', 'the organization', 'organizations:ListAccounts', '*'],
      ['may', 'the role that lists the accounts', 'sts:AssumeRole', ORGANIZATIONS_ROLE],
      ['may not', 'the role of an account', 'sts:AssumeRole', member],
      ['may', 'the settings', 'dynamodb:Query', table, rows('organization')],
      ['may not', 'the ledger', 'dynamodb:PutItem', table, rows(`account#${FIRST_MEMBER}`)],
      ['may', 'the plan', 's3:PutObject', file('runs/1/plan.devalue.gz')],
      ['may', 'its key, through S3', 'kms:GenerateDataKey', key, via('s3')],
      ['may not', 'a topic', 'sns:Publish', own('sns', 'access-key-rotation')],
    ],
  },
  {
    role: 'ServiceRole',
    name: 'access-key-rotation-service',
    function: 'access-key-rotation-account',
    lines: [
      ['may', 'the role of an account', 'sts:AssumeRole', member],
      ['may', 'the plan', 's3:GetObject', file('runs/1/plan.devalue.gz')],
      ['may', 'its report', 's3:PutObject', file('runs/1/111111111101.devalue.gz')],
      [
        'may not',
        'the plan, from another function',
        's3:GetObject',
        file('runs/1/plan.devalue.gz'),
        { 'lambda:SourceFunctionArn': own('lambda', 'function:access-key-rotation-watch') },
      ],
      ['may', 'the ledger', 'dynamodb:PutItem', table, rows(`account#${FIRST_MEMBER}`)],
      ['may', 'the topic', 'sns:Publish', own('sns', 'access-key-rotation')],
    ],
  },
  {
    role: 'FinishRole',
    name: 'access-key-rotation-finish',
    function: 'access-key-rotation-finish',
    lines: [
      ['may', 'the report of an account', 's3:GetObject', file('runs/1/111111111101.devalue.gz')],
      ['may not', 'the role of an account', 'sts:AssumeRole', member],
      ['may', 'what the next run has to know', 'dynamodb:PutItem', table, rows('run')],
      ['may', 'the turn of a message', 'dynamodb:UpdateItem', table, rows('pace')],
      ['may not', 'the ledger', 'dynamodb:PutItem', table, rows(`account#${FIRST_MEMBER}`)],
      ['may not', 'the settings', 'dynamodb:PutItem', table, rows('organization')],
      ['may not', 'the ledger beside its own row', 'dynamodb:PutItem', table, rows('run', 'open')],
      ['may', 'the summary', 'sns:Publish', own('sns', 'access-key-rotation')],
      ['may not', 'another topic', 'sns:Publish', own('sns', 'payments')],
    ],
  },
  {
    role: 'MapRole',
    name: 'access-key-rotation-map',
    lines: [
      [
        'may',
        'the functions of a run',
        'lambda:InvokeFunction',
        own('lambda', 'function:access-key-rotation-list'),
      ],
      ['may not', 'the one function', 'lambda:InvokeFunction', own('lambda', 'function:access-key-rotation')],
      ['may', 'the accounts of a run', 's3:GetObject', file('runs/1/items.json')],
      ['may', 'what is lost', 's3:PutObject', file('runs/1/lost/111111111101.json')],
      ['may not', 'the plan', 's3:PutObject', file('runs/1/plan.devalue.gz')],
      ['may', 'its map', 'states:StartExecution', own('states', 'stateMachine:access-key-rotation')],
      ['may not', 'another state machine', 'states:StartExecution', own('states', 'stateMachine:payments')],
      ['may not', 'the role of an account', 'sts:AssumeRole', member],
      ['may not', 'the ledger', 'dynamodb:PutItem', table, rows('run')],
    ],
  },
];

for (const { role, name, function: from, lines } of ROLES) {
  describe(`in a run by map, the role ${name}`, () => {
    const principal = `arn:aws:sts::${MANAGEMENT}:assumed-role/${name}/run`;
    const usual = {
      ...OF_THE_ORGANIZATION,
      ...(from === undefined ? {} : { 'lambda:SourceFunctionArn': own('lambda', `function:${from}`) }),
    };
    let rights: Rights;
    before(async () => {
      rights = await mapRights(role);
    });

    for (const [verdict, title, action, resource, context = {}] of [...lines, ...NEVER]) {
      it(`${verdict} ${action}: ${title}`, async () => {
        const question = { principal, action, resource, context: { ...usual, ...context } };
        expect(await isAllowed(question, { rights })).to.equal(verdict === 'may');
      });
    }

    it('may do nothing in any of its services that is not on its list', async () => {
      const listed = new Set(rights.flatMap(({ Action }) => Action));
      const services = ['iam', 'sts', 'secretsmanager', 'dynamodb', 's3', 'sns', 'events'];
      const more: string[] = [];
      for (const service of services) {
        const allowed = await allowedOf(service, principal, { rights }, usual);
        more.push(...allowed.filter((action) => !listed.has(action)));
      }
      expect(more).to.deep.equal(['sts:GetCallerIdentity']); // nobody can be denied it
    });
  });
}
