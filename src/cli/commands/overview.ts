import { storedRunsAt } from '../../compose/stored-runs.ts';
import { systemClock } from '../../compose/environment.ts';
import { reportsUrlIn } from '../../config/reports-url.ts';
import { InputError, OperationError } from '../../domain/errors.ts';
import { overviewOf, type Overview } from '../../domain/report/overview.ts';
import { storedRunOf } from '../../domain/report/stored-run-of.ts';
import type { StoredRun } from '../../domain/report/stored-run.ts';
import type { Instant } from '../../domain/time.ts';
import { overviewCsv } from '../../report/overview/csv.ts';
import { overviewJson } from '../../report/overview/json.ts';
import { overviewMarkdown } from '../../report/overview/markdown.ts';
import type { StoredRuns } from '../../run/ports/stored-runs.ts';
import { planOrganization } from '../../run/rotation/rotate-organization.ts';
import type { SettingsSource } from '../input/deployed-settings.ts';
import { readInput } from '../input/read-input.ts';
import { columnsFor } from '../input/columns.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { formatOverview } from '../output/overview.ts';
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
  const { source, aws } = await readInput(undefined, {}, terminal, 'look');
  const url = urlOf(terminal.environment, source, aws.region);
  const runs = storedRunsAt(url, aws);
  const listed = await runs.list();
  const whole = listed.filter(({ isWhole }) => isWhole);
  const wanted = runId ?? whole[0]?.runId;
  if (wanted === undefined) throw nothingKept(aws.region);
  if (!listed.some((one) => one.runId === wanted)) {
    const some = listed.slice(0, 5).map((one) => one.runId);
    throw new InputError([
      `--run: no report of a run ${wanted} is kept; ${some.length === 0 ? 'there is none at all' : `the latest are ${some.join(', ')}`}`,
    ]);
  }
  const { finishedAt = 0 } = listed.find((one) => one.runId === wanted) ?? {};
  const last = whole.find((one) => one.finishedAt < finishedAt);
  const [run, before] = await Promise.all([
    readOne(wanted, runs),
    last === undefined ? undefined : runs.read(last.runId),
  ]);
  return { run, before };
}

async function readOne(runId: string, runs: StoredRuns): Promise<StoredRun> {
  const run = await runs.read(runId);
  if (run !== undefined) return run;
  throw failure(
    `the report of run ${runId} can't be understood`,
    'Use the version of the command line that is deployed, another run (--run), or look anew: access-key-rotation overview --live',
  );
}

const LIVE = 'Or look anew, which enters every account: access-key-rotation overview --live';

/** Where the function leaves reports. */
function urlOf(
  own: Terminal['environment'],
  { found, functionName }: SettingsSource,
  region: string,
): string {
  const variables = found.kind === 'found' ? found.variables : {};
  const url = reportsUrlIn(own) ?? reportsUrlIn(variables);
  if (url !== undefined) return url;
  switch (found.kind) {
    case 'found':
      throw failure(
        `the function ${functionName} keeps no reports: it has no REPORTS_URL`,
        `Deploy this version: npx serverless deploy --region ${region}. ${LIVE}`,
      );
    case 'unreadable':
      throw new OperationError({ ...found.failure, nextStep: `${found.failure.nextStep} ${LIVE}` });
    case 'missing':
      throw failure(
        `there is no function ${functionName} in ${region}, which would say where reports are`,
        `Choose where it is deployed with AWS_REGION and AWS_PROFILE. ${LIVE}`,
      );
    case 'not-asked':
      throw failure(
        'nothing says where reports are: the function is not asked',
        `Set REPORTS_URL to the bucket of the deployment. ${LIVE}`,
      );
  }
}

const nothingKept = (region: string): OperationError =>
  failure(
    'no report of a run over the whole organization is kept yet',
    `Wait for the next run, or start one: npx serverless invoke -f rotate --region ${region}. ${LIVE}`,
  );

const failure = (message: string, nextStep: string): OperationError =>
  new OperationError({ kind: 'not-found', during: 'read the reports of runs', message, nextStep });
