import { isClean } from '../../domain/report/run-report.ts';
import { rememberedSessions } from '../../run/context/remembered-sessions.ts';
import type { RunContext } from '../../run/context/run-context.ts';
import { rotateOrganization } from '../../run/rotation/rotate-organization.ts';
import { columnsFor } from '../input/columns.ts';
import type { Input } from '../input/read-input.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { formatDifference, toJsonDifference } from '../output/report/difference-text.ts';
import { differenceOf } from '../output/report/difference.ts';
import type { Filter } from '../output/report/filter.ts';
import { refuseUnknownOwners, refuseUnknownUsers } from './refuse-unknown.ts';
import { withProgress } from './run-and-show.ts';
import { settingsToTry } from './settings-to-try.ts';

/**
 * `plan --with`: what settings would change before anybody sets them. Both plans are of the same moment, and the
 * second one rests on what IAM told the first one.
 * @param words `name=value`
 * @throws InputError with all that is wrong with the settings to try
 */
export async function planWith(
  words: readonly string[],
  { input, run }: { readonly input: Input; readonly run: RunContext },
  { json, ...filter }: Filter & { readonly json?: true },
  terminal: Terminal,
): Promise<ExitCode> {
  const { before: held, after: tried, changes } = await settingsToTry(words, input, run);
  const same = { ...run, sessions: rememberedSessions(run.sessions) };
  const planBy = async (snapshot: typeof held, doing: string) =>
    await withProgress(doing, terminal, (progress) =>
      rotateOrganization({ ...same, progress, settings: { read: () => Promise.resolve(snapshot) } }),
    );
  const before = await planBy(held, 'Planning');
  refuseUnknownUsers(before, input.request);
  refuseUnknownOwners(before, filter);
  const after = await planBy(tried, 'Planning with other settings');
  const plans = { changes, before, after, difference: differenceOf(before, after, filter) };
  terminal.stdout.write(
    json
      ? `${JSON.stringify(toJsonDifference(plans, filter), null, 2)}\n`
      : formatDifference(plans, columnsFor(terminal.stdout)),
  );
  return isClean(before) && isClean(after) ? 0 : 1;
}
