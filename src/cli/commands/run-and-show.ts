import { InputError } from '../../domain/errors.ts';
import type { Finding, RunReport } from '../../domain/report/run-report.ts';
import { isClean } from '../../domain/report/run-report.ts';
import { jsonReportOf } from '../../report/data/json-report.ts';
import type { Progress, RunContext } from '../../run/context/run-context.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import type { Scope } from '../input/read-input.ts';
import { showProgress } from '../output/progress.ts';
import { formatReport } from '../output/report.ts';
import type { Done } from './through-function.ts';

export interface ScopeOptions extends Scope {
  readonly json?: true;
}

/** Goes over the organization, and shows meanwhile how far it is. */
export async function withProgress<Value>(
  doing: string,
  terminal: Terminal,
  work: (progress: Progress) => Promise<Value>,
): Promise<Value> {
  const progress = showProgress(terminal, doing);
  try {
    return await work(progress);
  } finally {
    progress.end();
  }
}

export function showRun(
  report: RunReport,
  { json }: Pick<ScopeOptions, 'json'>,
  { stdout }: Terminal,
): ExitCode {
  stdout.write(
    json ? `${JSON.stringify(jsonReportOf(report), null, 2)}\n` : formatReport(report, stdout.columns),
  );
  return isClean(report) ? 0 : 1;
}

/** The same of what was done, wherever that was. */
export function showDone(done: Done, options: Pick<ScopeOptions, 'json'>, terminal: Terminal): ExitCode {
  switch (done.kind) {
    case 'report':
      return showRun(done.report, options, terminal);
    case 'report-too-long': {
      const { runId, isClean: clean } = done;
      if (options.json) {
        const json = { schemaVersion: 1, runId, clean, reportTooLong: true };
        terminal.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
      }
      terminal.stderr.write(
        `Run ${runId} is done${clean ? '' : ', and something failed'}. Its report is longer than a function may answer; the digests, the log of the function and, for each account, this tell what was done: access-key-rotation history --account ID --run ${runId}` +
          '\n',
      );
      return clean ? 0 : 1;
    }
    case 'accepted':
      return 0;
  }
}

/**
 * Whoever names a user means one that is there.
 * @throws InputError for users that no account of the run has; where one could not be read, nothing is said
 */
export function refuseUnknownUsers(
  { findings }: RunReport,
  { userNames }: Pick<RunContext, 'userNames'>,
): void {
  const unknown = findings.flatMap(({ userNotFound }: Finding) => userNotFound ?? []);
  if (userNames.length === 0 || unknown.length === 0) return;
  throw new InputError(
    unknown.map((name) => `--user: no account of this run has a user ${name} with access keys`),
  );
}
