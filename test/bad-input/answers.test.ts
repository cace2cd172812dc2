import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { IAMClient } from '@aws-sdk/client-iam';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { STSClient } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { assumeRole, callerIdentity } from '../../src/aws/account/assume-role.ts';
import { accountContacts } from '../../src/aws/account/contacts.ts';
import { iamInventory } from '../../src/aws/account/inventory.ts';
import { iamKeyWriter } from '../../src/aws/account/key-writer.ts';
import { organizationDirectory } from '../../src/aws/account/organization.ts';
import { stsVerifier } from '../../src/aws/account/verifier.ts';
import { clientConfig, type AwsSettings } from '../../src/aws/client/config.ts';
import { systemClock } from '../../src/compose/environment.ts';
import { accountClients, accountExaminer } from '../../src/aws/doctor/account-examiner.ts';
import { lastRunFinished } from '../../src/aws/doctor/metrics-of-runs.ts';
import { serviceClients, serviceExaminer } from '../../src/aws/doctor/service-examiner.ts';
import { eventBridgeSink } from '../../src/aws/messaging/event-sink.ts';
import { snsNotifier } from '../../src/aws/messaging/notifier.ts';
import { snsPlaintext } from '../../src/aws/messaging/plaintext-sender.ts';
import { snsTopics } from '../../src/aws/messaging/topics.ts';
import { secretsManagerStore } from '../../src/aws/secret/secret-store.ts';
import { readOwnSecret } from '../../src/aws/secret/own-secret.ts';
import { readDeployedEnvironment } from '../../src/aws/account/deployed-environment.ts';
import { bulkWrite } from '../../src/aws/table/bulk-write.ts';
import { OperationError } from '../../src/domain/errors.ts';
import { DAY } from '../../src/domain/time.ts';
import { dynamoLedger } from '../../src/aws/table/ledger.ts';
import { dynamoTable } from '../../src/aws/table/table.ts';
import { accountWith, entryWith, failureOf, once, orphansOf, secretsIn, userNamed } from '../aws/support.ts';
import { prepared } from '../support/prepared.ts';

/* What answers 200 and is not AWS: a proxy's page to sign in, an endpoint that is no such service. */

const APP = '111111111101';
const TOPIC = `arn:aws:sns:us-east-1:${APP}:digests`;
const SUBSCRIPTION = `${TOPIC}:11111111-2222-3333-4444-555555555555`;
const NAME = 'access-key-rotation/ann';
const ARN = `arn:aws:secretsmanager:us-east-1:${APP}:secret:${NAME}-AbCdEf`;
const ann = userNamed('ann', APP);
const created = { id: 'AKIANEW', status: 'active', createdAt: 0, secret: 'of-AKIANEW' } as const;
const STATE = { name: NAME, exists: true };
const tags = [
  { Key: 'access-key-rotation:managed', Value: 'true' },
  { Key: 'access-key-rotation:user-id', Value: ann.userId },
];

/** What AWS would say, where a call needs the answers of others. */
const GOOD: Readonly<Record<string, object | string>> = {
  DescribeSecret: { ARN, Name: NAME, Tags: tags, VersionIdsToStages: {} },
  GetResourcePolicy: { ARN, Name: NAME },
  PutResourcePolicy: { ARN, Name: NAME },
  ListRoots: { Roots: [{ Id: 'r-root' }] },
  ListAccounts: { Accounts: [{ Id: APP, State: 'ACTIVE' }] },
  ListAccountsForParent: { Accounts: [] },
  ListOrganizationalUnitsForParent: { OrganizationalUnits: [] },
  GetTopicAttributes: '<Attributes><entry><key>TopicArn</key><value>x</value></entry></Attributes>',
  ListSubscriptionsByTopic: `<Subscriptions><member><SubscriptionArn>${SUBSCRIPTION}</SubscriptionArn><Protocol>sqs</Protocol><Endpoint>x</Endpoint></member></Subscriptions>`,
};

const iam = (aws: AwsSettings) => new IAMClient(aws);
const sts = (aws: AwsSettings) => new STSClient(aws);
const writer = (aws: AwsSettings) => iamKeyWriter(iam(aws), iam(aws));
const directory = (aws: AwsSettings) => organizationDirectory(new OrganizationsClient(aws));
const manager = (aws: AwsSettings) => new SecretsManagerClient(aws);
const store = (aws: AwsSettings) => secretsManagerStore(manager(aws), { ...secretsIn(), accountId: APP });
const examiner = (aws: AwsSettings) =>
  accountExaminer({ ...accountClients(aws, systemClock), iam: iam(aws), secretsManager: manager(aws) });
const service = (aws: AwsSettings) =>
  serviceExaminer({ ...serviceClients(aws), sns: () => new SNSClient(aws) });
const ledger = (aws: AwsSettings) => dynamoLedger(aws, 'table');
const role = { roleArn: `arn:aws:iam::${APP}:role/x`, sessionName: 'x', nextStep: 'x' };
const METRIC = { namespace: 'N', service: 's' };
const EVERYTHING = { kind: 'everything' } as const;
const NOTIFICATION = { subject: 's', text: 't', json: '{}', attributes: {} };

const WRITE = { key: 'organization', item: {}, partition: 'organization', entry: entryWith({}) };

/** Every call: who makes it. */
const CALLS: readonly (readonly [string, (aws: AwsSettings) => Promise<unknown>])[] = [
  ['iam:ListUsers', (aws) => iamInventory(iam(aws)).users()],
  ['iam:ListAccessKeys', (aws) => iamInventory(iam(aws)).keysOf('ann')],
  ['iam:ListUserTags', (aws) => iamInventory(iam(aws)).tagsOf('ann')],
  ['iam:GetGroup', (aws) => iamInventory(iam(aws)).membersOf('team')],
  ['iam:GetAccessKeyLastUsed', (aws) => iamInventory(iam(aws)).lastUse('AKIA1')],
  ['iam:GetAccessKeyLastUsed', (aws) => iamInventory(iam(aws)).userOf('AKIA1')],
  ['iam:GetAccountSummary', (aws) => iamInventory(iam(aws)).rootHasKeys()],
  ['iam:CreateAccessKey', (aws) => writer(aws).create('ann')],
  ['iam:UpdateAccessKey', (aws) => writer(aws).deactivate('ann', 'AKIA1')],
  ['iam:UpdateAccessKey', (aws) => writer(aws).activate('ann', 'AKIA1')],
  ['iam:DeleteAccessKey', (aws) => writer(aws).delete('ann', 'AKIA1')],
  ['iam:SimulatePrincipalPolicy', (aws) => examiner(aws).simulate('arn', ['iam:A'], '*')],
  ['cloudtrail:LookupEvents', (aws) => examiner(aws).lookUpUsage()],
  ['sts:GetCallerIdentity', (aws) => callerIdentity(sts(aws))],
  ['sts:GetCallerIdentity', (aws) => stsVerifier(aws, APP).answers(created)],
  ['sts:AssumeRole', (aws) => assumeRole(sts(aws), role)],
  ['organizations:ListAccounts', (aws) => directory(aws).list({ withOus: false })],
  ['organizations:ListRoots', (aws) => directory(aws).list({ withOus: true })],
  ['organizations:ListAccountsForParent', (aws) => directory(aws).list({ withOus: true })],
  ['organizations:ListOrganizationalUnitsForParent', (aws) => directory(aws).list({ withOus: true })],
  ['account:GetAlternateContact', (aws) => accountContacts(aws).security(APP)],
  ['secretsmanager:DescribeSecret', (aws) => store(aws).look(ann)],
  ['secretsmanager:DescribeSecret', (aws) => store(aws).hasHeld(ann, 'AKIANEW')],
  ['secretsmanager:GetResourcePolicy', (aws) => prepared(store(aws), ann)],
  ['secretsmanager:PutResourcePolicy', (aws) => prepared(store(aws), ann)],
  ['secretsmanager:TagResource', (aws) => prepared(store(aws), ann, 'run-1')],
  ['secretsmanager:PutSecretValue', (aws) => store(aws).store(ann, created, STATE)],
  ['secretsmanager:UpdateSecretVersionStage', (aws) => store(aws).promote(created, STATE)],
  ['secretsmanager:ListSecrets', (aws) => orphansOf(manager(aws), APP).list(() => false)],
  ['sns:GetTopicAttributes', (aws) => snsTopics(aws).read(TOPIC)],
  ['sns:GetTopicAttributes', (aws) => service(aws).topic(TOPIC)],
  ['sns:ListSubscriptionsByTopic', (aws) => snsTopics(aws).read(TOPIC)],
  ['sns:GetSubscriptionAttributes', (aws) => snsTopics(aws).read(TOPIC)],
  ['sns:ListTopics', (aws) => snsTopics(aws).namedAfter(TOPIC)],
  ['sns:CreateTopic', (aws) => snsTopics(aws).createLike(TOPIC, TOPIC)],
  [
    'sns:Subscribe',
    (aws) => snsTopics(aws).subscribe(TOPIC, { protocol: 'sqs', endpoint: 'x', filter: EVERYTHING }),
  ],
  ['sns:SetSubscriptionAttributes', (aws) => snsTopics(aws).setFilter(SUBSCRIPTION, EVERYTHING)],
  ['sns:Unsubscribe', (aws) => snsTopics(aws).unsubscribe(SUBSCRIPTION)],
  ['sns:Publish', (aws) => snsNotifier(aws, TOPIC).publish(NOTIFICATION)],
  ['sns:Publish', (aws) => snsPlaintext(aws, TOPIC).send(accountWith(APP), ann, created)],
  [
    'events:PutEvents',
    (aws) =>
      eventBridgeSink(aws, () => Promise.resolve()).put([
        { type: 'Run Finished', detail: { message: 'x' } } as never,
      ]),
  ],
  ['dynamodb:Query', (aws) => dynamoTable(aws, 'table').rows('account#1')],
  ['dynamodb:GetItem', (aws) => dynamoTable(aws, 'table').row({ pk: 'a', sk: 'b' })],
  ['dynamodb:UpdateItem', (aws) => ledger(aws).record(APP, [{ kind: 'gone', accessKeyId: 'AKIA1', at: 0 }])],
  ['dynamodb:PutItem', (aws) => ledger(aws).acquireLease(APP, 'run-1', 2, 1)],
  ['dynamodb:DeleteItem', (aws) => ledger(aws).releaseLease(APP, 'run-1')],
  ['dynamodb:TransactWriteItems', (aws) => ledger(aws).useAcceptance(APP, 'deletions', entryWith({}))],
  [
    'dynamodb:BatchWriteItem',
    (aws) => bulkWrite(dynamoTable(aws, 'table'), [WRITE], { stillOurs: async () => {}, historyKept: DAY }),
  ],
  ['dynamodb:DescribeTable', (aws) => service(aws).table('table')],
  ['dynamodb:DescribeTimeToLive', (aws) => service(aws).timeToLive('table')],
  ['dynamodb:DescribeContinuousBackups', (aws) => service(aws).isRecoverable('table')],
  ['lambda:GetFunctionConfiguration', (aws) => service(aws).functionNamed('f')],
  [
    'lambda:GetFunctionConfiguration',
    async (aws) => {
      const read = await readDeployedEnvironment(aws, 'f');
      throw read.kind === 'unreadable' ? new OperationError(read.failure) : new Error(read.kind);
    },
  ],
  ['scheduler:GetSchedule', (aws) => service(aws).scheduleNamed('s')],
  ['kms:DescribeKey', (aws) => service(aws).encryptionKey('k')],
  ['organizations:ListAWSServiceAccessForOrganization', (aws) => service(aws).trustedServices()],
  ['secretsmanager:DescribeSecret', (aws) => examiner(aws).describeSecret(NAME)],
  [
    'secretsmanager:GetSecretValue',
    async (aws) => {
      const read = await readOwnSecret(aws, { accessKeyId: 'AKIA1', secretAccessKey: 's' }, NAME);
      throw 'failure' in read ? new OperationError(read.failure) : new Error(read.kind);
    },
  ],
  [
    'cloudwatch:GetMetricStatistics',
    (aws) => lastRunFinished(new CloudWatchClient(clientConfig(aws)), METRIC, 2, 1),
  ],
];

const HTML = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in</body></html>';
const ODD: readonly (readonly [string, string, string])[] = [
  ['a page in HTML', 'text/html', HTML],
  ['a page in HTML that says it is of the type asked for', '', HTML],
  ['nothing', '', ''],
  ['an object without anything in it', 'application/json', '{}'],
  ['null', 'application/json', 'null'],
  ['a list', 'application/json', '[]'],
];

describe('an answer 200 that is none of AWS:', () => {
  let server: Server;
  let odd: { readonly name: string; readonly type: string; readonly body: string };
  let aws: AwsSettings;

  before(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => (body += part));
      request.on('end', () => {
        const name = nameOf(request, body);
        const good = name === odd.name ? undefined : GOOD[name];
        if (typeof good === 'string') {
          response.setHeader('content-type', 'text/xml');
          response.end(`<${name}Response><${name}Result>${good}</${name}Result></${name}Response>`);
          return;
        }
        if (good === undefined && odd.type !== '') response.setHeader('content-type', odd.type);
        response.end(good === undefined ? odd.body : JSON.stringify(good));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const credentials = () => Promise.resolve({ accessKeyId: 'AKIA1', secretAccessKey: 'secret' });
    aws = once({ region: 'us-east-1', endpoint: `http://127.0.0.1:${port}`, credentials });
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  for (const [title, type, body] of ODD) {
    for (const [index, [action, call]] of CALLS.entries()) {
      it(`${title}, to ${action} (${index + 1}), is an error that names the call`, async () => {
        odd = { name: action.split(':')[1] ?? '', type, body };
        const { kind, during, message, nextStep } = await failureOf(call(aws));
        expect(during).to.equal(action);
        expect(kind).to.equal('unknown');
        expect(message).to.not.match(/TypeError|undefined|Sign in|of-AKIANEW/);
        expect(nextStep).to.not.include('defect');
      });
    }
  }

  for (const [title, type, body] of ODD.slice(0, 4)) {
    it(`${title}, to secretsmanager:DescribeSecret, leaves unknown what was delivered`, async () => {
      odd = { name: 'DescribeSecret', type, body };
      expect(await store(aws).deliveryOf('ann', 'AKIANEW', NAME)).to.equal('unknown');
    });
  }
});

/** Of the query protocol, of the JSON protocols, or of a path. */
const nameOf = ({ headers, url = '' }: IncomingMessage, body: string): string => {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1) ?? '';
  const { Action } = Object.fromEntries(new URLSearchParams(body));
  return Action ?? url;
};
