import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { expect } from 'chai';
import { iamInventory } from '../../../src/aws/account/inventory.ts';
import { organizationDirectory } from '../../../src/aws/account/organization.ts';
import type { AwsSettings } from '../../../src/aws/client/config.ts';
import { accountExaminer } from '../../../src/aws/doctor/account-examiner.ts';
import { serviceClients, serviceExaminer } from '../../../src/aws/doctor/service-examiner.ts';
import { snsPlaintext } from '../../../src/aws/messaging/plaintext-sender.ts';
import { snsTopics } from '../../../src/aws/messaging/topics.ts';
import { dynamoTable } from '../../../src/aws/table/table.ts';
import { createWorld, emulatorForThisFile } from '../../support/world.ts';
import { clientThat, failureOf, once } from '../support.ts';
import { startOddAws, type Form, type OddAws } from '../wire.ts';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:digests';
const iam = (aws: AwsSettings) => new IAMClient(once(aws));
const examiner = (aws: AwsSettings) =>
  accountExaminer({
    iam: iam(aws),
    secretsManager: new SecretsManagerClient(once(aws)),
    lookUpUsage: () => Promise.resolve(),
  });
const service = (aws: AwsSettings) =>
  serviceExaminer({ ...serviceClients(aws), sns: () => new SNSClient(once(aws)) });

const user =
  '<UserName>ann</UserName><Arn>arn:aws:iam::1:user/ann</Arn><UserId>AIDAANN</UserId><Path>/</Path>';
const key =
  '<AccessKeyId>AKIA1</AccessKeyId><Status>Active</Status><CreateDate>2026-01-05T06:00:00Z</CreateDate>';
const subscription = `<Protocol>sqs</Protocol><Endpoint>arn:aws:sqs:us-east-1:1:x</Endpoint><SubscriptionArn>PendingConfirmation</SubscriptionArn>`;
const simulated = '<EvalActionName>iam:A</EvalActionName><EvalDecision>allowed</EvalDecision>';

/** Every list of the query protocol: who reads it, its element, one thing on it, how it goes on. */
const LISTS: readonly (readonly [string, (aws: AwsSettings) => Promise<unknown>, string, string, Paging])[] =
  [
    ['iam:ListUsers', (aws) => iamInventory(iam(aws)).users(), 'Users', user, 'Marker'],
    ['iam:ListUsers', (aws) => examiner(aws).firstUser(), 'Users', '', 'Marker'],
    ['iam:ListAccessKeys', (aws) => iamInventory(iam(aws)).keysOf('ann'), 'AccessKeyMetadata', key, 'Marker'],
    [
      'iam:ListUserTags',
      (aws) => iamInventory(iam(aws)).tagsOf('ann'),
      'Tags',
      '<Key>a</Key><Value>b</Value>',
      'Marker',
    ],
    ['iam:GetGroup', (aws) => iamInventory(iam(aws)).membersOf('team'), 'Users', user, 'Marker'],
    [
      'iam:SimulatePrincipalPolicy',
      (aws) => examiner(aws).simulate('arn', ['iam:A'], '*'),
      'EvaluationResults',
      simulated,
      'Marker',
    ],
    ['sns:ListTopics', (aws) => snsTopics(aws).namedAfter(TOPIC), 'Topics', '', 'NextToken'],
    [
      'sns:ListSubscriptionsByTopic',
      (aws) => snsTopics(aws).read(TOPIC),
      'Subscriptions',
      subscription,
      'NextToken',
    ],
    [
      'sns:ListSubscriptionsByTopic',
      (aws) => service(aws).subscriptions(TOPIC),
      'Subscriptions',
      subscription,
      'NextToken',
    ],
    [
      'sns:ListSubscriptionsByTopic',
      (aws) => snsPlaintext(aws, TOPIC).hasEmailReaders(),
      'Subscriptions',
      subscription,
      'NextToken',
    ],
  ];
type Paging = 'Marker' | 'NextToken';

const goesOn = (paging: Paging, token: string): string =>
  paging === 'Marker'
    ? `<IsTruncated>true</IsTruncated><Marker>${token}</Marker>`
    : `<NextToken>${token}</NextToken>`;

/** What else is asked about a topic. */
const ATTRIBUTES = `<Attributes><entry><key>TopicArn</key><value>${TOPIC}</value></entry></Attributes>`;

const tokenIn = (request: Form): string => request['Marker'] ?? request['NextToken'] ?? 'first';

describe('every list of IAM and SNS', () => {
  let odd: OddAws | undefined;
  afterEach(() => odd?.stop());
  const awsThat = async (action: string, answer: (request: Form) => string): Promise<AwsSettings> => {
    odd = await startOddAws((request) =>
      `:${request['Action']}` === action.slice(3) ? answer(request) : ATTRIBUTES,
    );
    const credentials = () => Promise.resolve({ accessKeyId: 'AKIA1', secretAccessKey: 'secret' });
    return { region: 'us-east-1', endpoint: odd.endpoint, credentials };
  };
  const asked = (action: string) =>
    odd?.requests.filter(({ Action }) => `:${Action}` === action.slice(3)).map(tokenIn) ?? [];

  for (const [index, [action, read, element, thing, paging]] of LISTS.entries()) {
    const list = (inside: string) =>
      inside === '' ? `<${element}/>` : `<${element}><member>${inside}</member></${element}>`;
    const title = `${action} (${index + 1})`;

    it(`is refused when a page leads to itself: ${title}`, async () => {
      const aws = await awsThat(action, () => list(thing) + goesOn(paging, 'again'));
      const failure = await failureOf(read(aws));
      expect(failure).to.include({ during: action, message: 'the answer lacks the token of a next page' });
      expect(asked(action)).to.deep.equal(['first', 'again']);
    });

    it(`is refused when two pages lead to each other: ${title}`, async () => {
      const aws = await awsThat(
        action,
        (request) => list('') + goesOn(paging, tokenIn(request) === 'a' ? 'b' : 'a'),
      );
      const failure = await failureOf(read(aws));
      expect(failure).to.include({ during: action, message: 'the answer lacks the token of a next page' });
    });

    it(`goes on behind an empty page: ${title}`, async () => {
      const aws = await awsThat(action, (request) =>
        tokenIn(request) === 'first' ? list('') + goesOn(paging, 'more') : list(thing),
      );
      await read(aws);
      expect(asked(action)).to.deep.equal(['first', 'more']);
    });

    it(`is refused when the answer has no list at all: ${title}`, async () => {
      const aws = await awsThat(action, () => '<body>Please sign in to the network</body>');
      const failure = await failureOf(read(aws));
      expect(failure).to.include({ during: action, message: 'the answer lacks its list' });
    });
  }
});

describe('every list of Organizations', () => {
  const account = { Id: '111111111101', Name: 'app', State: 'ACTIVE' };
  const ANSWERS: Readonly<Record<string, object>> = {
    ListAccounts: { Accounts: [account] },
    ListRoots: { Roots: [{ Id: 'r-root' }] },
    ListAccountsForParent: { Accounts: [account] },
    ListOrganizationalUnitsForParent: { OrganizationalUnits: [] },
  };
  const listed = (name: string, answer: object) => {
    const client = clientThat((command) =>
      command === `${name}Command` ? answer : ANSWERS[command.replace(/Command$/, '')],
    );
    return failureOf(organizationDirectory(client).list({ withOus: true }));
  };

  for (const [name, answer] of Object.entries(ANSWERS)) {
    for (const [title, spoilt, lacks] of [
      ['a page leads to itself', { ...answer, NextToken: 'again' }, 'the token of a next page'],
      ['the answer has no list at all', {}, 'its list'],
    ] as const) {
      it(`is refused when ${title}: ${name}`, async () => {
        expect(await listed(name, spoilt)).to.include({
          kind: 'unknown',
          during: `organizations:${name}`,
          message: `the answer lacks ${lacks}`,
        });
      });
    }
  }
});

describe('the list of the services that the organization trusts', () => {
  const name = 'organizations:ListAWSServiceAccessForOrganization';
  const trusted = (...pages: readonly object[]) => {
    const asked: unknown[] = [];
    const client = clientThat((_command, input) => {
      asked.push((input as { readonly NextToken?: string }).NextToken);
      return pages[Math.min(asked.length, pages.length) - 1];
    });
    const clients = { ...serviceClients({ region: 'us-east-1' }), organizations: client };
    return { asked, read: serviceExaminer(clients).trustedServices() };
  };
  const member = { ServicePrincipal: 'member.org.stacksets.cloudformation.amazonaws.com' };

  for (const [title, pages, lacks] of [
    [
      'a page leads to itself',
      [{ EnabledServicePrincipals: [], NextToken: 'again' }],
      'the token of a next page',
    ],
    [
      'two pages lead to each other',
      [{ EnabledServicePrincipals: [], NextToken: 'a' }, { NextToken: 'b' }, { NextToken: 'a' }],
      'the token of a next page',
    ],
    ['the answer has no list at all', [{}], 'its list'],
  ] as const) {
    it(`is refused when ${title}`, async () => {
      expect(await failureOf(trusted(...pages).read)).to.include({
        kind: 'unknown',
        during: name,
        message: `the answer lacks ${lacks}`,
      });
    });
  }

  it('goes on behind an empty page', async () => {
    const { asked, read } = trusted({ NextToken: 'more' }, { EnabledServicePrincipals: [member] });
    expect(await read).to.deep.equal([member.ServicePrincipal]);
    expect(asked).to.deep.equal([undefined, 'more']);
  });
});

describe('the rows of a partition', () => {
  const emulator = emulatorForThisFile();

  it('are refused when a page leads to itself', async () => {
    const { aws, organization } = await createWorld(emulator(), { accounts: [] });
    await emulator().inject({ action: 'dynamodb:Query', kind: 'repeat-page' });
    const failure = await failureOf(dynamoTable(aws, organization.tableName).rows('account#1'));
    expect(failure).to.include({
      during: 'dynamodb:Query',
      message: 'the answer lacks the token of a next page',
    });
  });

  it('are refused when the answer has none at all', async () => {
    const { aws, organization } = await createWorld(emulator(), { accounts: [] });
    const table = dynamoTable(aws, organization.tableName);
    table.client.send = (clientThat(() => ({})) as typeof table.client).send;
    expect(await failureOf(table.rows('account#1'))).to.include({
      during: 'dynamodb:Query',
      message: 'the answer lacks its list',
    });
  });
});
