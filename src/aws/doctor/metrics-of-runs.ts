import { GetMetricStatisticsCommand, type CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DAY, type Instant } from '../../domain/time.ts';
import { ask, badAnswer } from '../client/errors.ts';

const ACTION = 'cloudwatch:GetMetricStatistics';

interface Metric {
  readonly namespace: string;
  readonly service: string;
}

/**
 * When a run finished last, to the day, from the metric that every run leaves.
 * @param within how far to look back, in milliseconds
 * @returns undefined when none did in that time
 */
export async function lastRunFinished(
  client: CloudWatchClient,
  metric: Metric,
  now: Instant,
  within: number,
): Promise<Instant | undefined> {
  const days = await valuesByDay(client, metric, { name: 'RunsFinished', statistic: 'Sum' }, now, within);
  const finished = days.filter(({ value }) => value > 0).map(({ day }) => day);
  return finished.length === 0 ? undefined : Math.max(...finished);
}

/**
 * The last day on which findings were sent to Security Hub, or should have been, and whether each attempt failed then:
 * Lambda tries again.
 * @param within how far to look back, in milliseconds
 * @returns undefined when there was no such day
 */
export async function lastFindings(
  client: CloudWatchClient,
  metric: Metric,
  now: Instant,
  within: number,
): Promise<{ readonly day: Instant; readonly failed: boolean } | undefined> {
  const days = await valuesByDay(
    client,
    metric,
    { name: 'FindingsFailed', statistic: 'Minimum' },
    now,
    within,
  );
  const [last] = days.toSorted((one, other) => other.day - one.day);
  return last === undefined ? undefined : { day: last.day, failed: last.value > 0 };
}

async function valuesByDay(
  client: CloudWatchClient,
  { namespace, service }: Metric,
  { name, statistic }: { readonly name: string; readonly statistic: 'Sum' | 'Minimum' },
  now: Instant,
  within: number,
): Promise<readonly { readonly day: Instant; readonly value: number }[]> {
  const input = {
    Namespace: namespace,
    MetricName: name,
    Dimensions: [{ Name: 'service', Value: service }],
    StartTime: new Date(now - within),
    EndTime: new Date(now),
    Period: DAY / 1000,
    Statistics: [statistic],
  };
  const { Datapoints } = await ask(ACTION, () => client.send(new GetMetricStatisticsCommand(input)));
  if (!Array.isArray(Datapoints)) throw badAnswer(ACTION, 'its list');
  return Datapoints.map(({ [statistic]: value, Timestamp }) => {
    if (value === undefined || Timestamp === undefined) throw badAnswer(ACTION, 'a number or its day');
    return { day: Timestamp.getTime(), value };
  });
}
