import { definedOnly } from '../domain/defined-only.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallCounts } from '../aws/client/call-counts.ts';
import type { AwsSettings } from '../aws/client/config.ts';
import type { AwsCredentialIdentityProvider } from '../aws/client/credentials.ts';
import type { Duration, Instant } from '../domain/time.ts';
import type { Progress } from '../run/context/run-context.ts';
import type { Clock } from '../run/ports/clock.ts';
import type { Deferred } from '../run/ports/last-run.ts';

/** Where a run takes place. Everything but `region` has a default for production. */
export interface Environment {
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
  readonly deferred?: readonly Deferred[];
  /** The ids of the accounts that it could not work on. */
  readonly notWorkedOn?: readonly string[];
  /** For a process that is one of several of the same run. */
  readonly shared?: SharedRun;
  /** In how many runs each account was looked at, by its id. */
  readonly surveyed?: ReadonlyMap<string, number>;
  /** How many runs there were; absent where nobody remembers. */
  readonly turn?: number;
  /** Counted up by every call to AWS. */
  readonly counts?: CallCounts;
  /** For tests: milliseconds until a call counts as lost. */
  readonly requestTimeout?: Duration;
}

/** A run that several processes carry out, as one of them sees it. */
interface SharedRun {
  readonly runId: string;
  /** The moment that everything is about; absent: that of this process. */
  readonly now?: Instant;
  /** Tells this process from the others of the run: what accounts are held by. */
  readonly holder: string;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (duration) => {
    await sleep(duration);
  },
};

export const awsSettings = ({
  region,
  endpoint,
  credentials,
  counts,
  requestTimeout,
}: Pick<Environment, 'region' | 'endpoint' | 'credentials' | 'counts' | 'requestTimeout'>): AwsSettings => ({
  region,
  ...definedOnly({ endpoint, credentials, counts, requestTimeout }),
});
