import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateStateMachineCommand, type SFNClient } from '@aws-sdk/client-sfn';
import {
  CreateTableCommand,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { KMSClient } from '@aws-sdk/client-kms';
import { CreateKeyCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { CreateFunctionCommand } from '@aws-sdk/client-lambda';
import type { OrganizationsClient } from '@aws-sdk/client-organizations';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import { CreateScheduleCommand } from '@aws-sdk/client-scheduler';
import {
  CreateTopicCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { expect } from 'chai';
import {
  serviceClients,
  serviceExaminer,
  type ServiceClients,
} from '../../../src/aws/doctor/service-examiner.ts';
import { createWorld, emulatorForThisFile, type World } from '../../support/world.ts';
import { clientThat, failureOf, MANAGEMENT, settingsFor } from '../support.ts';

const NAME = 'access-key-rotation';
const FUNCTION = `arn:aws:lambda:eu-central-1:${MANAGEMENT}:function:${NAME}`;
const ROLE = `arn:aws:iam::${MANAGEMENT}:role/access-key-rotation-service`;
const EMPTY_ZIP = Buffer.from('UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==', 'base64');

describe('the examiner of the service', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  let clients: ServiceClients;
  let examiner: ReturnType<typeof serviceExaminer>;
  before(async () => {
    world = await createWorld(emulator(), { accounts: [], topicReaders: [] });
    clients = serviceClients(settingsFor(emulator(), world.organization.credentials));
    examiner = serviceExaminer(clients);
  });

  it('reads the function', async () => {
    expect((await failureOf(examiner.functionNamed(NAME))).kind).to.equal('not-found');
    const Code = { ZipFile: EMPTY_ZIP };
    await clients.lambda.send(
      new CreateFunctionCommand({
        FunctionName: NAME,
        Runtime: 'nodejs24.x',
        Role: ROLE,
        Handler: 'a.b',
        Code,
      }),
    );
    expect(await examiner.functionNamed(NAME)).to.deep.equal({
      arn: FUNCTION,
      runtime: 'nodejs24.x',
    });
  });

  it('reads the state machine, where there is one', async () => {
    const machine = `arn:aws:states:eu-central-1:${MANAGEMENT}:stateMachine:${NAME}`;
    expect(await examiner.stateMachine(machine)).to.equal(undefined);
    const definition = '{"StartAt":"End","States":{"End":{"Type":"Succeed"}}}';
    await clients.states.send(new CreateStateMachineCommand({ name: NAME, definition, roleArn: ROLE }));
    expect(await examiner.stateMachine(machine)).to.deep.equal({ arn: machine, status: 'ACTIVE' });
  });

  it('reads the schedule', async () => {
    expect((await failureOf(examiner.scheduleNamed(NAME))).kind).to.equal('not-found');
    await clients.scheduler.send(
      new CreateScheduleCommand({
        Name: NAME,
        State: 'DISABLED',
        ScheduleExpression: 'cron(0 6 ? * MON *)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: FUNCTION, RoleArn: ROLE, Input: '{}' },
      }),
    );
    const found = await examiner.scheduleNamed(NAME);
    expect(found).to.deep.include({ enabled: false, timezone: 'UTC', targetArn: FUNCTION });
    expect(found.flexibleTimeWindow).to.deep.equal({ Mode: 'OFF' });
    expect(found.target).to.deep.include({ Input: '{}', RoleArn: ROLE });
  });

  it('reads the table', async () => {
    expect((await failureOf(examiner.table('nothing'))).kind).to.equal('not-found');
    const key = await newKey(clients.kms(''));
    await createTable(clients.dynamodb, 'encrypted', key);
    expect(await examiner.table('encrypted')).to.deep.equal({
      status: 'ACTIVE',
      keys: ['pk HASH S', 'sk RANGE S'],
      deletionProtected: true,
      keyId: key,
    });
    expect(await examiner.table(world.organization.tableName)).not.to.have.property('keyId');
  });

  it('reads what happens to old rows and to lost ones', async () => {
    await createTable(clients.dynamodb, 'plain');
    expect((await examiner.timeToLive('plain')).enabled).to.equal(false);
    expect(await examiner.isRecoverable('plain')).to.equal(false);
    await clients.dynamodb.send(
      new UpdateTimeToLiveCommand({
        TableName: 'plain',
        TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' },
      }),
    );
    await clients.dynamodb.send(
      new UpdateContinuousBackupsCommand({
        TableName: 'plain',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    expect(await examiner.timeToLive('plain')).to.deep.equal({ enabled: true, attribute: 'expiresAt' });
    expect(await examiner.isRecoverable('plain')).to.equal(true);
  });

  it('reads the topic and who is subscribed', async () => {
    const { topicArn } = world.organization;
    expect(await examiner.topic(topicArn)).to.deep.equal({});
    expect(await examiner.subscriptions(topicArn)).to.deep.equal([]);
    expect((await failureOf(examiner.topic(`${topicArn}-not`))).kind).to.equal('not-found');
    await clients.sns('').send(
      new SetTopicAttributesCommand({
        TopicArn: topicArn,
        AttributeName: 'KmsMasterKeyId',
        AttributeValue: 'alias/x',
      }),
    );
    await clients
      .sns('')
      .send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'email', Endpoint: 'ops@example.com' }));
    expect(await examiner.topic(topicArn)).to.deep.equal({ keyId: 'alias/x' });
    const [subscription] = await examiner.subscriptions(topicArn);
    expect(subscription).to.deep.include({ protocol: 'email', endpoint: 'ops@example.com' });
  });

  it('reads topics and keys where they are, whatever region that is', async () => {
    const there = { ...settingsFor(emulator(), world.organization.credentials), region: 'eu-west-1' };
    const { TopicArn = '' } = await serviceClients(there)
      .sns('')
      .send(new CreateTopicCommand({ Name: 'far' }));
    await clients
      .sns(TopicArn)
      .send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'far@example.com' }));
    expect(await examiner.topic(TopicArn)).to.deep.equal({});
    expect((await examiner.subscriptions(TopicArn)).map(({ endpoint }) => endpoint)).to.deep.equal([
      'far@example.com',
    ]);
    const key = await newKey(serviceClients(there).kms(''));
    expect((await examiner.encryptionKey(key)).arn).to.equal(key);
  });

  it('tells subscriptions that are not confirmed from those that are, and those that ended', async () => {
    const sns = new SNSClient({ region: 'eu-central-1' });
    const subscriptions = ['PendingConfirmation', 'arn:aws:sns:x', 'Deleted'].map((SubscriptionArn) => ({
      Protocol: 'email',
      Endpoint: SubscriptionArn,
      SubscriptionArn,
    }));
    sns.send = (clientThat(() => ({ Subscriptions: subscriptions })) as SNSClient).send;
    const found = await serviceExaminer({ ...clients, sns: () => sns }).subscriptions('arn');
    expect(found.map(({ confirmed }) => confirmed)).to.deep.equal([false, true]);
  });

  it('reads keys', async () => {
    const key = await newKey(clients.kms(''));
    expect(await examiner.encryptionKey(key)).to.deep.equal({
      arn: key,
      state: 'Enabled',
      customerManaged: true,
    });
    await clients.kms('').send(new ScheduleKeyDeletionCommand({ KeyId: key.split('/').at(-1) }));
    expect((await examiner.encryptionKey(key)).state).to.equal('PendingDeletion');
    expect((await failureOf(examiner.encryptionKey('alias/nothing'))).kind).to.equal('not-found');
  });

  it('makes nothing up where an answer lacks what it is for', async () => {
    const nothing = clientThat(() => ({}));
    const empty = serviceExaminer({
      lambda: nothing as LambdaClient,
      scheduler: nothing as SchedulerClient,
      states: nothing as SFNClient,
      dynamodb: nothing as DynamoDBClient,
      sns: () => nothing as SNSClient,
      kms: () => nothing as KMSClient,
      cloudwatch: nothing as CloudWatchClient,
      organizations: nothing as OrganizationsClient,
    });
    const { functionNamed, stateMachine, scheduleNamed, table, encryptionKey, isRecoverable, timeToLive } =
      empty;
    const calls = [
      functionNamed,
      stateMachine,
      scheduleNamed,
      table,
      encryptionKey,
      isRecoverable,
      timeToLive,
    ];
    for (const call of calls) {
      expect((await failureOf(call('x'))).message).to.contain('the answer lacks');
    }
  });
});

async function newKey(kms: KMSClient): Promise<string> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  return KeyMetadata?.Arn ?? '';
}

const createTable = (dynamodb: DynamoDBClient, name: string, key?: string) =>
  dynamodb.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      ...(key === undefined
        ? {}
        : { SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: key } }),
    }),
  );
