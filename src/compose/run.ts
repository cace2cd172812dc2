import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { accountDirectory } from '../aws/account/directory.ts';
import { stsSessions } from '../aws/account/sessions.ts';
import { type CallCounts } from '../aws/client/call-counts.ts';
import { type AwsSettings } from '../aws/client/config.ts';
import { type AwsCredentialIdentityProvider } from '../aws/client/credentials.ts';
import { regionOfEnvironment } from '../aws/client/region.ts';
import { lastRunFinished } from '../aws/doctor/last-run-metric.ts';
import { eventBridgeSink } from '../aws/messaging/event-sink.ts';
import { snsNotifier } from '../aws/messaging/notifier.ts';
import { snsPlaintext } from '../aws/messaging/plaintext-sender.ts';
import { keyOfProfile, readOwnKey, type HeldKey } from '../aws/secret/own-secret.ts';
import { dynamoHistory } from '../aws/table/history.ts';
import { lastRunRow } from '../aws/table/last-run-row.ts';
import { dynamoLedger } from '../aws/table/ledger.ts';
import type { Request } from '../config/request.ts';
import type { Settings } from '../config/settings.ts';
import { definedOnly } from '../domain/defined-only.ts';
import { InputError } from '../domain/errors.ts';
import { DAY, type Duration, type Instant } from '../domain/time.ts';
import { eventsOf } from '../report/data/events.ts';
import { digestOf } from '../report/digest/digest.ts';
import { summaryOf } from '../report/summary/summary.ts';
import { emptyLedger, readOnlyLedger } from '../run/context/read-only-ledger.ts';
import type { Progress, RunContext } from '../run/context/run-context.ts';
import type { Clock } from '../run/ports/clock.ts';
import type { History } from '../run/ports/history.ts';
import type { Deferred, LastRunStore } from '../run/ports/last-run.ts';
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
  readonly late?: readonly Deferred[];
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
  ...definedOnly({ endpoint, credentials, counts, requestTimeout }),
});

/** Builds the AWS adapters and everything else a run needs. Calls nothing yet. */
export function compose(settings: Settings, request: Request, surroundings: Surroundings): RunContext {
  const { clock = systemClock, progress = SILENT, region, deadline } = surroundings;
  const aws = awsSettings(surroundings);
  const now = clock.now();
  const runId = newRunId(now);
  const { mode, tableName, topicArn, organizationsRoleArn } = settings;
  const ledger = tableName === undefined ? emptyLedger : dynamoLedger(aws, tableName);
  const context = { runId, mode, now, region };
  return {
    runId,
    ...definedOnly({ cap: request.mode }),
    now,
    selection: { ...settings.selection, onlyAccounts: request.accountIds },
    userNames: request.userNames,
    deferred: surroundings.late ?? [],
    turn: Math.floor(now / DAY),
    accountConcurrency: settings.accountConcurrency,
    userConcurrency: settings.userConcurrency,
    ...definedOnly({ deadline }),
    clock,
    directory: accountDirectory(
      aws,
      organizationsRoleArn === undefined ? undefined : { roleArn: organizationsRoleArn, runId },
      clock,
    ),
    settings: settingsSource(aws, settings, now),
    sessions: stsSessions(aws, { ...settings, runId }, clock),
    // A run that was asked for as an audit writes nothing, whatever the settings allow.
    ledger: request.mode === 'audit' ? readOnlyLedger(ledger) : ledger,
    ...(surroundings.publish
      ? {
          publishing: {
            to: once((arn) => snsNotifier(aws, arn)),
            ...definedOnly({ sharedTopicArn: topicArn }),
            events: eventBridgeSink(aws, clock.sleep),
            digestOf: (report, evenIfQuiet) =>
              report.status === 'rotated' || report.status === 'unreachable'
                ? digestOf(report, { ...context, evenIfNothing: evenIfQuiet })
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

/** What one run leaves for the next, where there is a table. An audit writes nothing, not even this. */
export function runMemory({ tableName }: Settings, aws: AwsSettings): LastRunStore | undefined {
  return tableName === undefined ? undefined : lastRunRow(aws, tableName);
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
    readOwnKey({ region, ...definedOnly({ endpoint }) }, userName, held, secretId),
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
  const region = await regionOfEnvironment();
  if (region === undefined) {
    throw new InputError(['AWS_REGION: must be set, for instance to eu-central-1']);
  }
  return region;
}
