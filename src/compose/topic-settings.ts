import type { AwsSettings } from '../aws/client/config.ts';
import { settingsTable } from '../aws/table/settings-table.ts';
import { changingOne } from '../config/settings-change.ts';
import { keyOf, readItems, type StoredRow } from '../config/settings-rows.ts';
import { OperationError } from '../domain/errors.ts';
import type { Target } from '../domain/settings/setting.ts';
import { describeTarget } from '../domain/settings/setting.ts';
import type { Duration } from '../domain/time.ts';
import type { RunContext } from '../run/context/run-context.ts';
import type { TopicSettings } from '../run/ports/topics.ts';
import { writeSettings } from '../run/settings/write-setting.ts';
import { settingsWriter } from './settings-writer.ts';

/** The topics of accounts in the table of settings. */
export function tableTopicSettings(
  aws: AwsSettings,
  tableName: string,
  { runId, now, clock, sessions }: Pick<RunContext, 'runId' | 'now' | 'clock' | 'sessions'>,
  historyKept: Duration,
): TopicSettings {
  const table = settingsTable(aws, tableName, { historyKept });
  const stored = async () => {
    const read = await table.read();
    return { read, rows: readItems(read.items, now) };
  };
  let asPlanned: Promise<readonly StoredRow[]> | undefined;
  return {
    changedAt: async (accountId) => {
      asPlanned ??= stored().then(({ rows }) => rows);
      const at = (await asPlanned).find(({ key }) => key === keyOf(account(accountId)))?.changed?.at;
      const instant = at === undefined ? Number.NaN : Date.parse(at);
      return Number.isNaN(instant) ? undefined : instant;
    },
    setTopic: async (accountId, topicArn) => {
      const target = account(accountId);
      const { read, rows } = await stored();
      const changing = changingOne(
        rows,
        target,
        ({ values, final }) => ({ values: { ...values, topicArn }, final }),
        now,
      );
      if (changing.kind === 'failed') throw refused(changing.problems);
      const message = `Settings of ${describeTarget(target)} changed: topicArn is ${topicArn} now, and everybody who gets the digests of the account is subscribed there`;
      const changes = changing.value.map((change) => ({ ...change, reason: 'topicArn', message }));
      if (changes.length === 0) return;
      const writer = settingsWriter(table, read, false);
      await writeSettings(changes, { at: clock.now(), runId, sessions, writer });
    },
  };
}

const account = (accountId: string): Target => ({ level: 'account', accountId });

const refused = (problems: readonly string[]): OperationError =>
  new OperationError({
    kind: 'unknown',
    during: 'write the settings',
    message: problems.join('; '),
    nextStep:
      'Correct it: access-key-rotation settings list shows all rows, settings set and unset change them.',
  });
