import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRICS as NAMESPACE, SERVICE } from './domain/health/check.ts';
import type { JsonReport } from './report/data/json-report.ts';
import type { Metric } from './report/data/metrics.ts';

export { NAMESPACE, SERVICE };

/** Structured logs, and metrics that CloudWatch reads out of the log. */
export interface Telemetry {
  readonly info: (message: string, about?: Readonly<Record<string, unknown>>) => void;
  readonly warn: (message: string, about?: Readonly<Record<string, unknown>>) => void;
  readonly error: (message: string, about?: Readonly<Record<string, unknown>>) => void;
  /** What goes into every line from now on. */
  readonly identify: (about: Readonly<Record<string, string>>) => void;
  readonly emit: (metrics: readonly Metric[]) => void;
}

export function telemetry(): Telemetry {
  const logger = new Logger({ serviceName: SERVICE });
  const metrics = new Metrics({ serviceName: SERVICE, namespace: NAMESPACE });
  return {
    info: (message, more = {}) => logger.info(message, more),
    warn: (message, more = {}) => logger.warn(message, more),
    error: (message, more = {}) => logger.error(message, more),
    identify: (more) => logger.appendPersistentKeys(more),
    emit: (all) => {
      for (const { name, unit, value } of all) metrics.addMetric(name, MetricUnit[unit], value);
      metrics.publishStoredMetrics();
    },
  };
}

/**
 * One line for each account and each thing that was done, held back or failed, so that a query finds
 * a key or a user; a report as a whole would not fit into one line.
 */
export function logReport(report: JsonReport, clean: boolean, { info, warn }: Telemetry): void {
  for (const { accountId, accountName, status, cause, outcomes, findings } of report.accounts) {
    const about = { accountId, accountName };
    const say = status === 'unreachable' || status === 'not-started' ? warn : info;
    say('account', { ...about, status, cause, findings, keys: outcomes.length });
    for (const outcome of outcomes.filter((one) => one.status !== 'none')) {
      const failed = outcome.status === 'failed' || outcome.status === 'partial';
      // `message` is the log's own word.
      const { message: why, ...rest } = outcome;
      (failed ? warn : info)('outcome', { ...about, ...rest, why });
    }
  }
  const { mode, startedAt, finishedAt, totals, findings } = report;
  (clean ? info : warn)('run finished', { clean, mode, startedAt, finishedAt, totals, findings });
}
