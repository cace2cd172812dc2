import { InputError } from '../../domain/errors.ts';
import type { RunReport } from '../../domain/report/run-report.ts';
import { changesNothing } from '../../domain/settings/account-settings.ts';
import { refuseMissingTopics } from '../../run/context/missing-topics.ts';
import type { RunContext } from '../../run/context/run-context.ts';
import { planOrganization, rotateOrganization } from '../../run/rotation/rotate-organization.ts';
import { columnsFor } from '../input/columns.ts';
import { confirm, refuseIfNobodyCanBeAsked } from '../input/confirm.ts';
import { readInput } from '../input/read-input.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { paragraph } from '../output/paragraphs.ts';
import { formatReport, formatSummary } from '../output/report.ts';
import { summaryOf } from '../output/report/summary.ts';
import { stoppable, toApply } from './compose.ts';
import { narrowedTo } from './narrow.ts';
import { refuseUnknownUsers } from './refuse-unknown.ts';
import { showDone, withProgress, type ScopeOptions } from './run-and-show.ts';
import { throughFunction } from './through-function.ts';

export interface ApplyOptions extends ScopeOptions {
  readonly mode?: string;
  readonly yes?: true;
}

/**
 * `access-key-rotation apply`: what the scheduled run does, now. Shows what it would do and asks; it is decided
 * once more after the answer, by the function where one is deployed.
 * @throws InputError with all problems of arguments and settings at once; nothing was changed then
 */
export async function apply({ mode, yes, ...options }: ApplyOptions, terminal: Terminal): Promise<ExitCode> {
  if (mode === 'audit') {
    throw new InputError([
      '--mode: must be replace-only, no-delete or enforce; mode audit changes nothing, and that is the command plan',
    ]);
  }
  refuseIfNobodyCanBeAsked(terminal, yes === true);
  const read = await readInput(mode, options, terminal, 'change');
  const { input, listed } = await narrowedTo(options.ou, read);
  const { request, settings, aws } = input;
  const open = async () => listed(stoppable(await toApply(settings, request, aws), terminal));
  const run = await open();
  const ask = throughFunction(input, run, terminal);
  if (changesNothing(await run.settings.read())) {
    throw new InputError([
      'ROTATION_MODE: must be replace-only, no-delete or enforce, or a mode be set in the table (access-key-rotation settings set mode ...): the settings say mode audit everywhere, which changes nothing, and that is the command plan; --mode only makes a run stricter',
    ]);
  }
  // Who says yes beforehand is spared the wait, but a name that nobody has must be found before all else.
  if (yes !== true || run.userNames.length > 0) {
    const planned = await inProgress('Planning', run, planOrganization, terminal);
    refuseUnknownUsers(planned, run);
    if (yes !== true && !(await confirm(terminal, describePlan(planned, terminal), false))) return 1;
  }
  const done =
    ask === undefined
      ? ({
          kind: 'report',
          report: await inProgress('Rotating', await open(), rotateOrganization, terminal),
        } as const)
      : await ask({ command: 'apply', ...request });
  const code = showDone(done, options, terminal);
  if (done.kind === 'report' && options.json !== true) showAgain(done.report, terminal);
  return code;
}

/** More than one screen: what comes first has left it. */
const LINES_OF_A_SCREEN = 24;

function showAgain(report: RunReport, { stdout }: Terminal): void {
  const columns = columnsFor(stdout);
  if (formatReport(report, columns).split('\n').length <= LINES_OF_A_SCREEN) return;
  stdout.write(`\n${formatSummary(report, columns).join('\n')}\n`);
}

const inProgress = (
  doing: string,
  run: RunContext,
  work: typeof rotateOrganization,
  terminal: Terminal,
): Promise<RunReport> =>
  withProgress(doing, terminal, (progress) => work({ ...run, progress }, refuseMissingTopics));

/** A long plan has left the screen when the question comes, so what it comes to is said again. */
const describePlan = (planned: RunReport, { stderr }: Terminal): string => {
  const columns = columnsFor(stderr);
  const question = `This is what will be done, if nothing has changed by then: ${summaryOf(planned)}`;
  return `${formatReport(planned, columns)}\n${paragraph(question, columns ?? Infinity).join('\n')}\n`;
};
