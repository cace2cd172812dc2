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
import { storedAccount, storedRun } from '../support/stored-runs.ts';
import type { World } from '../support/world.ts';

const NAME = 'access-key-rotation';

/** The table of {@link deploy}: the one that every world has is not protected. */
export const DEPLOYED_TABLE = 'encrypted';

/** What serverless.yml deploys, as far as doctor looks at it, made with the emulator alone; a run has been there. */
export async function deploy(world: World): Promise<void> {
  await leaveReport(world);
  await deployService(world, { REPORTS_URL: reportsUrlOf(world) });
  await sayThatRunFinished(world);
}

/** Of the bucket that {@link leaveReport} makes. */
export const reportsUrlOf = ({ emulator }: Pick<World, 'emulator'>): string =>
  `${emulator.endpoint}/${BUCKET}`;

/** The same without its bucket, and before its first run. @param variables of the function */
export async function deployService(
  { emulator, aws, organization: { topicArn, managementAccountId } }: World,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const settings = { ...aws, maxAttempts: 1 };
  const role = `arn:aws:iam::${managementAccountId}:role/access-key-rotation-service`;
  const { KeyMetadata } = await new KMSClient(settings).send(new CreateKeyCommand({}));
  const key = KeyMetadata?.Arn ?? '';
  const { FunctionArn } = await new LambdaClient(settings).send(
    new CreateFunctionCommand({
      FunctionName: NAME,
      Runtime: 'nodejs24.x',
      Role: role,
      Handler: 'handler.rotate',
      Code: { ZipFile: Buffer.from('UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==', 'base64') },
      Environment: { Variables: variables },
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
  const dynamodb = new DynamoDBClient(settings);
  const names = { pk: 'HASH', sk: 'RANGE' } as const;
  await dynamodb.send(
    new CreateTableCommand({
      TableName: DEPLOYED_TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      AttributeDefinitions: Object.keys(names).map((name) => ({ AttributeName: name, AttributeType: 'S' })),
      KeySchema: Object.entries(names).map(([name, type]) => ({ AttributeName: name, KeyType: type })),
      SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: key },
    }),
  );
  await dynamodb.send(
    new UpdateTimeToLiveCommand({
      TableName: DEPLOYED_TABLE,
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' },
    }),
  );
  await dynamodb.send(
    new UpdateContinuousBackupsCommand({
      TableName: DEPLOYED_TABLE,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
}

/** What CloudWatch reads out of the log of a run. */
export async function sayThatRunFinished({ aws, clock }: World): Promise<void> {
  await new CloudWatchClient({ ...aws, maxAttempts: 1 }).send(
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
}

/** The bucket of the deployment, with what a run has left there. */
export async function leaveReport(
  { emulator, aws, clock }: World,
  accounts: readonly { readonly id: string; readonly name: string }[] = [],
): Promise<void> {
  await makeBucket(emulator);
  const bucket = s3Bucket(aws, reportsUrlOf({ emulator }), () => Promise.resolve());
  await reportStore(bucket).write(
    storedRun(accounts.map(storedAccount), { finishedAt: clock.now() - 60_000 }),
  );
}
