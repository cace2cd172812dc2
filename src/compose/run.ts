import { definedOnly } from '../domain/defined-only.ts';
import type { AwsSettings } from '../aws/client/config.ts';
import { eventBridgeSink } from '../aws/messaging/event-sink.ts';
import { snsNotifier } from '../aws/messaging/notifier.ts';
import { pace, pacedNotifier, pacedPlaintext } from '../aws/messaging/pace.ts';
import { snsPlaintext } from '../aws/messaging/plaintext-sender.ts';
import { snsReaderLookup } from '../aws/messaging/reader-lookup.ts';
import { openSecrets } from '../aws/secret/open-secrets.ts';
import { lastRunRow } from '../aws/table/last-run-row.ts';
import { sharedPace } from '../aws/table/shared-pace.ts';
import type { Request } from '../config/request.ts';
import type { Settings } from '../config/settings.ts';
import { announcedBy, eventsOf } from '../report/data/events.ts';
import { digestOf } from '../report/digest/digest.ts';
import { ownerMessagesOf } from '../report/digest/owner-messages.ts';
import { summaryOf } from '../report/summary/summary.ts';
import type { RunContext } from '../run/context/run-context.ts';
import type { LastRunStore } from '../run/ports/last-run.ts';
import { composeBase } from './base.ts';
import { awsSettings, type Environment } from './environment.ts';
import { once } from './once.ts';

/** Builds the AWS adapters and everything else a run needs that changes things. Calls nothing yet. */
export function compose(settings: Settings, request: Request, environment: Environment): RunContext {
  const run = composeBase(settings, request, environment, { openSecrets, plaintextTo: snsPlaintext });
  if (!environment.publish) return run;
  const aws = awsSettings(environment);
  const { mode, topicArn } = settings;
  const context = { runId: run.runId, mode, now: run.now, region: environment.region };
  // Whatever goes to a topic goes to the same readers.
  const { tableName } = settings;
  const paceOf = once((arn) =>
    environment.shared === undefined || tableName === undefined
      ? pace(run.clock)
      : sharedPace(aws, tableName, arn, run.clock),
  );
  return {
    ...run,
    plaintextTo: once((arn) => pacedPlaintext(run.plaintextTo(arn), paceOf(arn))),
    publishing: {
      to: once((arn) => pacedNotifier(snsNotifier(aws, arn), paceOf(arn))),
      ...definedOnly({ sharedTopicArn: topicArn }),
      readers: snsReaderLookup(aws),
      events: eventBridgeSink(aws, run.clock.sleep),
      digestOf: (report, evenIfNothing) =>
        report.status === 'rotated' || report.status === 'unreachable'
          ? digestOf(report, { ...context, evenIfNothing })
          : undefined,
      ownerMessagesOf: (report) =>
        report.status === 'rotated' && report.settings.values.perOwner
          ? ownerMessagesOf(report, { ...context, evenIfNothing: false })
          : [],
      eventsOf: (report) => eventsOf(report, context),
      announcedBy,
      summaryOf: (report) => summaryOf(report, {}),
    },
  };
}

/** What one run leaves for the next, where there is a table. An audit writes nothing, not even this. */
export function runMemory({ tableName }: Settings, aws: AwsSettings): LastRunStore | undefined {
  return tableName === undefined ? undefined : lastRunRow(aws, tableName);
}
