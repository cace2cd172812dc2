import { writeFile } from 'node:fs/promises';
import { InputError, OperationError } from '../../domain/errors.ts';
import type { Instant } from '../../domain/time.ts';
import { storedRunOf } from '../../domain/report/stored-run-of.ts';
import type { QuietKey, StoredRun } from '../../domain/report/stored-run.ts';
import { clean, whole } from '../../report/common/sanitize.ts';
import { counted, minuteOf, number } from '../../report/common/wording.ts';
import { ocsfLines } from '../../report/ocsf/detection-finding.ts';
import { earlierRun, type EarlierRun } from '../../report/page/earlier-run.ts';
import { reportPage, type PageInput } from '../../report/page/page.ts';
import { earlierRuns } from '../../run/page/with-earlier.ts';
import { planOrganization } from '../../run/rotation/rotate-organization.ts';
import { refuseUnwritable } from '../input/output-file.ts';
import { refuseFullFolder } from '../input/output-folder.ts';
import { readInput, type Input } from '../input/read-input.ts';
import { chooseRun, openStoredRuns, readRun } from '../input/stored-runs.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { toPlan } from './compose.ts';
import { readSince, writeEvidence, type Stored } from './report-evidence.ts';
import { withProgress } from './run-and-show.ts';

export interface ReportOptions {
  readonly html?: string;
  readonly evidence?: string;
  readonly ocsf?: string;
  readonly run?: string;
  readonly since?: string;
  readonly live?: true;
}

/**
 * `access-key-rotation report`: what a run has left, in the forms that were asked for. Changes nothing else.
 * @throws InputError for what can't be written, and a run of which nothing is kept
 */
export async function writeReport(options: ReportOptions, terminal: Terminal): Promise<ExitCode> {
  const since = await refuseWrong(options);
  const { html, evidence, ocsf } = options;
  const input = await readInput(undefined, {}, terminal, 'look');
  if (options.live) {
    if (html !== undefined) await writePage(html, await lookNow(input, terminal), terminal);
    return 0;
  }
  const stored = await readStored(options.run, input, terminal);
  const { run, quiet, runs, listed } = stored;
  if (html !== undefined) {
    const before = await earlierRuns(runs, listed, run.finishedAt, earlierRun);
    await writePage(html, { run, quiet, before, isLive: false }, terminal);
  }
  if (ocsf !== undefined) await writeFindings(ocsf, run, terminal);
  if (evidence !== undefined) await writeEvidence(evidence, since, stored, terminal);
  return 0;
}

/** Before anything is asked. @returns the beginning of the period */
async function refuseWrong({ html, evidence, ocsf, since }: ReportOptions): Promise<Instant | undefined> {
  if (html === undefined && evidence === undefined && ocsf === undefined) {
    throw new InputError(['nothing says what to write: give --html, --evidence or --ocsf']);
  }
  if (since !== undefined && evidence === undefined) {
    throw new InputError(['--since: is about the evidence; give --evidence as well']);
  }
  const from = readSince(since);
  for (const file of [html, ocsf]) if (file !== undefined) await refuseUnwritable(file);
  if (evidence !== undefined) await refuseFullFolder(evidence);
  return from;
}

async function writePage(html: string, shown: PageInput, { stdout }: Terminal): Promise<void> {
  const page = reportPage(shown);
  await writeFile(html, page);
  const { run, before } = shown;
  stdout.write(
    `${whole(html)}: run ${clean(run.runId)} of ${minuteOf(run.finishedAt)} UTC, and ${counted(before.length, 'run')} before it (${number(Math.ceil(Buffer.byteLength(page) / 1000))} KB).\n`,
  );
}

async function writeFindings(file: string, run: StoredRun, { stdout }: Terminal): Promise<void> {
  const lines = ocsfLines(run);
  // It names people and keys.
  await writeFile(file, lines, { mode: 0o600 });
  stdout.write(
    `${whole(file)}: ${counted(lines.split('\n').length - 1, 'finding')} of run ${clean(run.runId)} of ${minuteOf(run.finishedAt)} UTC.\n`,
  );
}

const LIVE = 'access-key-rotation report --live --html FILE';

async function readStored(runId: string | undefined, input: Input, terminal: Terminal): Promise<Stored> {
  const runs = openStoredRuns(input, terminal.environment, LIVE);
  const listed = await runs.list();
  const wanted = chooseRun(listed, runId, input.aws.region, LIVE);
  const run = await readRun(runs, wanted.runId, LIVE);
  return { run, quiet: await runs.quietKeys(run), runs, listed };
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
): Promise<readonly EarlierRun[]> {
  try {
    const runs = openStoredRuns(input, environment, LIVE);
    return await earlierRuns(runs, await runs.list(), finishedAt, earlierRun);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    stderr.write(`Without earlier runs: ${clean(error.failure.message)}.\n`);
    return [];
  }
}
