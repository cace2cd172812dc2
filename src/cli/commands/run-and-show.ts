import { findRegion } from '../../compose/region.ts';
import { changesNothing } from '../../domain/settings/account-settings.ts';
import { InputError } from '../../domain/errors.ts';
import { isClean } from '../../domain/report/run-report.ts';
import { jsonReportOf } from '../../report/data/json-report.ts';
import { rotateOrganization } from '../../run/rotation/rotate-organization.ts';
import { toApply, toPlan } from './compose.ts';
import { readInput, type Scope } from '../input/read-input.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { showProgress } from '../output/progress.ts';
import { formatReport } from '../output/report.ts';

export interface ScopeOptions extends Scope {
  readonly json?: true;
}

/**
 * Runs over the organization and shows the report.
 * @param mode what is done at most; undefined: what the settings say
 * @throws InputError with all problems of arguments and settings at once
 */
export async function runAndShow(
  mode: string | undefined,
  options: ScopeOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { request, settings } = readInput(mode, options, terminal);
  const progress = showProgress(terminal, mode === 'audit' ? 'Planning' : 'Rotating');
  try {
    const region = terminal.aws?.region ?? (await findRegion());
    const environment = { ...terminal.aws, region, progress };
    const run = await (mode === 'audit' ? toPlan : toApply)(settings, request, environment);
    if (mode !== 'audit' && changesNothing(await run.settings.read())) {
      throw new InputError([
        'ROTATION_MODE: must be replace-only, no-delete or enforce, or a mode be set in the table (access-key-rotation settings set mode ...): the settings say mode audit everywhere, which changes nothing, and that is the command plan; --mode only makes a run stricter',
      ]);
    }
    const report = await rotateOrganization(run);
    progress.end();
    terminal.stdout.write(
      options.json
        ? `${JSON.stringify(jsonReportOf(report), null, 2)}\n`
        : formatReport(report, terminal.stdout.columns),
    );
    return isClean(report) ? 0 : 1;
  } finally {
    progress.end();
  }
}
