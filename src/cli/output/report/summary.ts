import pc from 'picocolors';
import type { Outcome } from '../../../domain/report/outcome.ts';
import { rotated, totalsOf, type RunReport } from '../../../domain/report/run-report.ts';
import { CHANGING } from '../../../domain/rotation/decision.ts';
import { counted, number } from '../../../report/common/wording.ts';
import { kindOf, kindOfFinding } from './kinds.ts';

/*
 * A run in one line, and how much it was about in another. What a plan would do and what a run has done are told in
 * the same words, but for their tense.
 */

/** What a run does about keys, before and after. */
const CHANGE_WORDS = [
  ['replace', 'replace', 'replaced'],
  ['deactivate', 'switch off', 'switched off'],
  ['delete', 'delete', 'deleted'],
  ['restore', 'switch on', 'switched on'],
] as const;

/**
 * Whether the change is still to come: nothing holds it back, or only that the run was asked to look and change
 * nothing.
 */
export const isPending = (outcome: Outcome, { isAudit }: Pick<RunReport, 'isAudit'>): boolean =>
  CHANGING.has(outcome.decision.action) &&
  (outcome.status === 'none' || (outcome.status === 'held' && outcome.by === 'mode' && isAudit));

/** `replace 60, switch off 12, delete 4, needs a person 3, unreachable 1`. */
export function summaryOf(report: RunReport): string {
  const accounts = rotated(report.accounts);
  const outcomes = accounts.flatMap((account) => account.outcomes);
  const findings = [...accounts.flatMap((account) => account.findings), ...report.findings];
  const count = (matches: (outcome: Outcome) => boolean) => outcomes.filter(matches).length;
  const found = (kind: 'needs-person' | 'failed') =>
    findings.filter((finding) => kindOfFinding(finding) === kind).length +
    count((outcome) => kindOf(outcome, report.startedAt) === kind);
  const gaps = accounts.reduce((sum, one) => sum + one.gaps.length, 0);
  const { accounts: by } = totalsOf(report.accounts);
  const parts: readonly (readonly [words: string, count: number, colour?: (text: string) => string])[] = [
    ...CHANGE_WORDS.map(
      ([action, , done]) =>
        [done, count((one) => one.status === 'applied' && one.decision.action === action), pc.green] as const,
    ),
    ...CHANGE_WORDS.map(
      ([action, words]) =>
        [words, count((one) => one.decision.action === action && isPending(one, report)), pc.cyan] as const,
    ),
    ['held back', count((one) => one.status === 'held' && !isPending(one, report)), pc.yellow],
    ['needs a person', found('needs-person'), pc.red],
    ['failed', found('failed') + gaps, pc.red],
    ['unreachable', by.unreachable, pc.red],
    ['not started', by.notStarted, pc.yellow],
  ];
  const said = parts.filter(([, many]) => many > 0);
  return said.length === 0
    ? 'nothing to do'
    : said.map(([words, many, colour = String]) => colour(`${words} ${number(many)}`)).join(', ');
}

/** `1,000 accounts, 4,321 users, 5,120 active keys, 12 exempt`. */
export function describeScope({ accounts }: RunReport): string {
  const totals = totalsOf(accounts);
  const uncovered = rotated(accounts).reduce((sum, one) => sum + one.uncovered.length, 0);
  const counts: readonly (readonly [count: number, one: string, many?: string])[] = [
    [totals.accounts.rotated, 'account'],
    [totals.accounts.skipped, 'skipped', 'skipped'],
    [totals.users, 'user'],
    [totals.activeKeys, 'active key'],
    [totals.inactiveKeys, 'inactive key'],
    [
      totals.heldByOrganizationLimit,
      "held back by the organization's limit",
      "held back by the organization's limit",
    ],
    [
      totals.heldByReaders,
      'held back because nobody would read of it',
      'held back because nobody would read of it',
    ],
    [totals.exempt, 'exempt', 'exempt'],
    [uncovered, 'user not covered by the settings', 'users not covered by the settings'],
  ];
  return counts
    .filter(([count], index) => count > 0 || index === 0)
    .map(([count, one, many]) => counted(count, one, many))
    .join(', ');
}
