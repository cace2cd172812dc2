import { definedOnly } from '../../domain/defined-only.ts';
import { InputError } from '../../domain/errors.ts';
import type { RunReport } from '../../domain/report/run-report.ts';
import { CHANGES } from '../../domain/rotation/limits.ts';
import { changesNothing } from '../../domain/settings/account-settings.ts';
import type { Request } from '../../config/request.ts';
import { rotateOrganization } from '../../run/rotation/rotate-organization.ts';
import { columnsFor } from '../input/columns.ts';
import { refuseIfNobodyCanBeAsked } from '../input/confirm.ts';
import { readInput } from '../input/read-input.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { formatReport, formatSummary } from '../output/report.ts';
import { KINDS } from '../output/report/kind-names.ts';
import { agreedUsers, inProgress } from './agreed-users.ts';
import { stoppable, toApply } from './compose.ts';
import { narrowedTo } from './narrow.ts';
import { showDone, type ScopeOptions } from './run-and-show.ts';
import { throughFunction } from './through-function.ts';

export interface ApplyOptions extends Omit<ScopeOptions, 'theUser' | 'changes'> {
  readonly mode?: string;
  readonly owner?: readonly string[];
  /** Kinds of change; as typed. */
  readonly only?: readonly string[];
  readonly yes?: true;
}

/**
 * `access-key-rotation apply`: what the scheduled run does, now. Shows what it would do and asks; it is decided
 * once more after the answer, by the function where one is deployed.
 * @throws InputError with all problems of arguments and settings at once; nothing was changed then
 */
export async function apply(typed: ApplyOptions, terminal: Terminal): Promise<ExitCode> {
  const { mode, yes, owner: _, only, ...options } = typed;
  refuseWhatChangesNothing(typed);
  refuseIfNobodyCanBeAsked(terminal, yes === true);
  const scope = { ...options, ...definedOnly({ changes: only }) };
  const read = await readInput(mode, scope, terminal, 'change');
  const { input, listed } = await narrowedTo(options.ou, read);
  const { settings, aws } = input;
  const open = async (request: Request) => listed(stoppable(await toApply(settings, request, aws), terminal));
  const run = await open(input.request);
  const ask = throughFunction(input, run, terminal);
  if (changesNothing(await run.settings.read())) {
    throw new InputError([
      'ROTATION_MODE: must be replace-only, no-delete or enforce, or a mode be set in the table (access-key-rotation settings set mode ...): the settings say mode audit everywhere, which changes nothing, and that is the command plan; --mode only makes a run stricter',
    ]);
  }
  const agreed = await agreedUsers(run, typed, terminal);
  if ('code' in agreed) return agreed.code;
  const request = { ...input.request, userNames: agreed.userNames };
  const done =
    ask === undefined
      ? ({
          kind: 'report',
          report: await inProgress('Rotating', await open(request), rotateOrganization, terminal),
        } as const)
      : await ask({ command: 'apply', ...request });
  const code = showDone(done, options, terminal);
  if (done.kind === 'report' && options.json !== true) showAgain(done.report, terminal);
  return code === 0 && !agreed.areAll ? 1 : code;
}

/** What a plan can show, and nobody can carry out. @throws InputError */
function refuseWhatChangesNothing({ mode, only = [] }: ApplyOptions): void {
  const shown: readonly string[] = KINDS.filter((kind) => !CHANGES.some((change) => change === kind));
  const problems = [
    ...(mode === 'audit'
      ? [
          '--mode: must be replace-only, no-delete or enforce; mode audit changes nothing, and that is the command plan',
        ]
      : []),
    ...only
      .filter((kind) => shown.includes(kind))
      .map(
        (kind) =>
          `--only: must be ${CHANGES.join(', ')}; of ${kind} there is nothing to carry out, and that is the command plan`,
      ),
  ];
  if (problems.length > 0) throw new InputError(problems);
}

/** More than one screen: what comes first has left it. */
const LINES_OF_A_SCREEN = 24;

function showAgain(report: RunReport, { stdout }: Terminal): void {
  const columns = columnsFor(stdout);
  if (formatReport(report, columns).split('\n').length <= LINES_OF_A_SCREEN) return;
  stdout.write(`\n${formatSummary(report, columns).join('\n')}\n`);
}
