import { expect } from 'chai';
import { assumeRole } from '../../src/aws/account/assume-role.ts';
import { iamInventory } from '../../src/aws/account/inventory.ts';
import { iamKeyWriter } from '../../src/aws/account/key-writer.ts';
import { organizationDirectory } from '../../src/aws/account/organization.ts';
import { pagesOf } from '../../src/aws/client/pages.ts';
import { lastRunFinished } from '../../src/aws/doctor/metrics-of-runs.ts';
import { serviceExaminer } from '../../src/aws/doctor/service-examiner.ts';
import { readFilter, readSubscriptions } from '../../src/aws/messaging/subscription-list.ts';
import { secretsManagerStore } from '../../src/aws/secret/secret-store.ts';
import { clientThat, failureOf, orphansOf, secretsIn, userNamed } from '../aws/support.ts';

/* What AWS answers without what makes it an answer. */

const APP = '111111111101';
const ARN = `arn:aws:secretsmanager:us-east-1:${APP}:secret:access-key-rotation/ann-AbCdEf`;
const ann = userNamed('ann', APP);
const service = (client: never) =>
  serviceExaminer({
    lambda: client,
    scheduler: client,
    states: client,
    dynamodb: client,
    sns: () => client,
    kms: () => client,
    cloudwatch: client,
    organizations: client,
  });
const role = { roleArn: `arn:aws:iam::${APP}:role/x`, sessionName: 'x', nextStep: 'x' };

describe('a list that is none', () => {
  const NO_LISTS: readonly (readonly [string, unknown])[] = [
    ['a text', 'Accounts'],
    ['an object', { Accounts: [] }],
    ['a number', 1],
    ['true', true],
    ['null', null],
    ['a list of nothing', [null]],
    ['a list with something that is nothing', [{ Id: APP }, undefined]],
  ];
  for (const [title, list] of NO_LISTS) {
    it(`${title}, is an error that names the call`, async () => {
      const reads = async () => {
        const pages = pagesOf({
          action: 'iam:ListUsers',
          fetch: () => Promise.resolve({}),
          things: () => list as readonly object[],
          next: () => undefined,
        });
        for await (const page of pages) expect(page).to.equal('never read');
      };
      expect(await failureOf(reads())).to.include({
        kind: 'unknown',
        during: 'iam:ListUsers',
        message: 'the answer lacks its list',
      });
    });
  }

  it('of organizations without a list on any page is one, too: an organization has an account', async () => {
    const failure = await failureOf(organizationDirectory(clientThat(() => ({}))).list({ withOus: false }));
    expect(failure).to.include({
      during: 'organizations:ListAccounts',
      message: 'the answer lacks its list',
    });
  });
});

describe('an answer of which something is missing', () => {
  const key = { AccessKeyId: 'AKIA1', SecretAccessKey: 's', CreateDate: new Date(0), Status: 'Active' };
  const without = (name: keyof typeof key) => ({ ...key, [name]: undefined });
  const user = { UserName: 'ann', Arn: ann.arn, UserId: 'AIDA', Path: '/' };
  const credentials = { AccessKeyId: 'ASIA1', SecretAccessKey: 's', SessionToken: 't' };
  const session = { Arn: `arn:aws:sts::${APP}:assumed-role/x/y` };
  const LACKING: readonly (readonly [string, string, (client: never) => Promise<unknown>, object])[] = [
    ...(['UserName', 'Arn', 'UserId', 'Path'] as const).map(
      (name) =>
        [
          `${name} of a user`,
          'iam:ListUsers',
          (client: never) => iamInventory(client).users(),
          { Users: [{ ...user, [name]: undefined }] },
        ] as const,
    ),
    ...(['AccessKeyId', 'CreateDate', 'Status'] as const).map(
      (name) =>
        [
          `${name} of a key`,
          'iam:ListAccessKeys',
          (client: never) => iamInventory(client).keysOf('ann'),
          { AccessKeyMetadata: [without(name)] },
        ] as const,
    ),
    ...(['AccessKeyId', 'SecretAccessKey', 'CreateDate'] as const).map(
      (name) =>
        [
          `${name} of a new key`,
          'iam:CreateAccessKey',
          (client: never) => iamKeyWriter(client, client).create('ann'),
          { AccessKey: without(name) },
        ] as const,
    ),
    ...(['AccessKeyId', 'SecretAccessKey', 'SessionToken'] as const).map(
      (name) =>
        [
          `${name} of a session`,
          'sts:AssumeRole',
          (client: never) => assumeRole(client, role),
          { AssumedRoleUser: session, Credentials: { ...credentials, [name]: undefined } },
        ] as const,
    ),
    [
      'the user of a session',
      'sts:AssumeRole',
      (client) => assumeRole(client, role),
      { Credentials: credentials },
    ],
    [
      'a last use',
      'iam:GetAccessKeyLastUsed',
      (client) => iamInventory(client).lastUse('AKIA1'),
      { UserName: 'ann' },
    ],
    [
      'whose key it is',
      'iam:GetAccessKeyLastUsed',
      (client) => iamInventory(client).userOf('AKIA1'),
      { AccessKeyLastUsed: {} },
    ],
    [
      'the member of a group',
      'iam:GetGroup',
      (client) => iamInventory(client).membersOf('team'),
      { Users: [{}] },
    ],
    [
      'the value of a tag',
      'iam:ListUserTags',
      (client) => iamInventory(client).tagsOf('ann'),
      { Tags: [{ Key: 'rotate' }] },
    ],
    [
      'the id of an account',
      'organizations:ListAccounts',
      (client) => organizationDirectory(client).list({ withOus: false }),
      { Accounts: [{ Name: 'app' }] },
    ],
    [
      'the id of an account that is one',
      'organizations:ListAccounts',
      (client) => organizationDirectory(client).list({ withOus: false }),
      { Accounts: [{ Id: '../1' }] },
    ],
    [
      'the id of a root',
      'organizations:ListRoots',
      (client) => organizationDirectory(client).list({ withOus: true }),
      { Accounts: [{ Id: APP }], Roots: [{}] },
    ],
    [
      'the number of root keys',
      'iam:GetAccountSummary',
      (client) => iamInventory(client).rootHasKeys(),
      { SummaryMap: {} },
    ],
    ...(['Attributes', 'the topic'] as const).map(
      (what) =>
        [
          `${what} of a topic`,
          'sns:GetTopicAttributes',
          (client: never) => service(client).topic('arn'),
          what === 'Attributes' ? {} : { Attributes: { Owner: APP } },
        ] as const,
    ),
    [
      'the ARN of a subscription',
      'sns:ListSubscriptionsByTopic',
      (client) => readSubscriptions(client, 'arn'),
      { Subscriptions: [{ Protocol: 'sqs', Endpoint: 'x', Owner: APP }] },
    ],
    [
      'whose filter it is',
      'sns:GetSubscriptionAttributes',
      (client) => readFilter(client, 'arn'),
      { Attributes: {} },
    ],
    [
      'the versions of a secret',
      'secretsmanager:DescribeSecret',
      (client) => secretsManagerStore(client, { ...secretsIn(), accountId: APP }).stageOf(ann, 'AKIA1'),
      { ARN, Name: 'x' },
    ],
    [
      'the state of a schedule',
      'scheduler:GetSchedule',
      (client) => service(client).scheduleNamed('x'),
      { ScheduleExpression: 'rate(7 days)', Target: { Arn: 'x' } },
    ],
    [
      'the keys of a table',
      'dynamodb:DescribeTable',
      (client) => service(client).table('x'),
      { Table: { TableStatus: 'ACTIVE' } },
    ],
    [
      'whether rows expire',
      'dynamodb:DescribeTimeToLive',
      (client) => service(client).timeToLive('x'),
      { TimeToLiveDescription: {} },
    ],
    [
      'whether a table can be restored',
      'dynamodb:DescribeContinuousBackups',
      (client) => service(client).isRecoverable('x'),
      { ContinuousBackupsDescription: {} },
    ],
    [
      'the name of a trusted service',
      'organizations:ListAWSServiceAccessForOrganization',
      (client) => service(client).trustedServices(),
      { EnabledServicePrincipals: [{}] },
    ],
    ...(['Sum', 'Timestamp'] as const).map(
      (name) =>
        [
          `${name} of a metric`,
          'cloudwatch:GetMetricStatistics',
          (client: never) => lastRunFinished(client, { namespace: 'N', service: 's' }, 2, 1),
          { Datapoints: [{ Sum: 1, Timestamp: new Date(0), [name]: undefined }] },
        ] as const,
    ),
    [
      'the name of a secret',
      'secretsmanager:ListSecrets',
      (client) => orphansOf(client, APP).list(() => false),
      { SecretList: [{ ARN }] },
    ],
  ];
  for (const [title, action, call, answer] of LACKING) {
    it(`(${title}) is an error that names the call: ${action}`, async () => {
      const failure = await failureOf(call(clientThat(() => answer)));
      expect(failure).to.include({ kind: 'unknown', during: action });
      expect(failure.message).not.to.match(/TypeError/);
    });
  }
});
