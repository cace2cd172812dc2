import { accountContacts } from '../aws/account/contacts.ts';
import { snsTopics } from '../aws/messaging/topics.ts';
import { definedOnly } from '../domain/defined-only.ts';
import { awsSettings, type Environment } from './environment.ts';
import { composePlan } from './plan.ts';
import type { Request } from '../config/request.ts';
import type { Settings } from '../config/settings.ts';
import { days } from '../domain/time.ts';
import type { Subscribing } from '../run/subscribe/plan.ts';
import { settingsSource } from './settings-source.ts';
import { tableTopicSettings } from './topic-settings.ts';

/** Builds what `subscribe` works with. Calls nothing yet. */
export function composeSubscribe(
  settings: Settings,
  request: Request,
  environment: Omit<Environment, 'publish' | 'progress' | 'deadline'>,
): Subscribing {
  const run = composePlan(settings, request, environment);
  const aws = awsSettings(environment);
  const { tableName } = settings;
  return {
    now: run.now,
    selection: run.selection,
    directory: run.directory,
    settings: settingsSource(aws, settings, run.now),
    sessions: run.sessions,
    topics: snsTopics(aws),
    contacts: accountContacts(aws),
    ...definedOnly({
      topicSettings:
        tableName === undefined
          ? undefined
          : tableTopicSettings(aws, tableName, run, days(settings.historyDays)),
    }),
  };
}
