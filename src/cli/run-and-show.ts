import type { Command } from 'commander';
import { compose, findRegion } from '../compose.ts';
import { readRequest } from '../config/request.ts';
import { readSettings } from '../config/settings.ts';
import { InputError } from '../domain/refusal.ts';
import { MODES } from '../domain/limits.ts';
import { isClean } from '../domain/report.ts';
import { jsonReportOf } from '../report/json-report.ts';
import { rotateOrganization } from '../run/rotate-organization.ts';
import type { ExitCode, Terminal } from './terminal.ts';
import { showProgress } from './progress.ts';
import { reportInText } from './report-in-text.ts';

export interface ScopeOptions {
  readonly account?: readonly string[];
  readonly user?: readonly string[];
  readonly json?: true;
}

/** The options that every command over the organization takes. */
export const withScope = (command: Command, example: string): Command =>
  command
    .option('--account <id...>', 'only these accounts')
    .option('--user <name...>', 'only these IAM users')
    .option('--json', 'print the run report as JSON on stdout, and nothing else')
    .addHelpText('after', `\nExample:\n  access-key-rotation ${example}`);

/**
 * Runs over the organization and shows the report.
 * @throws InputError with all problems of arguments and settings at once
 */
export async function runAndShow(mode: string, options: ScopeOptions, terminal: Terminal): Promise<ExitCode> {
  const { request, settings } = await readAll(mode, options, terminal);
  const progress = showProgress(terminal, mode === 'audit' ? 'Planning' : 'Rotating');
  try {
    const region = terminal.surroundings?.region ?? (await findRegion());
    const report = await rotateOrganization(
      compose(settings, request, {
        ...terminal.surroundings,
        region,
        publish: mode !== 'audit',
        progress,
      }),
    );
    progress.end();
    terminal.stdout.write(
      options.json
        ? `${JSON.stringify(jsonReportOf(report), null, 2)}\n`
        : reportInText(report, terminal.stdout.columns),
    );
    return isClean(report) ? 0 : 1;
  } finally {
    progress.end();
  }
}

async function readAll(mode: string, options: ScopeOptions, terminal: Terminal) {
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
    readRequest({
      mode,
      ...(options.account === undefined ? {} : { accountIds: options.account }),
      ...(options.user === undefined ? {} : { userNames: options.user }),
    }),
  );
  // What is wrong with the other arguments says nothing about the mode.
  const settings = collect(() =>
    readSettings(
      terminal.environment,
      MODES.find((one) => one === mode),
    ),
  );
  if (request === undefined || settings === undefined) throw new InputError(problems);
  return { request, settings };
}
