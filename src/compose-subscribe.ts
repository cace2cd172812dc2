import { accountContacts } from './aws/contacts.ts';
import { snsTopics } from './aws/subscriptions.ts';
import { awsSettings, compose, type Surroundings } from './compose.ts';
import type { Request } from './config/request.ts';
import type { Settings } from './config/settings.ts';
import type { Subscribing } from './run/plan-subscriptions.ts';
import { settingsSource } from './settings-source.ts';
import { tableTopicSettings } from './topic-settings.ts';

/** Builds what `subscribe` works with. Calls nothing yet. */
export function composeSubscribe(
  settings: Settings,
  request: Request,
  surroundings: Omit<Surroundings, 'publish' | 'progress' | 'deadline'>,
): Subscribing {
  const run = compose(settings, request, { ...surroundings, publish: false });
  const aws = awsSettings(surroundings);
  const { tableName } = settings;
  return {
    now: run.now,
    selection: run.selection,
    directory: run.directory,
    settings: settingsSource(aws, settings, run.now),
    sessions: run.sessions,
    topics: snsTopics(aws),
    contacts: accountContacts(aws),
    ...(tableName === undefined ? {} : { topicSettings: tableTopicSettings(aws, tableName, run) }),
  };
}
