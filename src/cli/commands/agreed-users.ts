import type { RunReport } from '../../domain/report/run-report.ts';
import { refuseMissingTopics } from '../../run/context/missing-topics.ts';
import { rememberedSessions } from '../../run/context/remembered-sessions.ts';
import type { RunContext } from '../../run/context/run-context.ts';
import { planOrganization, type rotateOrganization } from '../../run/rotation/rotate-organization.ts';
import { columnsFor } from '../input/columns.ts';
import { confirm } from '../input/confirm.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { paragraph } from '../output/paragraphs.ts';
import { formatReport } from '../output/report.ts';
import { formatGaps, formatNotWorkedOn, formatUnreachable } from '../output/report/account-groups.ts';
import { filtered } from '../output/report/filter.ts';
import { summaryOf } from '../output/report/summary.ts';
import { refuseUnknownOwners, refuseUnknownUsers } from './refuse-unknown.ts';
import { withProgress } from './run-and-show.ts';
import { usersOfOwner } from './users-of-owner.ts';

/** What somebody has said about whom, and whether it is agreed to beforehand. */
interface Asked {
  readonly owner?: readonly string[];
  readonly yes?: true;
}

/** Whom the run is about, where somebody has agreed to it. `areAll`: as far as it could be found out. */
type Agreed =
  { readonly userNames: readonly string[]; readonly areAll: boolean } | { readonly code: ExitCode };

/**
 * Finds out who is meant, shows what will be done about them, and asks. Who says yes beforehand is spared the wait,
 * but a name that nobody has must be found before all else, and whose keys an owner's are only a plan tells.
 */
export async function agreedUsers(
  run: RunContext,
  { owner, yes }: Asked,
  terminal: Terminal,
): Promise<Agreed> {
  const isAgreed = async (planned: RunReport, hint = '') =>
    yes === true || (await confirm(terminal, `${hint}${describePlan(planned, terminal)}`, false));
  if (owner === undefined) {
    if (yes !== true || run.userNames.length > 0) {
      const planned = await inProgress('Planning', run, planOrganization, terminal);
      refuseUnknownUsers(planned, run);
      if (!(await isAgreed(planned))) return { code: 1 };
    }
    return { userNames: run.userNames, areAll: true };
  }
  const once = { ...run, sessions: rememberedSessions(run.sessions) };
  const everybody = await inProgress('Looking for owners', once, planOrganization, terminal);
  refuseUnknownUsers(everybody, run);
  refuseUnknownOwners(everybody, { owner });
  const { userNames, areAll } = usersOfOwner(everybody, { owner });
  const notRead = areAll ? '' : describeNotRead(everybody, owner, terminal);
  // No name at all would mean everybody.
  if (userNames.length === 0) {
    terminal.stderr.write(
      `${notRead}No key that had to be looked at has an owner ${owner.join(', ')}. Nothing was changed.\n`,
    );
    return { code: areAll ? 0 : 1 };
  }
  if (yes === true) {
    terminal.stderr.write(notRead);
    return { userNames, areAll };
  }
  // Limits are for what one run does: with fewer users more of it may be done.
  const planned = await inProgress('Planning', { ...once, userNames }, planOrganization, terminal);
  return (await isAgreed(planned, notRead)) ? { userNames, areAll } : { code: 1 };
}

export const inProgress = (
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

/** Whoever asks for all of an owner must know where nobody could look. */
function describeNotRead(planned: RunReport, owner: readonly string[], { stderr }: Terminal): string {
  const width = columnsFor(stderr) ?? Infinity;
  const report = filtered(planned, { owner });
  return [
    'What could not be read may be of these owners, too. It is left alone:',
    ...formatGaps(report, width),
    ...formatUnreachable(report, width),
    ...formatNotWorkedOn(report, 'not-started', width),
    '',
    '',
  ].join('\n');
}
