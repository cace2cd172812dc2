import { InputError } from '../../domain/errors.ts';
import type { RunReport } from '../../domain/report/run-report.ts';
import { rotateOrganization } from '../../run/rotation/rotate-organization.ts';
import { readInput } from '../input/read-input.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { filtered, type Filter } from '../output/report/filter.ts';
import { isPending } from '../output/report/summary.ts';
import { rememberAccounts } from './completion/known-accounts.ts';
import { toPlan } from './compose.ts';
import { narrowedTo } from './narrow.ts';
import { planWith } from './plan-with.ts';
import { refuseUnknownOwners, refuseUnknownUsers } from './refuse-unknown.ts';
import { showRun, withProgress, type ScopeOptions } from './run-and-show.ts';

export interface PlanOptions extends ScopeOptions, Filter {
  /** `name=value`: settings to try. */
  readonly with?: readonly string[];
  readonly detailedExitcode?: true;
}

/**
 * `access-key-rotation plan`: what a run would do. Changes and publishes nothing.
 * @throws InputError with all problems of arguments and settings at once
 */
export async function plan(options: PlanOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.with !== undefined && options.detailedExitcode === true) {
    throw new InputError([
      '--detailed-exitcode: tells of the plan by the settings that hold; with --with there are two plans: leave out one of the two',
    ]);
  }
  const read = await readInput('audit', options, terminal, 'look');
  const { input, listed } = await narrowedTo(options.ou, read);
  const { settings, request, aws } = input;
  const run = listed(await toPlan(settings, request, aws));
  if (options.with !== undefined) return await planWith(options.with, { input, run }, options, terminal);
  const report = await withProgress('Planning', terminal, (progress) =>
    rotateOrganization({ ...run, progress }),
  );
  const isWhole = options.account === undefined && options.ou === undefined;
  if (isWhole)
    rememberAccounts(
      report.accounts.map(({ account }) => account),
      terminal,
    );
  refuseUnknownUsers(report, request);
  refuseUnknownOwners(report, options);
  const code = showRun(report, options, terminal);
  const isToldApart = code === 0 && options.detailedExitcode === true;
  return isToldApart && isAnythingPending(filtered(report, options)) ? 3 : code;
}

const isAnythingPending = (report: RunReport): boolean =>
  report.accounts.some(
    (account) =>
      account.status === 'rotated' && account.outcomes.some((outcome) => isPending(outcome, report)),
  );
