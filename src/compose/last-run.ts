import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { clientConfig } from '../aws/client/config.ts';
import { lastRunFinished } from '../aws/doctor/metrics-of-runs.ts';
import type { Instant } from '../domain/time.ts';

/** When a run finished last; undefined when none did within so many milliseconds. */
export const lastRun = (
  region: string,
  metric: Parameters<typeof lastRunFinished>[1],
  now: Instant,
  within: number,
): Promise<Instant | undefined> =>
  lastRunFinished(new CloudWatchClient(clientConfig({ region })), metric, now, within);
