import pc from 'picocolors';
import type { Account } from '../../../domain/account.ts';
import {
  rotated,
  type AccountReport,
  type Finding,
  type RunReport,
} from '../../../domain/report/run-report.ts';
import { groupBy } from '../../../report/common/order.ts';
import { clean } from '../../../report/common/sanitize.ts';
import { counted, describeAccount } from '../../../report/common/wording.ts';
import { block, causeOf, formatFinding, formatGap } from '../findings.ts';
import { paragraph } from '../paragraphs.ts';
import { kindOf, kindOfFinding } from './kinds.ts';

/* What is said of accounts as a whole: the same of many of them once. `width` is that of the terminal. */

/** Accounts that are named where something is true of many; `--json` has all. */
const MOST_NAMED = 5;

/** Accounts that could not be entered: each cause once. */
export function formatUnreachable({ accounts }: RunReport, width: number): readonly string[] {
  const reports = accounts.filter((report) => report.status === 'unreachable');
  const causes = groupBy(reports, ({ account, failure }) =>
    `${failure.during} ${failure.message} ${failure.nextStep}`.replaceAll(account.id, 'ID'),
  );
  return [...causes.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { failure } = first;
    return [block(`${pc.red('unreachable')} ${naming(same)}: ${causeOf(failure)}`, failure.nextStep, width)];
  });
}

/** Accounts that nobody worked on: each cause once. */
export function formatNotWorkedOn(
  { accounts }: RunReport,
  status: 'skipped' | 'not-started',
  width: number,
): readonly string[] {
  const reports = accounts.filter(
    (report): report is Extract<AccountReport, { readonly cause: string }> => report.status === status,
  );
  const words = status === 'skipped' ? pc.dim('skipped') : pc.yellow('not started');
  return [...groupBy(reports, ({ cause }) => cause)].flatMap(([cause, same]) =>
    paragraph(`${words} ${naming(same)}: ${clean(cause)}`, width, '  '),
  );
}

/** Users about whom nothing could be decided. */
export const formatGaps = ({ accounts }: RunReport, width: number): readonly string[] =>
  rotated(accounts).flatMap(({ account, gaps }) =>
    gaps.map((gap) => formatGap(gap, width, `${describeAccount(account)}, `)),
  );

/** What is said of accounts, and of the run; `undefined`: what nobody has to do something about. */
export const formatFindings = (
  { accounts, findings }: RunReport,
  kind: ReturnType<typeof kindOfFinding>,
  width: number,
): readonly string[] => {
  const ofKind = (finding: Finding) => kindOfFinding(finding) === kind;
  return [
    ...rotated(accounts).flatMap(({ account, findings: own }) =>
      own.filter(ofKind).map((finding) => formatFinding(finding, width, `${describeAccount(account)}: `)),
    ),
    ...findings.filter(ofKind).map((finding) => formatFinding(finding, width)),
  ];
};

/** The accounts of which there is nothing to say, in one line. */
export function formatQuiet({ accounts, startedAt }: RunReport, width: number): readonly string[] {
  const quiet = rotated(accounts).filter(
    ({ outcomes, gaps, findings }) =>
      gaps.length === 0 &&
      findings.length === 0 &&
      outcomes.every((outcome) => kindOf(outcome, startedAt) === undefined),
  );
  if (quiet.length === 0) return [];
  const named =
    quiet.length > MOST_NAMED ? '' : ` (${quiet.map(({ account }) => describeAccount(account)).join(', ')})`;
  return paragraph(`${counted(quiet.length, 'account')}: nothing due${named}`, width);
}

/** `Payments (111122223333)`; of many the first ones. */
function naming(reports: readonly { readonly account: Account }[]): string {
  const named = reports.slice(0, MOST_NAMED).map(({ account }) => describeAccount(account));
  const more = reports.length - named.length;
  const list = `${named.join(', ')}${more === 0 ? '' : ` and ${String(more)} more`}`;
  return reports.length === 1 ? list : `${counted(reports.length, 'account')}: ${list}`;
}
