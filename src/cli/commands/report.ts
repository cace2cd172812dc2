import { writeFile } from 'node:fs/promises';
import { OperationError } from '../../domain/errors.ts';
import { storedRunOf } from '../../domain/report/stored-run-of.ts';
import type { QuietKey, StoredRun } from '../../domain/report/stored-run.ts';
import { clean, whole } from '../../report/common/sanitize.ts';
import { counted, minuteOf, number } from '../../report/common/wording.ts';
import { reportPage } from '../../report/page/page.ts';
import { runsBefore, runsToShow, type RunsToShow } from '../../run/report/runs-to-show.ts';
import { planOrganization } from '../../run/rotation/rotate-organization.ts';
import { refuseUnwritable } from '../input/output-file.ts';
import { readInput, type Input } from '../input/read-input.ts';
import { openStoredRuns } from '../input/stored-runs.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { toPlan } from './compose.ts';
import { withProgress } from './run-and-show.ts';

export interface ReportOptions {
  readonly html: string;
  readonly run?: string;
  readonly live?: true;
}

/**
 * `access-key-rotation report`: a page about a run. Changes nothing but the file.
 * @throws InputError for a file that can't be written, and a run that is not stored
 */
export async function writeReport(
  { html, run: runId, live }: ReportOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  await refuseUnwritable(html);
  const input = await readInput(undefined, {}, terminal, 'look');
  const shown = live
    ? await lookNow(input, terminal)
    : await runsToShow(openStoredRuns(input, terminal.environment), runId);
  const page = reportPage({ ...shown, isLive: live === true });
  await writeFile(html, page);
  const { run, before } = shown;
  terminal.stdout.write(
    `${whole(html)}: run ${clean(run.runId)} of ${minuteOf(run.finishedAt)} UTC, and ${counted(before.length, 'run')} before it (${number(Math.ceil(Buffer.byteLength(page) / 1000))} KB).\n`,
  );
  return 0;
}

/** As `plan` looks, at what the settings would do. */
async function lookNow(input: Input, terminal: Terminal): Promise<RunsToShow> {
  const { settings, request, aws } = input;
  const quiet: QuietKey[] = [];
  const report = await withProgress('Looking', terminal, async (progress) =>
    planOrganization({
      ...(await toPlan(settings, request, { ...aws, progress })),
      quietKeys: { add: async (keys) => void quiet.push(...keys) },
    }),
  );
  const run = storedRunOf(report, { isWhole: true, quietFiles: 0 });
  return { run, quiet, before: await earlierRuns(run, input, terminal) };
}

/** What is now can be told without what was: then there is no trend, and it is said why. */
async function earlierRuns(run: StoredRun, input: Input, terminal: Terminal): Promise<readonly StoredRun[]> {
  try {
    return await runsBefore(openStoredRuns(input, terminal.environment), run.finishedAt);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const { during, message } = error.failure;
    terminal.stderr.write(`Without earlier runs (${clean(during)}: ${clean(message)}).\n`);
    return [];
  }
}
