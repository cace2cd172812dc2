import pc from 'picocolors';
import type { Outcome } from '../../domain/report/outcome.ts';
import type { RunReport } from '../../domain/report/run-report.ts';
import { clean } from '../../report/common/sanitize.ts';
import { describeDates, describeModes } from '../../report/common/account-mode.ts';
import { paragraph } from './paragraphs.ts';
import {
  formatFindings,
  formatGaps,
  formatNotWorkedOn,
  formatQuiet,
  formatUnreachable,
} from './report/account-groups.ts';
import { isChange, kindOf, type OutcomeKind } from './report/kinds.ts';
import { formatKeys } from './report/key-groups.ts';
import { describeScope, isPending, summaryOf } from './report/summary.ts';

/*
 * The run report as people read it in a terminal: first what all comes to, then what needs somebody, and then the
 * rest. What is quiet is one line.
 */

/** @param columns of the terminal; absent: for a pipe, without boxes, and nothing is broken into lines */
export function formatReport(report: RunReport, columns?: number): string {
  const width = columns ?? Infinity;
  const keys = (isShown: (kind: OutcomeKind, outcome: Outcome) => boolean) =>
    formatKeys(report, (outcome) => isShown(kindOf(outcome, report.startedAt), outcome), columns);
  const change = (isShown: (outcome: Outcome) => boolean) =>
    keys((kind, outcome) => isChange(kind) && isShown(outcome));
  return [
    ...formatSummary(report, columns),
    ...section(
      pc.red('Needs a person'),
      keys((kind) => kind === 'needs-person'),
      formatFindings(report, 'needs-person', width),
    ),
    ...section(
      pc.red('Failed or unreachable'),
      keys((kind) => kind === 'failed'),
      [
        ...formatGaps(report, width),
        ...formatUnreachable(report, width),
        ...formatNotWorkedOn(report, 'not-started', width),
        ...formatFindings(report, 'failed', width),
      ],
    ),
    ...section(
      pc.green('Done'),
      change(({ status }) => status === 'applied'),
    ),
    ...section(
      pc.cyan('To be done'),
      change((outcome) => isPending(outcome, report)),
    ),
    ...section(
      pc.yellow('Held back'),
      change((outcome) => outcome.status === 'held' && !isPending(outcome, report)),
    ),
    ...section(
      'Upcoming',
      keys((kind) => kind === 'upcoming'),
    ),
    ...section('To be known', formatFindings(report, undefined, width)),
    ...section('', [
      ...formatQuiet(report, width),
      ...formatNotWorkedOn(report, 'skipped', width).map((line) => line.replace(/^ {2}/, '')),
      ...[describeModes(report), describeDates(report)].flatMap((aside) =>
        aside === '' ? [] : paragraph(aside, width),
      ),
    ]),
    '',
  ].join('\n');
}

/** The run in two lines: what is done or to be done, and how much it was about. */
export const formatSummary = (report: RunReport, columns?: number): readonly string[] => [
  ...paragraph(
    `${pc.bold(`Run ${clean(report.runId)} (${report.mode})`)}: ${together(summaryOf(report))}`,
    columns ?? Infinity,
  ).map(apart),
  ...paragraph(pc.dim(describeScope(report)), columns ?? Infinity),
];

/** A count stays with its words when the line is broken. */
const together = (text: string): string => text.replaceAll(/ (?=\d)/g, '\u00a0');
const apart = (line: string): string => line.replaceAll('\u00a0', ' ');

/** A blank line between what are tables and what are sentences. */
function section(title: string, ...blocks: readonly (readonly string[])[]): readonly string[] {
  const parts = blocks.filter((block) => block.length > 0);
  return parts.flatMap((lines, index) => [
    '',
    ...(index === 0 && title !== '' ? [pc.bold(title)] : []),
    ...lines,
  ]);
}
