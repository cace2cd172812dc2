import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { STSClient } from '@aws-sdk/client-sts';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { assumeRole, sessionNameOf } from '../aws/account/assume-role.ts';
import { organizationDirectory } from '../aws/account/organization.ts';
import { stsSessions } from '../aws/account/sessions.ts';
import { counted, type CallCounts } from '../aws/client/call-counts.ts';
import { clientConfig, type AwsSettings } from '../aws/client/config.ts';
import { shared, type AwsCredentialIdentityProvider } from '../aws/client/credentials.ts';
import { lastRunFinished } from '../aws/doctor/last-run-metric.ts';
import { eventBridgeSink } from '../aws/messaging/event-sink.ts';
import { snsNotifier } from '../aws/messaging/notifier.ts';
import { snsPlaintext } from '../aws/messaging/plaintext-sender.ts';
import { keyOfProfile, readOwnKey, type HeldKey } from '../aws/secret/own-secret.ts';
import { dynamoHistory } from '../aws/table/history.ts';
import { dynamoRunMemory } from '../aws/table/last-run-row.ts';
import { dynamoLedger } from '../aws/table/ledger.ts';
import type { Request } from '../config/request.ts';
import type { Settings } from '../config/settings.ts';
import { InputError } from '../domain/errors.ts';
import { DAY, type Duration, type Instant } from '../domain/time.ts';
import { eventsOf } from '../report/data/events.ts';
import { digestOf } from '../report/digest/digest.ts';
import { summaryOf } from '../report/summary/summary.ts';
import { forgetful, readOnlyLedger } from '../run/context/read-only-ledger.ts';
import type { Progress, Run } from '../run/context/run-context.ts';
import type { AccountDirectory } from '../run/ports/accounts.ts';
import type { Clock } from '../run/ports/clock.ts';
import type { History } from '../run/ports/history.ts';
import type { Late, RunMemory } from '../run/ports/last-run.ts';
import { settingsSource } from './settings-source.ts';

/** Where a run takes place. Everything but `region` has a default for the real world. */
export interface Surroundings {
  readonly region: string;
  /** For tests; in production the SDK finds the endpoints, and honours AWS_ENDPOINT_URL. */
  readonly endpoint?: string;
  readonly credentials?: AwsCredentialIdentityProvider;
  readonly clock?: Clock;
  readonly deadline?: Instant;
  /** Publish digests and the summary, if there is a topic. */
  readonly publish: boolean;
  readonly progress?: Progress;
  /** What the last run had no time for. */
  readonly late?: readonly Late[];
  /** Counted up by every call to AWS. */
  readonly counts?: CallCounts;
  /** For tests: milliseconds until a call counts as lost. */
  readonly requestTimeout?: Duration;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (duration) => {
    await sleep(duration);
  },
};

const NO_HISTORY: History = { of: () => Promise.resolve([]) };
const SILENT: Progress = { accountsFound: () => undefined, accountDone: () => undefined };

export const awsSettings = ({
  region,
  endpoint,
  credentials,
  counts,
  requestTimeout,
}: Pick<Surroundings, 'region' | 'endpoint' | 'credentials' | 'counts' | 'requestTimeout'>): AwsSettings => ({
  region,
  ...(endpoint === undefined ? {} : { endpoint }),
  ...(credentials === undefined ? {} : { credentials }),
  ...(counts === undefined ? {} : { counts }),
  ...(requestTimeout === undefined ? {} : { requestTimeout }),
});

/** Builds the AWS adapters and everything else a run needs. Calls nothing yet. */
export function compose(settings: Settings, request: Request, surroundings: Surroundings): Run {
  const { clock = systemClock, progress = SILENT, region, deadline } = surroundings;
  const aws = awsSettings(surroundings);
  const now = clock.now();
  const runId = newRunId(now);
  const { mode, tableName, topicArn } = settings;
  const ledger = tableName === undefined ? forgetful : dynamoLedger(aws, tableName);
  const context = { runId, mode, now, region };
  return {
    runId,
    ...(request.mode === undefined ? {} : { cap: request.mode }),
    now,
    selection: { ...settings.selection, onlyAccounts: request.accountIds },
    userNames: request.userNames,
    late: surroundings.late ?? [],
    turn: Math.floor(now / DAY),
    accountConcurrency: settings.accountConcurrency,
    userConcurrency: settings.userConcurrency,
    ...(deadline === undefined ? {} : { deadline }),
    clock,
    directory: directory(aws, settings, runId, clock),
    settings: settingsSource(aws, settings, now),
    sessions: stsSessions(aws, { ...settings, runId }, clock),
    // A run that was asked for as an audit writes nothing, whatever the settings allow.
    ledger: request.mode === 'audit' ? readOnlyLedger(ledger) : ledger,
    ...(surroundings.publish
      ? {
          publishing: {
            to: once((arn) => snsNotifier(aws, arn)),
            ...(topicArn === undefined ? {} : { sharedTopicArn: topicArn }),
            events: eventBridgeSink(aws, clock.sleep),
            digestOf: (report, evenIfQuiet) =>
              report.status === 'rotated' || report.status === 'unreachable'
                ? digestOf(report, { ...context, evenIfQuiet })
                : undefined,
            eventsOf: (report) => eventsOf(report, context),
            summaryOf: (report) => summaryOf(report, {}),
          },
        }
      : {}),
    history: tableName === undefined ? NO_HISTORY : dynamoHistory(aws, tableName),
    plaintextTo: once((arn) => snsPlaintext(aws, arn)),
    progress,
  };
}

/** The same answer for the same name, so that a topic is asked about once a run. */
function once<Value>(make: (name: string) => Value): (name: string) => Value {
  const made = new Map<string, Value>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const value = make(name);
    made.set(name, value);
    return value;
  };
}

function directory(aws: AwsSettings, settings: Settings, runId: string, clock: Clock): AccountDirectory {
  const { organizationsRoleArn: roleArn } = settings;
  if (roleArn === undefined)
    return organizationDirectory(counted(new OrganizationsClient(clientConfig(aws)), aws.counts));
  const sts = counted(new STSClient(clientConfig(aws)), aws.counts);
  const fetch = () =>
    assumeRole(sts, {
      roleArn,
      sessionName: sessionNameOf(runId),
      nextStep: `Check that ROTATION_ORGANIZATIONS_ROLE_ARN (${roleArn}) exists and that its trust policy admits the role of the service.`,
    });
  return {
    list: async (options) => {
      const credentials = shared(fetch, await fetch(), () => clock.now());
      const client = new OrganizationsClient(clientConfig({ ...aws, credentials }));
      return organizationDirectory(counted(client, aws.counts)).list(options);
    },
  };
}

/** What one run leaves for the next, where there is a table. An audit writes nothing, not even this. */
export function runMemory({ tableName }: Settings, aws: AwsSettings): RunMemory | undefined {
  return tableName === undefined ? undefined : dynamoRunMemory(aws, tableName);
}

/** When a run finished last; undefined when none did within so many milliseconds. */
export const lastRun = (
  region: string,
  metric: Parameters<typeof lastRunFinished>[1],
  now: Instant,
  within: number,
): Promise<Instant | undefined> => lastRunFinished({ region }, metric, now, within);

/** What was done, for people who ask. */
export const history = (
  tableName: string,
  surroundings: Pick<Surroundings, 'region' | 'endpoint' | 'credentials'>,
): History => dynamoHistory(awsSettings(surroundings), tableName);

/** What a workload needs to get at its own key. */
export const consumer = ({ region, endpoint }: Pick<Surroundings, 'region' | 'endpoint'>) => ({
  readOwnKey: (userName: string, held: HeldKey, secretId?: string) =>
    readOwnKey({ region, ...(endpoint === undefined ? {} : { endpoint }) }, userName, held, secretId),
  keyOfProfile,
});

export type { HeldKey };

/** Sorts by time, and tells apart two runs of the same second: `20261124T060000Z-a1b2c3`. */
const newRunId = (now: Instant): string =>
  `${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z-${randomBytes(3).toString('hex')}`;

/**
 * The region the SDK finds, in AWS_REGION or in the profile.
 * @throws InputError when there is none
 */
export async function findRegion(): Promise<string> {
  const sts = new STSClient({});
  try {
    return await sts.config.region();
  } catch {
    throw new InputError(['AWS_REGION: must be set, for instance to eu-central-1']);
  } finally {
    sts.destroy();
  }
}
