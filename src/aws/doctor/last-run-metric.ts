import { GetMetricStatisticsCommand, type CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DAY, type Instant } from '../../domain/time.ts';
import { ask, badAnswer } from '../client/errors.ts';

const ACTION = 'cloudwatch:GetMetricStatistics';

/**
 * When a run finished last, to the day, from the metric that every run leaves.
 * @param within how far to look back, in milliseconds
 * @returns undefined when none did in that time
 */
export async function lastRunFinished(
  client: CloudWatchClient,
  metric: { readonly namespace: string; readonly service: string },
  now: Instant,
  within: number,
): Promise<Instant | undefined> {
  const input = {
    Namespace: metric.namespace,
    MetricName: 'RunsFinished',
    Dimensions: [{ Name: 'service', Value: metric.service }],
    StartTime: new Date(now - within),
    EndTime: new Date(now),
    Period: DAY / 1000,
    Statistics: ['Sum' as const],
  };
  const { Datapoints } = await ask(ACTION, () => client.send(new GetMetricStatisticsCommand(input)));
  if (!Array.isArray(Datapoints)) throw badAnswer(ACTION, 'its list');
  const days = Datapoints.flatMap(({ Sum, Timestamp }) => {
    if (Sum === undefined || Timestamp === undefined) throw badAnswer(ACTION, 'a sum or its day');
    return Sum > 0 ? [Timestamp.getTime()] : [];
  });
  return days.length === 0 ? undefined : Math.max(...days);
}
