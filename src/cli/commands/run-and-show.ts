import { definedOnly } from '../../domain/defined-only.ts';
import type { RunReport } from '../../domain/report/run-report.ts';
import { isClean } from '../../domain/report/run-report.ts';
import { jsonReportOf } from '../../report/data/json-report.ts';
import { counted } from '../../report/common/wording.ts';
import type { Progress } from '../../run/context/run-context.ts';
import { columnsFor } from '../input/columns.ts';
import type { Scope } from '../input/read-input.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { showProgress } from '../output/progress.ts';
import { paragraph } from '../output/paragraphs.ts';
import { formatReport } from '../output/report.ts';
import { filtered, filterField, hides, isNothing, type Filter } from '../output/report/filter.ts';
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

/** Ends with 1 for whatever failed, also where the filter leaves it out. */
export function showRun(
  whole: RunReport,
  { json, ou, owner, only }: Pick<ScopeOptions, 'json'> & Filter,
  { stdout }: Terminal,
): ExitCode {
  const filter: Filter = definedOnly({ ou, owner, only });
  const report = filtered(whole, filter);
  if (json) {
    stdout.write(`${JSON.stringify({ ...jsonReportOf(report), ...filterField(filter) }, null, 2)}\n`);
  } else {
    const columns = columnsFor(stdout);
    if (hides(filter)) {
      const hidden = describeHidden(whole, report, filter);
      stdout.write(`${paragraph(hidden, columns ?? Infinity).join('\n')}\n`);
    }
    if (!isNothing(report) || !hides(filter)) stdout.write(formatReport(report, columns));
  }
  return isClean(whole) ? 0 : 1;
}

/** What a reader must know who sees only a part. */
function describeHidden(whole: RunReport, report: RunReport, { owner, only }: Filter): string {
  const options = [
    ...(owner === undefined ? [] : [`--owner ${owner.join(' ')}`]),
    ...(only === undefined ? [] : [`--only ${only.join(' ')}`]),
  ].join(' ');
  const keys = ({ accounts }: RunReport) =>
    accounts.reduce((sum, one) => sum + (one.status === 'rotated' ? one.outcomes.length : 0), 0);
  const what = keys(report) === 0 ? `No key matches ${options}` : `Shown is what matches ${options}`;
  const rest = `${counted(keys(whole) - keys(report), 'key')} of ${counted(whole.accounts.length, 'account')} left out`;
  const failed = isClean(whole) || !isClean(report) ? '' : '; something that is left out has failed';
  return `${what}; ${rest}${failed}.`;
}

/** The same of what was done, wherever that was. */
export function showDone(
  done: Done,
  options: Pick<ScopeOptions, 'json' | 'ou'>,
  terminal: Terminal,
): ExitCode {
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
