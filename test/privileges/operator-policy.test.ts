import { expect } from 'chai';
import { REGION } from '../support/world.ts';
import { FIRST_MEMBER, MANAGEMENT, OF_THE_ORGANIZATION, operatorRights, type Rights } from './deployed.ts';
import { allowedOf, EVERYTHING, isAllowed } from './simulate.ts';

const principal = `arn:aws:sts::${MANAGEMENT}:assumed-role/operators/ann`;
const TABLE = `arn:aws:dynamodb:${REGION}:${MANAGEMENT}:table/access-key-rotation`;
const TOPIC = `arn:aws:sns:${REGION}:${MANAGEMENT}:access-key-rotation`;
const ROLE = `arn:aws:iam::${FIRST_MEMBER}:role/access-key-rotation`;
const KEY = `arn:aws:kms:${REGION}:${MANAGEMENT}:key/5678`;
const SECRET = `arn:aws:secretsmanager:${REGION}:${MANAGEMENT}:secret:access-key-rotation/ann-AbCdEf`;

/** The rows of the table, by the first part of their keys. */
const row = (...partitions: readonly string[]) => ({ 'dynamodb:LeadingKeys': partitions });
const HISTORY = [`history#${FIRST_MEMBER}`, 'history#organization'];
const LEDGER = [`account#${FIRST_MEMBER}`, 'open', 'run', 'run#20261124T060000Z-a1b2c3'];
const ADDED = [`settings-history#${FIRST_MEMBER}`, 'settings-history#organization'];
const FUNCTION = `arn:aws:lambda:${REGION}:${MANAGEMENT}:function:access-key-rotation`;
const WRITES = ['DeleteItem', 'PutItem', 'UpdateItem'].map((name) => `dynamodb:${name}`);
/** Every way there is to change a row that is there. */
const CHANGES = [
  'BatchWriteItem',
  'DeleteItem',
  'PartiQLDelete',
  'PartiQLInsert',
  'PartiQLUpdate',
  'UpdateItem',
].map((name) => `dynamodb:${name}`);
const ON_THE_TABLE = [
  'DeleteTable',
  'PutResourcePolicy',
  'UpdateContinuousBackups',
  'UpdateTable',
  'UpdateTimeToLive',
].map((name) => `dynamodb:${name}`);

type Context = Readonly<Record<string, string | readonly string[]>>;
type Line = readonly [
  verdict: 'may' | 'may not',
  title: string,
  action: string,
  resource: string,
  context?: Context,
];

const LINES: readonly Line[] = [
  ...[...HISTORY, ...LEDGER, ...ADDED, 'settings'].flatMap((partition): readonly Line[] => [
    ['may', `read ${partition}`, 'dynamodb:Query', TABLE, row(partition)],
    ['may', `read ${partition}`, 'dynamodb:GetItem', TABLE, row(partition)],
  ]),
  ...WRITES.map((action): Line => ['may', 'write settings', action, TABLE, row('settings')]),
  ...[...HISTORY, ...LEDGER].flatMap((partition): readonly Line[] =>
    [...CHANGES, 'dynamodb:PutItem'].map((action): Line => [
      'may not',
      `write ${partition}`,
      action,
      TABLE,
      row(partition),
    ]),
  ),
  ...ADDED.flatMap((partition): readonly Line[] => [
    ['may', `add to ${partition}`, 'dynamodb:PutItem', TABLE, row(partition)],
    ...CHANGES.map((action): Line => ['may not', `change ${partition}`, action, TABLE, row(partition)]),
  ]),
  ['may', 'let the function work', 'lambda:InvokeFunction', FUNCTION],
  ...['-journal', '-watch', ':1'].map((other): Line => [
    'may not',
    `let ${other} work`,
    'lambda:InvokeFunction',
    FUNCTION + other,
  ]),
  ['may not', 'change the function', 'lambda:UpdateFunctionConfiguration', FUNCTION],
  [
    'may not',
    'tell other systems',
    'events:PutEvents',
    `arn:aws:events:${REGION}:${MANAGEMENT}:event-bus/default`,
  ],
  ...[TOPIC, `${TOPIC}-${FIRST_MEMBER}`].map((topic): Line => [
    'may not',
    'publish digests',
    'sns:Publish',
    topic,
  ]),
  ...WRITES.map((action): Line => ['may not', 'write other rows', action, TABLE, row('accounts')]),
  ...WRITES.map((action): Line => ['may not', 'write rows nobody names', action, TABLE]),
  ...WRITES.map((action): Line => [
    'may not',
    'write rows of another table',
    action,
    `${TABLE}-2`,
    row('settings'),
  ]),
  [
    'may not',
    'write settings and history at once',
    'dynamodb:UpdateItem',
    TABLE,
    row('settings', 'history#organization'),
  ],
  // SNS knows subscriptions by the ARN of their topic.
  ...['sns:SetSubscriptionAttributes', 'sns:Unsubscribe'].flatMap((action): readonly Line[] => {
    return [
      ['may', 'manage the readers of digests', action, TOPIC],
      ['may', 'manage the readers of an account', action, `${TOPIC}-${FIRST_MEMBER}`],
      ['may not', 'silence the alarms', action, `${TOPIC}-operators`],
    ];
  }),
  ['may', 'enter an account', 'sts:AssumeRole', ROLE],
  ['may', 'say who they are there', 'sts:SetSourceIdentity', ROLE],
  ['may not', 'enter another organization', 'sts:AssumeRole', ROLE, { 'aws:ResourceOrgID': 'o-0000000000' }],
  ['may not', 'enter by another role', 'sts:AssumeRole', ROLE.replace('rotation', 'admin')],
  ['may', 'use the key, through DynamoDB', 'kms:Decrypt', KEY, via('dynamodb')],
  [
    'may not',
    'use a key of another organization',
    'kms:Decrypt',
    KEY,
    { ...via('dynamodb'), 'aws:ResourceOrgID': 'o-0000000000' },
  ],
  ['may not', 'use the key by itself', 'kms:Decrypt', KEY],
  ['may not', 'use the key, through SNS', 'kms:GenerateDataKey', KEY, via('sns')],
  ['may not', 'read a secret', 'secretsmanager:GetSecretValue', SECRET],
];

function via(service: string): Context {
  return { 'kms:ViaService': `${service}.${REGION}.amazonaws.com` };
}

describe('operators', () => {
  const rights = operatorRights();
  for (const [verdict, title, action, resource, context = {}] of LINES) {
    it(`${verdict} ${title}: ${action}`, async () => {
      const question = { principal, action, resource, context: { ...OF_THE_ORGANIZATION, ...context } };
      expect(await isAllowed(question, { rights })).to.equal(verdict === 'may');
    });
  }

  it('may do in DynamoDB nothing else', async () => {
    const found = await allowedOf('dynamodb', principal, { rights }, row('settings'));
    expect(found).to.deep.equal(
      [
        'BatchWriteItem',
        'DeleteItem',
        'DescribeContinuousBackups',
        'DescribeTable',
        'DescribeTimeToLive',
        'GetItem',
        'PutItem',
        'Query',
        'UpdateItem',
      ].map((name) => `dynamodb:${name}`),
    );
  });
});

describe('whatever else is attached to their role, operators', () => {
  const rights: Rights = [...EVERYTHING, ...operatorRights()];
  const may = (action: string, resource: string, context: Context = {}) =>
    isAllowed({ principal, action, resource, context }, { rights });

  for (const action of [...CHANGES, 'dynamodb:PutItem']) {
    it(`may not write what the ledger, the history or the runs have: ${action}`, async () => {
      for (const partition of [...HISTORY, ...LEDGER]) {
        expect(await may(action, TABLE, row(partition)), partition).to.equal(false);
        // Not even among others.
        expect(await may(action, TABLE, row('settings', partition)), partition).to.equal(false);
      }
      expect(await may(action, TABLE, row('settings'))).to.equal(true); // that is theirs
    });
  }

  for (const action of CHANGES) {
    it(`may not take back who set what: ${action}`, async () => {
      for (const partition of ADDED) {
        expect(await may(action, TABLE, row(partition)), partition).to.equal(false);
        expect(await may(action, TABLE, row('settings', partition)), partition).to.equal(false);
      }
    });
  }

  for (const action of ['Publish', 'SetSubscriptionAttributes', 'Unsubscribe'].map((name) => `sns:${name}`)) {
    it(`may not silence the alarms: ${action}`, async () => {
      expect(await may(action, `${TOPIC}-operators`)).to.equal(false);
      expect(await may(action, TOPIC)).to.equal(true);
    });
  }

  for (const action of ON_THE_TABLE) {
    it(`may not change the table: ${action}`, async () => {
      expect(await may(action, TABLE)).to.equal(false);
      expect(await may(action, `${TABLE}-2`)).to.equal(true);
    });
  }

  it('may not delete its backups', async () =>
    expect(await may('dynamodb:DeleteBackup', `${TABLE}/backup/0123`)).to.equal(false));

  for (const action of ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue']) {
    it(`may not ${action}`, async () => {
      expect(await may(action, action.includes('Batch') ? '*' : SECRET)).to.equal(false);
    });
  }
});
