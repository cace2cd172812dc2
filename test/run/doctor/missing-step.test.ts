import { expect } from 'chai';
import { definedOnly } from '../../../src/domain/defined-only.ts';
import { isHealthy } from '../../../src/domain/health/check.ts';
import { DAY } from '../../../src/domain/time.ts';
import { nextStepOf, problemsOf } from '../../../src/domain/health/groups.ts';
import type { Examination } from '../../../src/run/doctor/examination.ts';
import { examine } from '../../../src/run/doctor/examine.ts';
import type { AccountExaminer } from '../../../src/run/ports/doctor.ts';
import { account, snapshotOf, T0 } from '../../support/builders.ts';
import {
  doors,
  examination,
  inside,
  OTHER,
  OWN,
  refuse,
  REPORTS,
  service,
} from '../../support/memory/examination.ts';
import { NO_SELECTION } from '../../support/memory/organization.ts';
import { OperationError } from '../../../src/domain/errors.ts';

const MANAGEMENT = '999988887777';
const [ONE, TWO] = ['100000000001', '100000000002'] as const;
const MEMBERS: readonly string[] = [ONE, TWO];
const UNIT = 'ou-ab12-34cd56ef';
const ACCOUNTS = [
  account({ id: OWN, name: 'security' }),
  account({ id: MANAGEMENT, name: 'management' }),
  account({ id: ONE, name: 'one', ouPath: [UNIT] }),
  account({ id: TWO, name: 'two', ouPath: [UNIT] }),
];
/** An organization with a management account, from which the service's account may list the others. */
const directory = {
  list: async () => ({
    accounts: ACCOUNTS,
    ous: [UNIT],
    ids: { id: 'o-ab12cd34ef', managementAccountId: MANAGEMENT },
  }),
};
const EXTERNAL_ID = 'agreed-upon';
const deployed = {
  functionNamed: async () => ({
    arn: `arn:aws:lambda:eu-central-1:${OWN}:function:access-key-rotation`,
    runtime: 'nodejs24.x',
    externalId: EXTERNAL_ID,
    reportsUrl: REPORTS,
  }),
};
const withService = (changes: Parameters<typeof service>[0]) => ({
  service: service({ ...deployed, ...changes }),
});

const says = (message: string) => () =>
  Promise.reject(new OperationError({ kind: 'denied', during: 'sts:AssumeRole', message, nextStep: 'x' }));
const refused = refuse('denied', 'sts:AssumeRole');
/** These accounts refuse; the others let in. */
const shut = (ids: readonly string[], how: () => Promise<never> = refused) => ({
  access: doors({ enter: (id) => (ids.includes(id) ? how() : Promise.resolve(inside())) }),
});
const everywhere = ACCOUNTS.map(({ id }) => id);
const as = (arn: string, access: Partial<ReturnType<typeof doors>> = {}) => ({
  access: doors({ identity: async () => ({ accountId: OWN, partition: 'aws', arn }), ...access }),
});
const lacking = (...rights: readonly string[]) => {
  const [fn = '', schedule = '', table = '', topic = ''] = rights;
  return withService({
    functionNamed: refuse('denied', fn),
    scheduleNamed: refuse('denied', schedule),
    table: refuse('denied', table),
    topic: refuse('denied', topic),
  });
};
const NOT_THERE = {
  functionNamed: refuse('not-found', 'l'),
  scheduleNamed: refuse('not-found', 's'),
  table: refuse('not-found', 'd'),
  topic: refuse('not-found', 't'),
};
const insideIs = (examiner: Partial<AccountExaminer>) => ({
  access: doors({ enter: async () => inside(examiner) }),
});
const keyIs = (state: string) =>
  withService({ encryptionKey: async (arn) => ({ arn, state, customerManaged: true }) });
const subscriptions = (confirmed: readonly boolean[]) =>
  withService({
    subscriptions: async () =>
      confirmed.map((one) => ({ protocol: 'email', endpoint: 'ops@example.com', confirmed: one })),
  });
const row = {
  message: 'rotateAfter: must be a number',
  target: { level: 'account', accountId: ONE },
} as const;

const DEPLOY = /npx serverless deploy --region eu-central-1$/;
const STACK_SET =
  /aws cloudformation deploy --region eu-central-1 --template-file resources\/member-role-stackset\.yml .+CallAs=DELEGATED_ADMIN OrganizationalUnitIds="\$\(aws organizations list-roots .+ServiceAccountId=111122223333 OrganizationId=o-ab12cd34ef/;
const POLICY = /administrator.+resources\/operator-policy\.yml.+attach-role-policy --role-name operators/;
const OPERATOR = 'arn:aws:iam::111122223333:role/operators';

const rowsFor = (accountId: string) => ({
  read: async () => ({
    ...snapshotOf(),
    rows: [
      {
        target: { level: 'account', accountId },
        values: { topicArn: `arn:aws:sns:eu-central-1:${OWN}:topic` },
        final: [],
      } as const,
    ],
  }),
});

/** A setting may be left out, too. */
type Changes = { readonly [Name in keyof Examination]?: Examination[Name] | undefined };

/** What is missing: the one thing that doctor names (area and check), and how it ends. */
const MISSING: readonly (readonly [string, Changes, string, RegExp])[] = [
  ['the deployment', { ...withService(NOT_THERE), ...shut(everywhere) }, 'function deployed', DEPLOY],
  [
    'the right region',
    { ...withService(NOT_THERE), region: 'us-east-1' },
    'function deployed',
    /^export AWS_REGION=eu-central-1$/,
  ],
  [
    'the right account',
    { ...withService(NOT_THERE), topicArn: `arn:aws:sns:eu-central-1:${OTHER}:topic` },
    'function deployed',
    /Use a role of account 444455556666.+aws sts get-caller-identity$/,
  ],
  ['the table', withService({ table: NOT_THERE.table }), 'table status', DEPLOY],
  ['the topic', withService({ topic: NOT_THERE.topic }), 'topic status', DEPLOY],
  ['the schedule', withService({ scheduleNamed: NOT_THERE.scheduleNamed }), 'schedule enabled', DEPLOY],
  [
    'the policy of operators, wholly',
    {
      ...lacking(
        'lambda:GetFunctionConfiguration',
        'scheduler:GetSchedule',
        'dynamodb:DescribeTable',
        'sns:X',
      ),
      directory: { list: refuse('denied', 'organizations:ListAccounts') },
      ...shut(everywhere),
    },
    'operator policy',
    POLICY,
  ],
  [
    'the policy of operators, where the person may look at everything',
    shut(
      everywhere,
      says('not authorized because no identity-based policy allows the sts:AssumeRole action'),
    ),
    'operator policy',
    POLICY,
  ],
  [
    'a role: it is the root user',
    as(`arn:aws:iam::${OWN}:root`, { enter: refused }),
    'operator identity',
    /Use a role of this account.+aws sts get-caller-identity$/,
  ],
  [
    'OperatorArn everywhere',
    shut(everywhere),
    'account enter',
    new RegExp(`^Put operatorArn: '${OPERATOR}' into params of serverless\\.yml.+npx serverless deploy`),
  ],
  [
    'operatorArn of the own account',
    shut([OWN]),
    'account enter',
    /^Put operatorArn: 'arn.+npx serverless deploy/,
  ],
  [
    'OperatorArn for a permission set',
    as(`arn:aws:sts::${OWN}:assumed-role/AWSReservedSSO_Rotation_0123456789abcdef/ann`, { enter: refused }),
    'account enter',
    /operatorArn: 'arn:aws:iam::111122223333:role\/aws-reserved\/sso\.amazonaws\.com\/\*AWSReservedSSO_Rotation_\*'/,
  ],
  [
    'OperatorArn in the member accounts',
    shut(MEMBERS),
    'account enter',
    new RegExp(`${STACK_SET.source} OperatorArn=${OPERATOR} `),
  ],
  [
    'the right external id here',
    { ...shut(everywhere), externalId: 'another' },
    'account enter',
    /: unset ROTATION_EXTERNAL_ID$/,
  ],
  [
    'the right external id in the member accounts',
    shut(MEMBERS),
    'account enter',
    /ExternalId="\$\(aws lambda get-function-configuration .+Variables\.ROTATION_EXTERNAL_ID --output text\)"$/,
  ],
  [
    'an external id in the member roles',
    {
      access: doors({
        enter: (id) => (MEMBERS.includes(id) ? refused() : Promise.resolve(inside())),
        enterWithoutExternalId: (id) => (MEMBERS.includes(id) ? Promise.resolve() : refused()),
      }),
    },
    'account external id',
    STACK_SET,
  ],
  [
    'the right to list accounts',
    { directory: { list: refuse('denied', 'organizations:ListAccounts') } },
    'organization accounts',
    /management account: aws organizations register-delegated-administrator --account-id 111122223333/,
  ],
  [
    'trusted access for stack sets',
    { ...shut(MEMBERS), ...withService({ trustedServices: async () => [] }) },
    'organization trusted access',
    /^With credentials of the management account: aws cloudformation activate-organizations-access --region/,
  ],
  ['the stack set', shut(MEMBERS), 'account enter', STACK_SET],
  [
    'the stack set, and the accounts are listed by a role',
    {
      ...shut(MEMBERS),
      role: { roleName: 'access-key-rotation', rolePath: '/', hasExternalId: true, listsByRole: true },
    },
    'account enter',
    /^With credentials of the management account, and ROTATION_EXTERNAL_ID set .+CallAs=SELF/,
  ],
  [
    'the stack set, of some units',
    { ...shut(MEMBERS), selection: { ...NO_SELECTION, includeOus: [UNIT] } },
    'account enter',
    /OrganizationalUnitIds=ou-ab12-34cd56ef /,
  ],
  [
    'the member role of the management account',
    shut([MANAGEMENT]),
    'account enter',
    /^With credentials of 999988887777.+resources\/member-role\.yml .+ServiceAccountId=111122223333/,
  ],
  [
    'the member role in one account',
    shut([TWO]),
    'account enter',
    /^With credentials of 100000000002.+resources\/member-role\.yml .+ExternalId="\$ROTATION_EXTERNAL_ID"$/,
  ],
  [
    'leave of a service control policy',
    shut(MEMBERS, says('not authorized with an explicit deny in a service control policy')),
    'account enter',
    /Have that policy let .+aws organizations list-policies-for-target/,
  ],
  [
    'a permission of the member roles',
    insideIs({ firstUser: refuse('denied', 'iam:ListUsers') }),
    'account iam:ListUsers',
    /service control policy denies it.+deploy/,
  ],
  [
    'the name of the table',
    { tableName: undefined },
    'settings ROTATION_TABLE_NAME',
    /^export ROTATION_TABLE_NAME=\$\(aws cloudformation describe-stacks/,
  ],
  [
    'the name of the topic',
    { topicArn: undefined },
    'settings ROTATION_TOPIC_ARN',
    /^export ROTATION_TOPIC_ARN=\$\(aws cloudformation describe-stacks/,
  ],
  [
    'settings that can be read',
    { settings: { read: async () => ({ ...snapshotOf(), badRows: [row] }) } },
    'settings rows',
    /access-key-rotation settings list$/,
  ],
  ['a subscription', subscriptions([]), 'topic subscriptions', /^aws sns subscribe .+--protocol email/],
  [
    'the confirmation of a subscription',
    subscriptions([false]),
    'topic subscription of ops@example.com',
    /^Confirm it with the link .+: aws sns subscribe/,
  ],
  [
    'a subscription whose filter lets digests through',
    { settings: rowsFor(ONE), readers: { of: async () => 'nobody', failureOf: () => undefined } },
    'topic readers',
    /^access-key-rotation subscribe --email security@example\.com --account/,
  ],
  ['the key, switched on', keyIs('Disabled'), 'key of the table', /^aws kms enable-key /],
  ['the key, kept', keyIs('PendingDeletion'), 'key of the table', /^aws kms cancel-key-deletion /],
  [
    'the key at all',
    withService({ encryptionKey: refuse('not-found', 'k') }),
    'key of the table',
    /^aws dynamodb update-table /,
  ],
  [
    'encryption of the topic',
    withService({ topic: async () => ({}) }),
    'key of the topic',
    /^aws sns set-topic/,
  ],
  [
    'recovery of the table',
    withService({ isRecoverable: async () => false }),
    'table point-in-time recovery',
    /^aws dynamodb update-continuous-backups /,
  ],
  [
    'a time to live',
    withService({ timeToLive: async () => ({ enabled: false }) }),
    'table time to live',
    /^aws dynamodb update-time-to-live /,
  ],
  [
    'a schedule that is on',
    withService({ scheduleNamed: async () => ({ ...(await service().scheduleNamed('')), enabled: false }) }),
    'schedule enabled',
    /^aws scheduler update-schedule .+--state ENABLED/,
  ],
  [
    'the first run',
    withService({ lastRun: async () => undefined }),
    'function last run',
    /: npx serverless invoke -f rotate --region eu-central-1$/,
  ],
  [
    'a run in the last days',
    withService({ lastRun: async () => T0 - 9 * DAY }),
    'function last run',
    /run-missing.+: npx serverless invoke -f rotate/,
  ],
  [
    'Security Hub, which findings are sent to',
    withService({ lastFindings: async () => ({ day: T0 - DAY, failed: true }) }),
    'reports Security Hub',
    /log of access-key-rotation-findings/,
  ],
];

describe('whoever deploys and has left out', () => {
  const look = (changes: Changes) => {
    const all: Changes = {
      ...examination(),
      directory,
      ...withService({}),
      externalId: EXTERNAL_ID,
      ...changes,
    };
    // A setting that is left out is left out, not undefined.
    return examine(definedOnly(all) as Examination);
  };

  it('nothing is told that all is healthy, and goes on to the plan', async () => {
    const { checks } = await look({});
    expect(checks.filter(({ status }) => status !== 'ok')).to.deep.equal([]);
    expect(nextStepOf(checks)).to.equal('access-key-rotation plan');
  });

  for (const [what, changes, name, step] of MISSING) {
    it(`${what} is told just that first, with the command for it`, async () => {
      const { checks } = await look(changes);
      expect(isHealthy({ checks })).to.equal(false);
      const [first] = problemsOf(checks, 'wrong');
      const group = first?.groups[0];
      expect(`${group?.area} ${group?.name}`).to.equal(name);
      expect(nextStepOf(checks)).to.match(step);
    });
  }

  it('never gets to see the external id', async () => {
    for (const [, changes] of MISSING) {
      expect(JSON.stringify(await look(changes)))
        .not.to.include(EXTERNAL_ID)
        .and.not.to.include('"another"');
    }
  });
});
