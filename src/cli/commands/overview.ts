import { systemClock } from '../../compose/environment.ts';
import { overviewOf, type Overview } from '../../domain/report/overview.ts';
import { storedRunOf } from '../../domain/report/stored-run-of.ts';
import type { StoredRun } from '../../domain/report/stored-run.ts';
import type { Instant } from '../../domain/time.ts';
import { overviewCsv } from '../../report/overview/csv.ts';
import { overviewJson } from '../../report/overview/json.ts';
import { overviewMarkdown } from '../../report/overview/markdown.ts';
import { planOrganization } from '../../run/rotation/rotate-organization.ts';
import { readInput } from '../input/read-input.ts';
import { columnsFor } from '../input/columns.ts';
import { chooseRun, openStoredRuns, readRun } from '../input/stored-runs.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { formatOverview } from '../output/overview.ts';
import { rememberAccounts } from './completion/known-accounts.ts';
import { toPlan } from './compose.ts';
import { withProgress } from './run-and-show.ts';

export interface OverviewOptions {
  readonly json?: true;
  readonly csv?: true;
  readonly markdown?: true;
  readonly live?: true;
  readonly run?: string;
}

/** `access-key-rotation overview`: the organization at one look, as the last run has left it. Changes nothing. */
export async function showOverview(options: OverviewOptions, terminal: Terminal): Promise<ExitCode> {
  const now = (terminal.aws?.clock ?? systemClock).now();
  const { run, before } = options.live ? await lookAnew(terminal) : await readStored(options.run, terminal);
  if (run.isWhole) rememberAccounts(run.accounts, terminal);
  terminal.stdout.write(formatted(overviewOf(run, before, now), now, options, terminal));
  return 0;
}

function formatted(
  overview: Overview,
  now: Instant,
  { json, csv, markdown }: OverviewOptions,
  { stdout }: Terminal,
): string {
  if (json) return overviewJson(overview);
  if (csv) return overviewCsv(overview);
  if (markdown) return overviewMarkdown(overview);
  return formatOverview(overview, now, columnsFor(stdout));
}

interface Compared {
  readonly run: StoredRun;
  readonly before: StoredRun | undefined;
}

/** As `plan` looks, with what the settings allow: it enters every account. */
async function lookAnew(terminal: Terminal): Promise<Compared> {
  const { settings, request, aws } = await readInput(undefined, {}, terminal, 'look');
  const report = await withProgress('Looking', terminal, async (progress) =>
    planOrganization(await toPlan(settings, request, { ...aws, progress })),
  );
  return { run: storedRunOf(report, { isWhole: true, quietFiles: 0 }), before: undefined };
}

/** @throws InputError for a run of which nothing is kept. @throws OperationError when nothing can be read */
async function readStored(runId: string | undefined, terminal: Terminal): Promise<Compared> {
  const input = await readInput(undefined, {}, terminal, 'look');
  const runs = openStoredRuns(input, terminal.environment, LIVE);
  const listed = await runs.list();
  const wanted = chooseRun(listed, runId, input.aws.region, LIVE);
  const last = listed.find(({ isWhole, finishedAt }) => isWhole && finishedAt < wanted.finishedAt);
  const [run, before] = await Promise.all([
    readRun(runs, wanted.runId, LIVE),
    last === undefined ? undefined : runs.read(last.runId),
  ]);
  return { run, before };
}

const LIVE = 'access-key-rotation overview --live';
