import { definedOnly } from '../../domain/defined-only.ts';
import type { SettingsRow, Target } from '../../domain/settings/setting.ts';
import type { Instant } from '../../domain/time.ts';
import type { Sessions } from '../ports/accounts.ts';
import type { SettingsRowWrite, SettingsWriter } from '../ports/settings.ts';

/** A row of the settings that changes, and what its history is to say. */
export interface SettingChange {
  /** The name of the row in the table. */
  readonly key: string;
  /** Absent for a row whose key nobody understands. */
  readonly target?: Target;
  /** Absent when the row goes. */
  readonly after?: SettingsRow;
  /** For machines: which settings. */
  readonly reason: string;
  /** One sentence for people. */
  readonly message: string;
}

/** Who writes, when and where to. */
export interface SettingsWriting {
  readonly at: Instant;
  readonly runId: string;
  readonly sessions: Pick<Sessions, 'caller'>;
  readonly writer: SettingsWriter;
}

/**
 * Writes rows of settings, each with an entry in the history that names who did it.
 * @throws OperationError when the caller's own identity can't be read (nothing is written without it), or
 * when somebody else has changed the settings meanwhile
 */
export async function writeSettings(
  changes: readonly SettingChange[],
  { at, runId, sessions, writer }: SettingsWriting,
): Promise<void> {
  const by = await sessions.caller();
  await writer.write(changes.map((change) => rowWrite(change, { at, runId, by })));
}

function rowWrite(
  { key, target, after, reason, message }: SettingChange,
  who: Pick<SettingsRowWrite['entry'], 'at' | 'runId' | 'by'>,
): SettingsRowWrite {
  return {
    key,
    ...definedOnly({ after }),
    partition: target !== undefined && 'accountId' in target ? target.accountId : 'organization',
    entry: {
      ...who,
      what: 'settings-changed',
      ...(target?.level === 'user' ? { userName: target.userName } : {}),
      reason: shorten(reason),
      message: shorten(message),
    },
  };
}

/** DynamoDB takes 400 KB an item, and rows that people have made by hand may hold anything. */
const LONGEST = 10_000;

function shorten(text: string): string {
  if (text.length <= LONGEST) return text;
  const mark = ` ... (cut: ${text.length} characters in full)`;
  return text.slice(0, LONGEST - mark.length) + mark;
}
