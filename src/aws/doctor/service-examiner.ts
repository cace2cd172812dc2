import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  ListAWSServiceAccessForOrganizationCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { definedOnly } from '../../domain/defined-only.ts';
import { isKind } from '../../domain/errors.ts';
import { METRICS, SERVICE } from '../../domain/health/check.ts';
import type { FunctionFacts, ScheduleFacts, StateMachineFacts } from '../../domain/health/function-checks.ts';
import type { KeyFacts, SubscriptionFacts, TableFacts } from '../../domain/health/service-checks.ts';
import type { ServiceExaminer } from '../../run/ports/doctor.ts';
import { mayInvoke } from '../account/invoke-function.ts';
import { clientsByRegion } from '../client/by-region.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { ask, badAnswer, required } from '../client/errors.ts';
import { readList } from '../client/pages.ts';
import { confirmedArnOf, readSubscriptions } from '../messaging/subscription-list.ts';
import { lastFindings, lastRunFinished } from './metrics-of-runs.ts';

/** The clients, replaceable for tests. Topics, and the keys of topics, may be in other regions. */
export interface ServiceClients {
  readonly lambda: LambdaClient;
  readonly scheduler: SchedulerClient;
  readonly states: SFNClient;
  readonly dynamodb: DynamoDBClient;
  readonly sns: (topicArn: string) => SNSClient;
  readonly kms: (keyId: string) => KMSClient;
  readonly cloudwatch: CloudWatchClient;
  readonly organizations: OrganizationsClient;
}

export const serviceClients = (settings: AwsSettings): ServiceClients => ({
  lambda: new LambdaClient(clientConfig(settings)),
  scheduler: new SchedulerClient(clientConfig(settings)),
  states: new SFNClient(clientConfig(settings)),
  dynamodb: new DynamoDBClient(clientConfig(settings)),
  sns: clientsByRegion(settings, (there) => new SNSClient(clientConfig(there))),
  kms: clientsByRegion(settings, (there) => new KMSClient(clientConfig(there))),
  cloudwatch: new CloudWatchClient(clientConfig(settings)),
  organizations: new OrganizationsClient(clientConfig(settings)),
});

/** What every function of the service calls its metrics by. */
const OF_RUNS = { namespace: METRICS, service: SERVICE };

export const serviceExaminer = ({
  lambda,
  scheduler,
  states,
  dynamodb,
  sns,
  kms,
  cloudwatch,
  organizations,
}: ServiceClients): Omit<ServiceExaminer, 'reports' | 'hasPage'> => ({
  functionNamed: (name) => readFunction(lambda, name),
  mayInvoke: (name) => mayInvoke(lambda, name),
  lastRun: (earliest, now) => lastRunFinished(cloudwatch, OF_RUNS, now, now - earliest),
  lastFindings: (earliest, now) => lastFindings(cloudwatch, OF_RUNS, now, now - earliest),
  trustedServices: () => readTrustedServices(organizations),
  stateMachine: (arn) => readStateMachine(states, arn),
  scheduleNamed: (name) => readSchedule(scheduler, name),
  table: (name) => readTable(dynamodb, name),
  timeToLive: (name) => readTimeToLive(dynamodb, name),
  isRecoverable: async (name) => {
    const { ContinuousBackupsDescription } = await ask('dynamodb:DescribeContinuousBackups', () =>
      dynamodb.send(new DescribeContinuousBackupsCommand({ TableName: name })),
    );
    const backups = required(
      'dynamodb:DescribeContinuousBackups',
      ContinuousBackupsDescription,
      'a description',
    );
    const recovery = required(
      'dynamodb:DescribeContinuousBackups',
      backups.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus,
      'the state of the recovery',
    );
    return recovery === 'ENABLED';
  },
  topic: async (arn) => {
    const { Attributes } = await ask('sns:GetTopicAttributes', () =>
      sns(arn).send(new GetTopicAttributesCommand({ TopicArn: arn })),
    );
    required('sns:GetTopicAttributes', Attributes?.['TopicArn'], 'attributes');
    const keyId = Attributes?.['KmsMasterKeyId'];
    return keyId ? { keyId } : {};
  },
  subscriptions: (topicArn) => readReaders(sns(topicArn), topicArn),
  encryptionKey: (id) => readKey(kms(id), id),
});

async function readFunction(lambda: LambdaClient, name: string): Promise<FunctionFacts> {
  const { FunctionArn, Runtime, Environment } = await ask('lambda:GetFunctionConfiguration', () =>
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
  );
  if (FunctionArn === undefined) throw badAnswer('lambda:GetFunctionConfiguration', 'FunctionArn');
  const externalId = Environment?.Variables?.['ROTATION_EXTERNAL_ID'] || undefined;
  const reportsUrl = Environment?.Variables?.['REPORTS_URL'] || undefined;
  return { arn: FunctionArn, ...definedOnly({ runtime: Runtime, externalId, reportsUrl }) };
}

async function readStateMachine(states: SFNClient, arn: string): Promise<StateMachineFacts | undefined> {
  const action = 'states:DescribeStateMachine';
  try {
    const { stateMachineArn, status } = await ask(action, () =>
      states.send(new DescribeStateMachineCommand({ stateMachineArn: arn })),
    );
    return { arn: required(action, stateMachineArn, 'stateMachineArn'), status: status ?? 'UNKNOWN' };
  } catch (error) {
    if (isKind(error, 'not-found')) return undefined;
    throw error;
  }
}

async function readSchedule(scheduler: SchedulerClient, name: string): Promise<ScheduleFacts> {
  const { State, ScheduleExpression, ScheduleExpressionTimezone, Target, FlexibleTimeWindow } = await ask(
    'scheduler:GetSchedule',
    () => scheduler.send(new GetScheduleCommand({ Name: name })),
  );
  if (ScheduleExpression === undefined || Target?.Arn === undefined || State === undefined) {
    throw badAnswer('scheduler:GetSchedule', 'an expression, a target or a state');
  }
  return {
    enabled: State !== 'DISABLED',
    expression: ScheduleExpression,
    ...definedOnly({ timezone: ScheduleExpressionTimezone }),
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
  const { AttributeDefinitions, KeySchema, SSEDescription } = Table;
  if (AttributeDefinitions === undefined || KeySchema === undefined) {
    throw badAnswer('dynamodb:DescribeTable', 'the keys of the table');
  }
  const typeOf = (key: string | undefined) =>
    AttributeDefinitions.find(({ AttributeName }) => AttributeName === key)?.AttributeType;
  return {
    status: Table.TableStatus ?? 'UNKNOWN',
    keys: KeySchema.map(
      ({ AttributeName, KeyType }) => `${AttributeName} ${KeyType} ${typeOf(AttributeName)}`,
    ),
    deletionProtected: Table.DeletionProtectionEnabled === true,
    ...definedOnly({ keyId: SSEDescription?.KMSMasterKeyArn }),
  };
}

async function readTimeToLive(dynamodb: DynamoDBClient, name: string) {
  const { TimeToLiveDescription } = await ask('dynamodb:DescribeTimeToLive', () =>
    dynamodb.send(new DescribeTimeToLiveCommand({ TableName: name })),
  );
  const { TimeToLiveStatus: status, AttributeName: attribute } = required(
    'dynamodb:DescribeTimeToLive',
    TimeToLiveDescription,
    'a description',
  );
  required('dynamodb:DescribeTimeToLive', status, 'a status');
  return {
    enabled: status === 'ENABLED' || status === 'ENABLING',
    ...definedOnly({ attribute }),
  };
}

const LIST_SERVICES = 'organizations:ListAWSServiceAccessForOrganization';

async function readTrustedServices(organizations: OrganizationsClient): Promise<readonly string[]> {
  const services = await readList({
    action: LIST_SERVICES,
    fetch: (NextToken) => organizations.send(new ListAWSServiceAccessForOrganizationCommand({ NextToken })),
    things: ({ EnabledServicePrincipals }) => EnabledServicePrincipals,
    next: ({ NextToken }) => NextToken,
    emptyPagesMayLackList: true,
  });
  return services.map(({ ServicePrincipal }) =>
    required(LIST_SERVICES, ServicePrincipal, 'the name of a service'),
  );
}

async function readReaders(sns: SNSClient, topicArn: string): Promise<readonly SubscriptionFacts[]> {
  const listed = await readSubscriptions(sns, topicArn);
  return listed.map((subscription) => ({
    protocol: subscription.Protocol ?? 'unknown',
    endpoint: subscription.Endpoint ?? 'unknown',
    confirmed: confirmedArnOf(subscription) !== undefined,
  }));
}

async function readKey(kms: KMSClient, id: string): Promise<KeyFacts> {
  const { KeyMetadata } = await ask('kms:DescribeKey', () => kms.send(new DescribeKeyCommand({ KeyId: id })));
  const { Arn, KeyState, KeyManager } = KeyMetadata ?? {};
  if (Arn === undefined || KeyState === undefined) throw badAnswer('kms:DescribeKey', 'an ARN or a state');
  return { arn: Arn, state: KeyState, customerManaged: KeyManager === 'CUSTOMER' };
}
