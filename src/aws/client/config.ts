import { agentOptions, type Connections } from './agent.ts';
import type { AwsCredentialIdentityProvider } from './credentials.ts';
import type { CallCounts } from './call-counts.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import { SECOND, type Duration } from '../../domain/time.ts';

/** What every client of this project is made with. */
export interface AwsSettings {
  readonly region: string;
  /** Set where AWS is emulated; in production the SDK finds the endpoints itself. */
  readonly endpoint?: string;
  /** Absent: the credentials that the SDK finds by itself. */
  readonly credentials?: AwsCredentialIdentityProvider;
  /** Counts the calls of every client that is made with these settings. */
  readonly counts?: CallCounts;
  /** Of all clients that are made with these settings. Absent: each has its own, and has to be destroyed. */
  readonly connections?: Connections;
  /** For tests, which can't wait for as long: milliseconds until a call counts as lost. */
  readonly requestTimeout?: Duration;
}

/**
 * Adaptive retries, since IAM throttles per account at a limit it doesn't publish. Timeouts, since
 * the SDK has none and one silent connection would hold up an account for ever.
 */
export const clientConfig = ({
  region,
  endpoint,
  credentials,
  connections,
  requestTimeout = 15 * SECOND,
}: AwsSettings) => ({
  region,
  ...definedOnly({ endpoint, credentials }),
  retryMode: 'adaptive' as const,
  maxAttempts: 5,
  requestHandler: {
    connectionTimeout: 3 * SECOND,
    requestTimeout,
    throwOnRequestTimeout: true,
    ...(connections ?? agentOptions()),
  },
});

/**
 * For IAM, whose rate everybody in the account shares: about one call in eight of a run that goes as
 * fast as it may is throttled, one in three where others are as busy, and a run makes thousands. Eight
 * attempts with their timeouts still end before the margin of a lease.
 */
export const patient = ({ requestTimeout = 10 * SECOND, ...settings }: AwsSettings) => ({
  ...clientConfig({ ...settings, requestTimeout }),
  maxAttempts: 8,
});

/**
 * For calls that must be sent exactly once, on connections of their own: one that others have left idle may be
 * closed at that very moment, and then nobody knows what became of the call.
 */
export const sentOnce = ({ connections: _shared, ...settings }: AwsSettings) => ({
  ...clientConfig(settings),
  maxAttempts: 1,
});
