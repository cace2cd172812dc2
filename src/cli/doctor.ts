import { Command } from 'commander';
import { findRegion } from '../compose.ts';
import { composeDoctor } from '../compose-doctor.ts';
import { readRequest } from '../config/request.ts';
import { readSettings } from '../config/settings.ts';
import { isHealthy, type HealthReport } from '../domain/health.ts';
import { InputError } from '../domain/refusal.ts';
import { examine } from '../run/examine.ts';
import { healthInText } from './health-in-text.ts';
import { showProgress } from './progress.ts';
import type { ExitCode, Terminal } from './terminal.ts';

interface DoctorOptions {
  readonly account?: readonly string[];
  readonly json?: true;
}

/** `access-key-rotation doctor`: is everything there that a run needs? Changes nothing. */
export const doctorCommand = (terminal: Terminal, finish: (code: ExitCode) => void): Command =>
  new Command('doctor')
    .description('examine the deployment and every account, and say what to fix and how; changes nothing')
    .option('--account <id...>', 'only these accounts')
    .option('--json', 'print the checks as JSON on stdout, and nothing else')
    .addHelpText('after', '\nExample:\n  access-key-rotation doctor --account 111122223333')
    .action(async (options: DoctorOptions) => {
      finish(await examineAndShow(options, terminal));
    });

async function examineAndShow(options: DoctorOptions, terminal: Terminal): Promise<ExitCode> {
  const { settings, request } = readAll(options, terminal);
  const progress = showProgress(terminal, 'Examining');
  try {
    const region = terminal.surroundings?.region ?? (await findRegion());
    const examination = composeDoctor(
      settings,
      request,
      { ...terminal.surroundings, region },
      {
        accountsFound: progress.accountsFound,
        accountDone: (account) => progress.accountDone({ status: 'skipped', account, cause: 'examined' }),
      },
    );
    const report = await examine(examination);
    progress.end();
    terminal.stdout.write(
      options.json ? `${JSON.stringify(healthInJson(report), null, 2)}\n` : healthInText(report),
    );
    return isHealthy(report) ? 0 : 1;
  } finally {
    progress.end();
  }
}

/** @throws InputError with all problems of arguments and settings at once */
function readAll({ account }: DoctorOptions, { environment }: Terminal) {
  const problems: string[] = [];
  const collect = <Value>(read: () => Value): Value | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const request = collect(() =>
    readRequest({ mode: 'audit', ...(account === undefined ? {} : { accountIds: account }) }),
  );
  // In audit nothing is compulsory, so a setting that is missing becomes a check instead.
  const settings = collect(() => readSettings(environment, 'audit'));
  if (request === undefined || settings === undefined) throw new InputError(problems);
  return { request, settings };
}

const healthInJson = (report: HealthReport) => ({
  schemaVersion: 1,
  checkedAt: new Date(report.checkedAt).toISOString(),
  checks: report.checks,
  healthy: isHealthy(report),
});
