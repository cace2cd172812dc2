import {
  CreateTableCommand,
  DynamoDBClient,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { EnableAWSServiceAccessCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { SetTopicAttributesCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { s3Bucket } from '../../src/aws/storage/bucket.ts';
import { reportStore } from '../../src/aws/storage/stored-runs.ts';
import { BUCKET, makeBucket } from '../support/map/run-map.ts';
import { storedRun } from '../support/stored-runs.ts';
import type { World } from '../support/world.ts';

const NAME = 'access-key-rotation';

/** What serverless.yml deploys, as far as doctor looks at it, made with the emulator alone. */
export async function deploy(world: World): Promise<void> {
  const { emulator, aws, clock } = world;
  const { topicArn, managementAccountId } = world.organization;
  const settings = { ...aws, maxAttempts: 1 };
  const role = `arn:aws:iam::${managementAccountId}:role/access-key-rotation-service`;
  await leaveReport(world);
  const { KeyMetadata } = await new KMSClient(settings).send(new CreateKeyCommand({}));
  const key = KeyMetadata?.Arn ?? '';
  const { FunctionArn } = await new LambdaClient(settings).send(
    new CreateFunctionCommand({
      FunctionName: NAME,
      Runtime: 'nodejs24.x',
      Role: role,
      Handler: 'handler.rotate',
      Code: { ZipFile: Buffer.from('UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==', 'base64') },
      Environment: { Variables: { REPORTS_URL: `${emulator.endpoint}/${BUCKET}` } },
    }),
  );
  await new SchedulerClient(settings).send(
    new CreateScheduleCommand({
      Name: NAME,
      ScheduleExpression: 'cron(0 6 ? * MON *)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: FunctionArn, RoleArn: role },
    }),
  );
  const sns = new SNSClient(settings);
  const encryption = { AttributeName: 'KmsMasterKeyId', AttributeValue: key };
  await sns.send(new SetTopicAttributesCommand({ TopicArn: topicArn, ...encryption }));
  await sns.send(
    new SubscribeCommand({ TopicArn: topicArn, Protocol: 'email', Endpoint: 'ops@example.com' }),
  );
  await emulator.confirmSubscription(topicArn, 'ops@example.com');
  await new OrganizationsClient(settings).send(
    new EnableAWSServiceAccessCommand({
      ServicePrincipal: 'member.org.stacksets.cloudformation.amazonaws.com',
    }),
  );
  // What CloudWatch reads out of the log of a run.
  await new CloudWatchClient(settings).send(
    new PutMetricDataCommand({
      Namespace: 'AccessKeyRotation',
      MetricData: [
        {
          MetricName: 'RunsFinished',
          Dimensions: [{ Name: 'service', Value: NAME }],
          Timestamp: new Date(clock.now() - 60_000),
          Value: 1,
        },
      ],
    }),
  );
  const dynamodb = new DynamoDBClient(settings);
  const names = { pk: 'HASH', sk: 'RANGE' } as const;
  await dynamodb.send(
    new CreateTableCommand({
      TableName: 'encrypted',
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      AttributeDefinitions: Object.keys(names).map((name) => ({ AttributeName: name, AttributeType: 'S' })),
      KeySchema: Object.entries(names).map(([name, type]) => ({ AttributeName: name, KeyType: type })),
      SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: key },
    }),
  );
  await dynamodb.send(
    new UpdateTimeToLiveCommand({
      TableName: 'encrypted',
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' },
    }),
  );
  await dynamodb.send(
    new UpdateContinuousBackupsCommand({
      TableName: 'encrypted',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
}

/** The bucket of the deployment, with what a run has left there. */
export async function leaveReport({ emulator, aws, clock }: World): Promise<void> {
  await makeBucket(emulator);
  const bucket = s3Bucket(aws, `${emulator.endpoint}/${BUCKET}`, () => Promise.resolve());
  await reportStore(bucket).write(storedRun([], { finishedAt: clock.now() - 60_000 }));
}
