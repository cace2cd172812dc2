import { storedRunsAt } from '../../compose/stored-runs.ts';
import { reportsUrlIn } from '../../config/reports-url.ts';
import { InputError, OperationError } from '../../domain/errors.ts';
import type { StoredRun, StoredRunName } from '../../domain/report/stored-run.ts';
import type { StoredRuns } from '../../run/ports/stored-runs.ts';
import type { SettingsSource } from './deployed-settings.ts';
import type { Input } from './read-input.ts';
import type { Terminal } from './terminal.ts';

/* What runs have left, for a command that shows it. */

/** @param live the command that does without */
const orLive = (live: string): string => `Or look anew, which enters every account: ${live}`;

/** @throws OperationError where nobody says where they are */
export const openStoredRuns = (
  { source, aws }: Input,
  environment: Terminal['environment'],
  live: string,
): StoredRuns => storedRunsAt(urlOf(environment, source, aws.region, orLive(live)), aws);

/** Where the function leaves reports. */
function urlOf(
  own: Terminal['environment'],
  { found, functionName }: SettingsSource,
  region: string,
  otherwise: string,
): string {
  const variables = found.kind === 'found' ? found.variables : {};
  const url = reportsUrlIn(own) ?? reportsUrlIn(variables);
  if (url !== undefined) return url;
  switch (found.kind) {
    case 'found':
      throw failure(
        `the function ${functionName} keeps no reports: it has no REPORTS_URL`,
        `Deploy this version: npx serverless deploy --region ${region}. ${otherwise}`,
      );
    case 'unreadable':
      throw new OperationError({ ...found.failure, nextStep: `${found.failure.nextStep} ${otherwise}` });
    case 'missing':
      throw failure(
        `there is no function ${functionName} in ${region}, which would say where reports are`,
        `Choose where it is deployed with AWS_REGION and AWS_PROFILE. ${otherwise}`,
      );
    case 'not-asked':
      throw failure(
        'nothing says where reports are: the function is not asked',
        `Set REPORTS_URL to the bucket of the deployment. ${otherwise}`,
      );
  }
}

/** So many are named to whoever asked for one that isn't there. */
const MOST_NAMED = 5;

/**
 * The run that was asked for, or else the last one over the whole organization.
 * @throws InputError for one of which nothing is kept. @throws OperationError where none is kept
 */
export function chooseRun(
  listed: readonly StoredRunName[],
  runId: string | undefined,
  region: string,
  live: string,
): StoredRunName {
  if (runId === undefined) {
    const last = listed.find(({ isWhole }) => isWhole);
    if (last !== undefined) return last;
    throw failure(
      'no report of a run over the whole organization is kept yet',
      `Wait for the next run, or start one: npx serverless invoke -f rotate --region ${region}. ${orLive(live)}`,
    );
  }
  const found = listed.find((one) => one.runId === runId);
  if (found !== undefined) return found;
  const some = listed.slice(0, MOST_NAMED).map((one) => one.runId);
  throw new InputError([
    `--run: no report of a run ${runId} is kept; ${some.length === 0 ? 'there is none at all' : `the latest are ${some.join(', ')}`}`,
  ]);
}

/** @throws OperationError when it can't be read, or not be understood */
export async function readRun(runs: StoredRuns, runId: string, live: string): Promise<StoredRun> {
  const run = await runs.read(runId);
  if (run !== undefined) return run;
  throw failure(
    `the report of run ${runId} can't be understood`,
    `Use the version of the command line that is deployed, another run (--run), or look anew: ${live}`,
  );
}

const failure = (message: string, nextStep: string): OperationError =>
  new OperationError({ kind: 'not-found', during: 'read the reports of runs', message, nextStep });
