import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Emulator, SeededOrganization } from '../emulator/emulator.ts';
import { REGION } from '../world.ts';
import { definitionWith, hurried } from './definition.ts';
import type { Functions } from './functions.ts';

export const BUCKET = 'access-key-rotation-reports';

/** How an execution ended, and what it says. */
export interface Ended {
  readonly status: string;
  readonly output?: unknown;
  readonly error?: string;
}

export interface MapMachine {
  run(input?: object): Promise<Ended>;
}

/** What the functions find in their environment. */
export const environmentOfMap = (
  { endpoint }: Emulator,
  { tableName, topicArn, credentials }: SeededOrganization,
): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: REGION,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken ?? '',
  ROTATION_TABLE_NAME: tableName,
  ROTATION_TOPIC_ARN: topicArn,
  ROTATION_MODE: 'enforce',
  REPORTS_URL: `${endpoint}/${BUCKET}`,
  // Lets Powertools print through the console, where a test can look.
  POWERTOOLS_DEV: 'true',
  POWERTOOLS_METRICS_DISABLED: 'false',
});

/** Makes the bucket and the state machine of resources/map.asl.json. */
export async function createMap(
  emulator: Emulator,
  { serviceAccountId, functions }: { readonly serviceAccountId: string; readonly functions: Functions },
  secondsForAnAccount = 960,
): Promise<MapMachine> {
  await emulator.runStateMachines(functions.endpoint);
  const settings = {
    region: REGION,
    endpoint: emulator.endpoint,
    credentials: { accessKeyId: 'operator', secretAccessKey: 'x' },
  };
  await makeBucket(emulator);
  const states = new SFNClient(settings);
  const named = (name: string) => `arn:aws:lambda:${REGION}:${serviceAccountId}:function:${name}`;
  const definition = definitionWith({
    Partition: 'aws',
    ListFunction: named('access-key-rotation-list'),
    AccountFunction: named('access-key-rotation-account'),
    FinishFunction: named('access-key-rotation-finish'),
    Bucket: BUCKET,
    AccountsAtATime: '2',
  });
  const { stateMachineArn } = await states.send(
    new CreateStateMachineCommand({
      name: 'access-key-rotation',
      definition: hurried(definition, secondsForAnAccount),
      roleArn: `arn:aws:iam::${serviceAccountId}:role/access-key-rotation-map`,
    }),
  );
  return {
    run: async (input = {}) => {
      const { executionArn } = await states.send(
        new StartExecutionCommand({ stateMachineArn, name: randomUUID(), input: JSON.stringify(input) }),
      );
      for (;;) {
        const { status, output, error, cause } = await states.send(
          new DescribeExecutionCommand({ executionArn }),
        );
        if (status !== 'RUNNING') {
          return {
            status: status ?? '',
            ...(output === undefined ? {} : { output: JSON.parse(output) as unknown }),
            ...(error === undefined ? {} : { error: `${error}: ${cause ?? ''}` }),
          };
        }
        await sleep(50);
      }
    },
  };
}

export async function makeBucket({ endpoint }: Emulator): Promise<void> {
  const answer = await fetch(`${endpoint}/${BUCKET}`, {
    method: 'PUT',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=operator/20260101/${REGION}/s3/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: `<CreateBucketConfiguration><LocationConstraint>${REGION}</LocationConstraint></CreateBucketConfiguration>`,
  });
  if (!answer.ok) throw new Error(`no bucket: ${answer.status} ${await answer.text()}`);
}
