import { runtimeCheck, scheduleChecks } from '../domain/health-of-function.ts';
import {
  encryptAgain,
  gone,
  keyCheck,
  ofThe,
  recoveryCheck,
  subscriptionChecks,
  tableChecks,
  timeToLiveCheck,
  unencrypted,
  type Encrypted,
} from '../domain/health-of-service.ts';
import {
  notChecked,
  ok,
  SERVICE,
  stackOutput,
  unanswered,
  wrong,
  type Area,
  type Check,
} from '../domain/health.ts';
import { failureOf } from '../domain/refusal.ts';
import type { Examination } from './examination.ts';

/** Function, schedule, table, topic and keys; `functionRoleArn` where the function could be read. */
export async function examineService(
  examination: Examination,
): Promise<{ readonly checks: readonly Check[]; readonly functionRoleArn?: string }> {
  const { tableName, topicArn } = examination;
  const { checks: ofFunction, arn, roleArn } = await examineFunction(examination);
  const others = await Promise.all([
    examineSchedule(examination, arn),
    tableName === undefined
      ? [notSet(examination, 'ROTATION_TABLE_NAME', 'TableName')]
      : examineTable(examination, tableName),
    topicArn === undefined
      ? [notSet(examination, 'ROTATION_TOPIC_ARN', 'TopicArn')]
      : examineTopic(examination, topicArn),
  ]);
  const checks = [...ofFunction, ...others.flat(), ...ofSecrets(examination)];
  return { checks, ...(roleArn === undefined ? {} : { functionRoleArn: roleArn }) };
}

const notSet = ({ region }: Examination, setting: string, output: string): Check =>
  wrong(
    'settings',
    setting,
    'not set: only audits can run, and what it names is not looked at',
    `export ${setting}=$(${stackOutput(region, output)})`,
  );

/** An id or alias means another key in every account, and only using it shows who may. */
const ofSecrets = ({ secretKmsKeyId }: Examination): readonly Check[] =>
  secretKmsKeyId === undefined
    ? []
    : [
        notChecked(
          'key',
          'of the secrets',
          `whether roles and users may use ${secretKmsKeyId} (ROTATION_SECRET_KMS_KEY_ID) shows when a key is replaced`,
        ),
      ];

/** Asks; an answer is judged, a failure is a check of its own. */
async function ask<Answer>(
  area: Area,
  name: string,
  call: () => Promise<Answer>,
  judge: (answer: Answer) => readonly Check[] | Promise<readonly Check[]>,
  missing?: Parameters<typeof unanswered>[3],
): Promise<readonly Check[]> {
  let answer;
  try {
    answer = await call();
  } catch (error) {
    return [unanswered(area, name, failureOf(error, name), missing)];
  }
  return await judge(answer);
}

async function examineFunction({ service, region, now }: Examination) {
  let arn: string | undefined;
  let roleArn: string | undefined;
  const checks = await ask(
    'function',
    'runtime',
    () => service.functionNamed(SERVICE),
    (found) => {
      ({ arn, roleArn } = found);
      return [runtimeCheck(found, region, now)];
    },
    gone('function', `the function ${SERVICE}`, region),
  );
  return { checks, arn, roleArn };
}

const examineSchedule = ({ service, region }: Examination, functionArn: string | undefined) =>
  ask(
    'schedule',
    'enabled',
    () => service.scheduleNamed(SERVICE),
    (schedule) => scheduleChecks(schedule, region, functionArn),
    gone('schedule', `the schedule ${SERVICE}`, region),
  );

/** What hangs on the table is asked only when there is one. */
const examineTable = (examination: Examination, name: string, { service, region } = examination) =>
  ask(
    'table',
    'status',
    () => service.table(name),
    async (table) => [
      ...tableChecks(name, table, region),
      ...(await ask(
        'table',
        'time to live',
        () => service.timeToLive(name),
        (found) => [timeToLiveCheck(name, found, region)],
      )),
      ...(await ask(
        'table',
        'point-in-time recovery',
        () => service.isRecoverable(name),
        (enabled) => [recoveryCheck(name, enabled, region)],
      )),
      ...(await examineKey(examination, table.keyId, { kind: 'table', name })),
    ],
    gone('table', `the table ${name} (ROTATION_TABLE_NAME)`, region),
  );

const examineTopic = (examination: Examination, arn: string, { service, region } = examination) =>
  ask(
    'topic',
    'status',
    () => service.topic(arn),
    async ({ keyId }) => [
      ok('topic', 'status', `${arn} exists`),
      ...(await ask(
        'topic',
        'subscriptions',
        () => service.subscriptions(arn),
        (found) => subscriptionChecks(arn, found, region),
      )),
      ...(await examineKey(examination, keyId, { kind: 'topic', arn })),
    ],
    gone('topic', `the topic ${arn} (ROTATION_TOPIC_ARN)`, region),
  );

const examineKey = (
  { service, region }: Examination,
  keyId: string | undefined,
  used: Encrypted,
): Promise<readonly Check[]> =>
  keyId === undefined
    ? Promise.resolve([unencrypted(used, region)])
    : ask(
        'key',
        ofThe(used),
        () => service.encryptionKey(keyId),
        (key) => [keyCheck(key, used, region)],
        {
          message: `the key ${keyId} doesn't exist: the ${used.kind} can't be used`,
          nextStep: encryptAgain(used, region),
        },
      );
