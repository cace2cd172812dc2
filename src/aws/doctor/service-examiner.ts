import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetTopicAttributesCommand, paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import type { FunctionFacts, ScheduleFacts } from '../../domain/health/function-checks.ts';
import type { KeyFacts, SubscriptionFacts, TableFacts } from '../../domain/health/service-checks.ts';
import type { ServiceExaminer } from '../../run/ports/doctor.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { ask, badAnswer } from '../client/errors.ts';
import { parseArn } from '../../domain/arn.ts';

/** The clients, replaceable for tests. Topics, and the keys of topics, may be in other regions. */
export interface ServiceClients {
  readonly lambda: LambdaClient;
  readonly scheduler: SchedulerClient;
  readonly dynamodb: DynamoDBClient;
  readonly sns: (topicArn: string) => SNSClient;
  readonly kms: (keyId: string) => KMSClient;
}

export const serviceClients = (settings: AwsSettings): ServiceClients => ({
  lambda: new LambdaClient(clientConfig(settings)),
  scheduler: new SchedulerClient(clientConfig(settings)),
  dynamodb: new DynamoDBClient(clientConfig(settings)),
  sns: inItsRegion(settings, (there) => new SNSClient(clientConfig(there))),
  kms: inItsRegion(settings, (there) => new KMSClient(clientConfig(there))),
});

/** By the region that an ARN names; what is no ARN is in the region of the service. */
function inItsRegion<Client>(
  settings: AwsSettings,
  make: (settings: AwsSettings) => Client,
): (id: string) => Client {
  const made = new Map<string, Client>();
  return (id) => {
    const region = parseArn(id)?.region || settings.region;
    const client = made.get(region) ?? make({ ...settings, region });
    made.set(region, client);
    return client;
  };
}

export const serviceExaminer = ({
  lambda,
  scheduler,
  dynamodb,
  sns,
  kms,
}: ServiceClients): ServiceExaminer => ({
  functionNamed: (name) => readFunction(lambda, name),
  scheduleNamed: (name) => readSchedule(scheduler, name),
  table: (name) => readTable(dynamodb, name),
  timeToLive: (name) => readTimeToLive(dynamodb, name),
  isRecoverable: async (name) => {
    const { ContinuousBackupsDescription } = await ask('dynamodb:DescribeContinuousBackups', () =>
      dynamodb.send(new DescribeContinuousBackupsCommand({ TableName: name })),
    );
    const recovery = ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
    return recovery?.PointInTimeRecoveryStatus === 'ENABLED';
  },
  topic: async (arn) => {
    const { Attributes } = await ask('sns:GetTopicAttributes', () =>
      sns(arn).send(new GetTopicAttributesCommand({ TopicArn: arn })),
    );
    const keyId = Attributes?.['KmsMasterKeyId'];
    return keyId ? { keyId } : {};
  },
  subscriptions: (topicArn) => readSubscriptions(sns(topicArn), topicArn),
  encryptionKey: (id) => readKey(kms(id), id),
});

async function readFunction(lambda: LambdaClient, name: string): Promise<FunctionFacts> {
  const { FunctionArn, Runtime, Role } = await ask('lambda:GetFunctionConfiguration', () =>
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
  );
  if (FunctionArn === undefined) throw badAnswer('lambda:GetFunctionConfiguration', 'FunctionArn');
  return {
    arn: FunctionArn,
    ...(Runtime === undefined ? {} : { runtime: Runtime }),
    ...(Role === undefined ? {} : { roleArn: Role }),
  };
}

async function readSchedule(scheduler: SchedulerClient, name: string): Promise<ScheduleFacts> {
  const { State, ScheduleExpression, ScheduleExpressionTimezone, Target, FlexibleTimeWindow } = await ask(
    'scheduler:GetSchedule',
    () => scheduler.send(new GetScheduleCommand({ Name: name })),
  );
  if (ScheduleExpression === undefined || Target?.Arn === undefined) {
    throw badAnswer('scheduler:GetSchedule', 'an expression or a target');
  }
  return {
    enabled: State !== 'DISABLED',
    expression: ScheduleExpression,
    ...(ScheduleExpressionTimezone === undefined ? {} : { timezone: ScheduleExpressionTimezone }),
    targetArn: Target.Arn,
    target: Target,
    flexibleTimeWindow: FlexibleTimeWindow ?? { Mode: 'OFF' },
  };
}

async function readTable(dynamodb: DynamoDBClient, name: string): Promise<TableFacts> {
  const { Table } = await ask('dynamodb:DescribeTable', () =>
    dynamodb.send(new DescribeTableCommand({ TableName: name })),
  );
  if (Table === undefined) throw badAnswer('dynamodb:DescribeTable', 'a table');
  const { AttributeDefinitions = [], KeySchema = [], SSEDescription } = Table;
  const typeOf = (key: string | undefined) =>
    AttributeDefinitions.find(({ AttributeName }) => AttributeName === key)?.AttributeType;
  const keyId = SSEDescription?.KMSMasterKeyArn;
  return {
    status: Table.TableStatus ?? 'UNKNOWN',
    keys: KeySchema.map(
      ({ AttributeName, KeyType }) => `${AttributeName} ${KeyType} ${typeOf(AttributeName)}`,
    ),
    deletionProtected: Table.DeletionProtectionEnabled === true,
    ...(keyId === undefined ? {} : { keyId }),
  };
}

async function readTimeToLive(dynamodb: DynamoDBClient, name: string) {
  const { TimeToLiveDescription } = await ask('dynamodb:DescribeTimeToLive', () =>
    dynamodb.send(new DescribeTimeToLiveCommand({ TableName: name })),
  );
  const { TimeToLiveStatus: status, AttributeName: attribute } = TimeToLiveDescription ?? {};
  return {
    enabled: status === 'ENABLED' || status === 'ENABLING',
    ...(attribute === undefined ? {} : { attribute }),
  };
}

/** Until it is confirmed a subscription has these words instead of an ARN. */
const PENDING = 'PendingConfirmation';

async function readSubscriptions(sns: SNSClient, topicArn: string): Promise<readonly SubscriptionFacts[]> {
  return await ask('sns:ListSubscriptionsByTopic', async () => {
    const found: SubscriptionFacts[] = [];
    for await (const page of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn: topicArn })) {
      for (const { Protocol = 'unknown', Endpoint = 'unknown', SubscriptionArn } of page.Subscriptions ??
        []) {
        // `Deleted`: unsubscribed, and listed for a while yet.
        if (SubscriptionArn === 'Deleted') continue;
        const confirmed = SubscriptionArn !== undefined && SubscriptionArn !== PENDING;
        found.push({ protocol: Protocol, endpoint: Endpoint, confirmed });
      }
    }
    return found;
  });
}

async function readKey(kms: KMSClient, id: string): Promise<KeyFacts> {
  const { KeyMetadata } = await ask('kms:DescribeKey', () => kms.send(new DescribeKeyCommand({ KeyId: id })));
  const { Arn, KeyState, KeyManager } = KeyMetadata ?? {};
  if (Arn === undefined || KeyState === undefined) throw badAnswer('kms:DescribeKey', 'an ARN or a state');
  return { arn: Arn, state: KeyState, customerManaged: KeyManager === 'CUSTOMER' };
}
