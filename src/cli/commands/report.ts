import { writeFile } from 'node:fs/promises';
import { OperationError } from '../../domain/errors.ts';
import { storedRunOf } from '../../domain/report/stored-run-of.ts';
import type { QuietKey, StoredRun } from '../../domain/report/stored-run.ts';
import { clean, whole } from '../../report/common/sanitize.ts';
import { counted, minuteOf, number } from '../../report/common/wording.ts';
import { reportPage, type PageInput } from '../../report/page/page.ts';
import { earlierRuns, withEarlier } from '../../run/page/with-earlier.ts';
import { planOrganization } from '../../run/rotation/rotate-organization.ts';
import { refuseUnwritable } from '../input/output-file.ts';
import { readInput, type Input } from '../input/read-input.ts';
import { chooseRun, openStoredRuns, readRun } from '../input/stored-runs.ts';
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
 * @throws InputError for a file that can't be written, and a run of which nothing is kept
 */
export async function writeReport(
  { html, run: runId, live }: ReportOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  await refuseUnwritable(html);
  const input = await readInput(undefined, {}, terminal, 'look');
  const shown = live ? await lookNow(input, terminal) : await readStored(runId, input, terminal);
  const page = reportPage(shown);
  await writeFile(html, page);
  const { run, before } = shown;
  terminal.stdout.write(
    `${whole(html)}: run ${clean(run.runId)} of ${minuteOf(run.finishedAt)} UTC, and ${counted(before.length, 'run')} before it (${number(Math.ceil(Buffer.byteLength(page) / 1000))} KB).\n`,
  );
  return 0;
}

const LIVE = 'access-key-rotation report --live --html FILE';

async function readStored(runId: string | undefined, input: Input, terminal: Terminal): Promise<PageInput> {
  const runs = openStoredRuns(input, terminal.environment, LIVE);
  const listed = await runs.list();
  const wanted = chooseRun(listed, runId, input.aws.region, LIVE);
  const run = await readRun(runs, wanted.runId, LIVE);
  return { ...(await withEarlier(run, runs, listed)), isLive: false };
}

/** As `plan` looks, at what the settings would do. */
async function lookNow(input: Input, terminal: Terminal): Promise<PageInput> {
  const { settings, request, aws } = input;
  const quiet: QuietKey[] = [];
  const report = await withProgress('Looking', terminal, async (progress) =>
    planOrganization({
      ...(await toPlan(settings, request, { ...aws, progress })),
      quietKeys: { add: async (keys) => void quiet.push(...keys) },
    }),
  );
  const run = storedRunOf(report, { isWhole: true, quietFiles: 0 });
  return { run, quiet, before: await runsBeforeNow(run, input, terminal), isLive: true };
}

/** What is now can be told without what was: then there is no trend, and it is said why. */
async function runsBeforeNow(
  { finishedAt }: StoredRun,
  input: Input,
  { environment, stderr }: Terminal,
): Promise<readonly StoredRun[]> {
  try {
    const runs = openStoredRuns(input, environment, LIVE);
    return await earlierRuns(runs, await runs.list(), finishedAt);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    stderr.write(`Without earlier runs: ${clean(error.failure.message)}.\n`);
    return [];
  }
}
