import { rotateOrganization } from '../../run/rotation/rotate-organization.ts';
import { readInput } from '../input/read-input.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { toPlan } from './compose.ts';
import { refuseUnknownUsers, showRun, withProgress, type ScopeOptions } from './run-and-show.ts';

/**
 * `access-key-rotation plan`: what a run would do. Changes and publishes nothing.
 * @throws InputError with all problems of arguments and settings at once
 */
export async function plan(options: ScopeOptions, terminal: Terminal): Promise<ExitCode> {
  const { request, settings, aws } = await readInput('audit', options, terminal, 'look');
  const report = await withProgress('Planning', terminal, async (progress) =>
    rotateOrganization(await toPlan(settings, request, { ...aws, progress })),
  );
  refuseUnknownUsers(report, request);
  return showRun(report, options, terminal);
}
