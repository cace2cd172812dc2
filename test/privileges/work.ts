import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { clientConfig } from '../../src/aws/client/config.ts';
import { lastRunFinished } from '../../src/aws/doctor/metrics-of-runs.ts';
import { dynamoFormerMembers } from '../../src/aws/table/former-members.ts';
import { runMemory } from '../../src/compose/run.ts';
import { readSettings } from '../../src/config/settings.ts';
import type { RunReport } from '../../src/domain/report/run-report.ts';
import { DAY } from '../../src/domain/time.ts';
import { notWorkedOnIn } from '../../src/report/data/metrics.ts';
import type { LastRunStore } from '../../src/run/ports/last-run.ts';
import { deferredIn } from '../../src/run/rotation/deferred.ts';
import type { RunOptions, World } from '../support/world.ts';
import { distinct, problemOf, problemsOf } from './problems.ts';

export interface Work {
  /** Undefined: the organization could not be listed. */
  readonly report: RunReport | undefined;
  readonly problems: readonly string[];
}

/**
 * All that the functions of the service do with AWS (src/handler.ts, src/watch.ts): a run, what it
 * hands on to the next one, and the daily look at when it was.
 */
export async function work(world: World, options: RunOptions = {}): Promise<Work> {
  const { mode = 'enforce', environment = {} } = options;
  const settings = readSettings({ ROTATION_MODE: mode, ...world.environment, ...environment }, mode);
  let report: RunReport | undefined;
  const failed = [
    ...(await problemOf(world.run(options).then((done) => (report = done)))),
    ...(report === undefined ? [] : await handOn(report, runMemory(settings, world.aws))),
    ...(report === undefined || report.isAudit ? [] : await rememberMembers(report, world)),
    ...(await problemOf(
      lastRunFinished(new CloudWatchClient(clientConfig(world.aws)), METRIC, world.clock.now(), DAY),
    )),
  ];
  return { report, problems: distinct([...(report === undefined ? [] : problemsOf(report)), ...failed]) };
}

async function handOn(report: RunReport, memory: LastRunStore | undefined): Promise<readonly string[]> {
  if (memory === undefined || report.isAudit) return [];
  return [
    ...(await problemOf(memory.read())),
    ...(await problemOf(
      memory.change(report.runId, ({ deferred }) => ({
        unreachable: notWorkedOnIn(report),
        deferred: deferredIn(report.accounts, deferred),
        surveyed: new Map(),
        runs: 0,
      })),
    )),
  ];
}

const rememberMembers = ({ accounts }: RunReport, { aws, organization }: World) =>
  problemOf(
    dynamoFormerMembers(aws, organization.tableName).remember(accounts.map(({ account }) => account.id)),
  );

const METRIC = { namespace: 'AccessKeyRotation', service: 'access-key-rotation' };
