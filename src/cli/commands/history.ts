import { history } from '../../compose/history.ts';
import type { HistoryEntry } from '../../domain/rotation/history.ts';
import { InputError } from '../../domain/errors.ts';
import { refuseUnknownNames } from '../../run/settings/known-user.ts';
import { toPlan } from './compose.ts';
import { toJsonHistory, formatHistory } from '../output/history.ts';
import { type OneAccountOptions } from './one-account.ts';
import { readInput } from '../input/read-input.ts';
import { columnsFor } from '../input/columns.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';

export interface HistoryOptions extends OneAccountOptions {
  readonly run?: string;
}

/** `access-key-rotation history`: what was done, by whom and why. */
export async function showHistory(options: HistoryOptions, terminal: Terminal): Promise<ExitCode> {
  const { account, user, run, json } = options;
  const scope = { account: [account], ...(user === undefined ? {} : { theUser: user }) };
  const { settings, request, aws } = await readInput('audit', scope, terminal, 'look');
  if (settings.tableName === undefined) {
    throw new InputError(['ROTATION_TABLE_NAME: must be set: the history is kept in that table']);
  }
  const kept = history(settings.tableName, aws);
  // What was set for the organization concerns every account.
  const own = await kept.of(account);
  // Of who is gone there is a history all the same, so only names without any are looked up.
  if (!own.entries.some((entry) => isAbout(entry, user, undefined))) {
    await refuseUnknownNames({ accountId: account, userName: user }, await toPlan(settings, request, aws));
  }
  const ofAll = await kept.of('organization');
  const unreadable = [...own.unreadable, ...ofAll.unreadable];
  const entries = [...own.entries, ...ofAll.entries]
    .filter((entry) => isAbout(entry, user, run))
    .sort((one, other) => other.at - one.at);
  terminal.stdout.write(
    json
      ? `${JSON.stringify(toJsonHistory(entries, unreadable), null, 2)}\n`
      : formatHistory(entries, unreadable, columnsFor(terminal.stdout)),
  );
  return 0;
}

const isAbout = (entry: HistoryEntry, user: string | undefined, run: string | undefined): boolean =>
  (user === undefined || entry.userName?.toLowerCase() === user.toLowerCase()) &&
  (run === undefined || entry.runId === run);
