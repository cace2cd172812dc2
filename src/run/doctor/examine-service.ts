import pLimit from 'p-limit';
import {
  lastRunCheck,
  LOOK_BACK,
  runtimeCheck,
  scaleCheck,
  scheduleChecks,
  type FunctionFacts,
  type ToStart,
} from '../../domain/health/function-checks.ts';
import {
  gone,
  notDeployed,
  recoveryCheck,
  tableChecks,
  timeToLiveCheck,
  type DigestTopic,
} from '../../domain/health/service-checks.ts';
import {
  bucketGone,
  findingsCheck,
  keepsNone,
  pageCheck,
  reportsChecks,
} from '../../domain/health/report-checks.ts';
import { notChecked, ok, SERVICE, stackOutput, wrong, type Check } from '../../domain/health/check.ts';
import { mayCommand, mayNotCommand } from '../../domain/health/operator.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import { failureOf } from '../../domain/errors.ts';
import type { Examination } from './examination.ts';
import { ask } from './ask.ts';
import { examineKey } from './examine-key.ts';
import type { AccountsOfTopic } from './examine-readers.ts';
import { examineTopic } from './examine-topic.ts';
import { parseArn } from '../../domain/arn.ts';

/**
 * Function, schedule, table, topics and keys.
 * @param topics those that the settings name, besides that of the deployment
 * @param accounts whose digests go to each topic
 * @param accountId where all of it is looked for
 */
export async function examineService(
  examination: Examination,
  topics: readonly DigestTopic[],
  accounts: AccountsOfTopic,
  accountId: string,
): Promise<ExaminedService> {
  const { tableName, topicArn, accountConcurrency } = examination;
  const { checks: ofFunction, facts } = await examineFunction(examination, accountId);
  const scale = await examineScale(examination, facts?.arn);
  const others = await Promise.all([
    examineSchedule(examination, scale.toStart),
    tableName === undefined
      ? [notSet(examination, 'ROTATION_TABLE_NAME', 'TableName')]
      : examineTable(examination, tableName),
    topicArn === undefined
      ? [notSet(examination, 'ROTATION_TOPIC_ARN', 'TopicArn')]
      : examineTopic(examination, { arn: topicArn }, accounts),
    examineReports(examination, facts),
    examineFindings(examination),
  ]);
  // Hundreds of accounts may each have their own.
  const ofTopics = await pLimit(accountConcurrency).map(
    topics.filter(({ arn }) => arn !== topicArn),
    (topic) => examineTopic(examination, topic, accounts),
  );
  return {
    checks: [...ofFunction, ...scale.checks, ...others.flat(), ...ofTopics.flat(), ...ofSecrets(examination)],
    ...definedOnly({ facts }),
  };
}

export interface ExaminedService {
  readonly checks: readonly Check[];
  /** Of the function, where it could be looked at. */
  readonly facts?: FunctionFacts;
}

/** Of a function that may not be looked at nobody knows where it keeps them. */
async function examineReports(
  { service, region, now }: Examination,
  facts: FunctionFacts | undefined,
): Promise<readonly Check[]> {
  if (facts === undefined) return [];
  const { reportsUrl: url } = facts;
  if (url === undefined) return [keepsNone(region)];
  return await ask(
    'reports',
    'bucket',
    () => service.reports(url),
    async (runs) => {
      const last = runs.find(({ isWhole }) => isWhole);
      return [
        ...reportsChecks(url, runs, now),
        ...(last === undefined
          ? []
          : await ask(
              'reports',
              'last page',
              () => service.hasPage(url, last),
              (isThere) => [pageCheck(last, isThere, { region, now })],
            )),
      ];
    },
    bucketGone(url, region),
  );
}

const examineFindings = ({ service, now }: Examination): Promise<readonly Check[]> =>
  ask(
    'reports',
    'Security Hub',
    () => service.lastFindings(now - LOOK_BACK, now),
    (last) => (last === undefined ? [] : [findingsCheck(last)]),
  );

const notSet = ({ region }: Examination, setting: string, output: string): Check =>
  wrong(
    'settings',
    setting,
    'not set: only audits can run, and what it names is not looked at',
    `export ${setting}=$(${stackOutput(region, output)})`,
  );

/** An id or alias names another key in every account, and only using it shows who may use it. */
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

async function examineFunction({ service, region, topicArn, now }: Examination, accountId: string) {
  let facts: FunctionFacts | undefined;
  const checks = await ask(
    'function',
    'deployed',
    () => service.functionNamed(SERVICE),
    async (found) => {
      facts = found;
      return [
        ok('function', 'deployed', found.arn),
        runtimeCheck(found, region, now),
        await examineInvocation(service),
        ...(await ask(
          'function',
          'last run',
          () => service.lastRun(now - LOOK_BACK, now),
          (finished) => [lastRunCheck(finished, region, now)],
        )),
      ];
    },
    notDeployed({ region, accountId }, topicArn),
  );
  return { checks, facts };
}

/** @param functionArn says where to look; without it, nothing is known */
async function examineScale(
  { service, region }: Examination,
  functionArn: string | undefined,
): Promise<{ readonly checks: readonly Check[]; readonly toStart: ToStart }> {
  const at = functionArn === undefined ? undefined : parseArn(functionArn);
  if (functionArn === undefined || at === undefined) return { checks: [], toStart: {} };
  const arn = `arn:${at.partition}:states:${at.region}:${at.accountId}:stateMachine:${SERVICE}`;
  // Where the state machine may not be looked at, either may be meant.
  let toStart: ToStart = {};
  const checks = await ask(
    'function',
    'scale',
    () => service.stateMachine(arn),
    (machine) => {
      toStart = { functionArn, ...definedOnly({ machineArn: machine?.arn }) };
      return [scaleCheck(machine, region)];
    },
  );
  return { checks, toStart };
}

async function examineInvocation({ mayInvoke }: Examination['service']): Promise<Check> {
  try {
    await mayInvoke(SERVICE);
    return mayCommand();
  } catch (error) {
    return mayNotCommand(failureOf(error, 'lambda:InvokeFunction'));
  }
}

const examineSchedule = ({ service, region }: Examination, toStart: ToStart) =>
  ask(
    'schedule',
    'enabled',
    () => service.scheduleNamed(SERVICE),
    (schedule) => scheduleChecks(schedule, region, toStart),
    gone('schedule', `the schedule ${SERVICE}`, region),
  );

/** What belongs to the table is asked for only when there is one. */
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
