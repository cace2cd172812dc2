import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { STSClient } from '@aws-sdk/client-sts';
import { assumeRole, sessionNameOf } from './aws/assume-role.ts';
import { clientConfig, type AwsSettings } from './aws/clients.ts';
import { shared, type AwsCredentialIdentityProvider } from './aws/credentials.ts';
import { counted, type CallCounts } from './aws/counting.ts';
import { lastRunFinished } from './aws/last-run.ts';
import { dynamoLedger } from './aws/ledger.ts';
import { snsNotifier } from './aws/notifier.ts';
import { keyOfProfile, readOwnKey, type HeldKey } from './aws/own-secret.ts';
import { organizationDirectory } from './aws/organization.ts';
import { dynamoRunMemory } from './aws/run-memory.ts';
import { stsSessions } from './aws/sessions.ts';
import type { Request } from './config/request.ts';
import type { Settings } from './config/settings.ts';
import { toPolicy } from './domain/policy.ts';
import { InputError } from './domain/refusal.ts';
import { DAY, type Instant } from './domain/time.ts';
import { digestOf } from './report/digest.ts';
import { summaryOf } from './report/organization-summary.ts';
import { forgetful, readOnlyLedger } from './run/audit-ledger.ts';
import type { AccountDirectory, Clock, RunMemory } from './run/ports.ts';
import type { Progress, Run } from './run/run.ts';

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
  /** Counted up by every call to AWS. */
  readonly counts?: CallCounts;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (duration) => {
    await sleep(duration);
  },
};

const SILENT: Progress = { accountsFound: () => undefined, accountDone: () => undefined };

/** Builds the AWS adapters and everything else a run needs. Calls nothing yet. */
export function compose(settings: Settings, request: Request, surroundings: Surroundings): Run {
  const { clock = systemClock, progress = SILENT, region, endpoint, credentials, deadline } = surroundings;
  const aws: AwsSettings = {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(surroundings.counts === undefined ? {} : { counts: surroundings.counts }),
  };
  const now = clock.now();
  const runId = newRunId(now);
  const policy = toPolicy(settings.policy);
  const { mode, tableName, topicArn } = settings;
  const audit = mode === 'audit';
  const ledger = tableName === undefined ? forgetful : dynamoLedger(aws, tableName);
  const context = { ...policy, runId, mode, now, region };
  return {
    runId,
    mode,
    now,
    policy,
    limits: settings.limits,
    selection: { ...settings.selection, onlyAccounts: request.accountIds },
    userNames: request.userNames,
    turn: Math.floor(now / DAY),
    accountConcurrency: settings.accountConcurrency,
    userConcurrency: settings.userConcurrency,
    ...(deadline === undefined ? {} : { deadline }),
    clock,
    directory: directory(aws, settings, runId, clock),
    sessions: stsSessions(aws, { ...settings, runId, readOnly: audit }, clock),
    ledger: audit ? readOnlyLedger(ledger) : ledger,
    ...(surroundings.publish && topicArn !== undefined ? { notifier: snsNotifier(aws, topicArn) } : {}),
    digestOf: (report) =>
      report.status === 'rotated' || report.status === 'unreachable' ? digestOf(report, context) : undefined,
    summaryOf: (report) => summaryOf(report, {}),
    progress,
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

/** What one run leaves for the next; nothing where nothing may be written. */
export function runMemory({ mode, tableName }: Settings, aws: AwsSettings): RunMemory | undefined {
  return mode === 'audit' || tableName === undefined ? undefined : dynamoRunMemory(aws, tableName);
}

/** When a run finished last; undefined when none did within so many milliseconds. */
export const lastRun = (
  region: string,
  metric: Parameters<typeof lastRunFinished>[1],
  now: Instant,
  within: number,
): Promise<Instant | undefined> => lastRunFinished({ region }, metric, now, within);

/** What a workload needs to get at its own key. */
export const consumer = ({ region, endpoint }: Pick<Surroundings, 'region' | 'endpoint'>) => ({
  readOwnKey: (userName: string, held: HeldKey) =>
    readOwnKey({ region, ...(endpoint === undefined ? {} : { endpoint }) }, userName, held),
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
