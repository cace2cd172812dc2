import { composeDoctor } from '../../compose/doctor.ts';
import { isHealthy, type HealthReport } from '../../domain/health/check.ts';
import { nextStepOf } from '../../domain/health/groups.ts';
import { settingsSourceChecks } from '../../domain/health/settings-source-checks.ts';
import { examine } from '../../run/doctor/examine.ts';
import { formatHealth } from '../output/health.ts';
import { showProgress } from '../output/progress.ts';
import { readInput } from '../input/read-input.ts';
import { columnsFor } from '../input/columns.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';

export interface DoctorOptions {
  readonly account?: readonly string[];
  readonly json?: true;
}

/** `access-key-rotation doctor`: is everything there that a run needs? Changes nothing. */
export async function examineAndShow(options: DoctorOptions, terminal: Terminal): Promise<ExitCode> {
  const { settings, request, aws, source } = await readInput('audit', options, terminal, 'look');
  const progress = showProgress(terminal, 'Examining');
  try {
    const examination = composeDoctor(settings, request, aws, {
      accountsFound: progress.accountsFound,
      accountDone: (account) => progress.accountDone({ status: 'skipped', account, cause: 'examined' }),
    });
    const examined = await examine(examination);
    const { functionName, found, merged } = source;
    const ofSource = settingsSourceChecks({ functionName, found, ...merged });
    const report = { ...examined, checks: [...ofSource, ...examined.checks] };
    progress.end();
    terminal.stdout.write(
      options.json
        ? `${JSON.stringify(toJsonHealth(report), null, 2)}\n`
        : formatHealth(report, columnsFor(terminal.stdout)),
    );
    return isHealthy(report) ? 0 : 1;
  } finally {
    progress.end();
  }
}

const toJsonHealth = (report: HealthReport) => ({
  schemaVersion: 1,
  checkedAt: new Date(report.checkedAt).toISOString(),
  checks: report.checks.map(({ forMany: _forMany, ...check }) => check),
  healthy: isHealthy(report),
  nextStep: nextStepOf(report.checks),
});
