import { rotated, type RotatedAccount, type RunReport } from '../../../domain/report/run-report.ts';
import type { Outcome } from '../../../domain/report/outcome.ts';
import { wholeDays } from '../../../domain/time.ts';
import { clean } from '../../../report/common/sanitize.ts';
import { adoptionOf, detailsOf, whatOf } from '../outcome.ts';
import { layoutFor, type Layout, type Row } from '../layout.ts';
import { sectionsOf, USER_LINES, userInCell } from '../table.ts';

/* The keys of one kind: a table, whose rows stay below the account they are of. */

const WIDE: Layout = {
  head: ['User', 'Access key', 'Days', 'What', 'Why'],
  widths: [20, 22, 6, 20],
  least: 30,
  aligns: ['left', 'left', 'right', 'left', 'left'],
  most: [USER_LINES],
  firstOnce: true,
  plainWidths: [46, 22, 6, 37],
};

/** What is said of a key below it: so it fits into the 80 columns that terminals have, and takes few lines. */
const NARROW: Layout = { ...WIDE, lastBelow: true };

/** @param columns of the terminal; absent for a pipe */
export function formatKeys(
  report: RunReport,
  isShown: (outcome: Outcome) => boolean,
  columns: number | undefined,
): readonly string[] {
  const sections = rotated(report.accounts).flatMap((account) => {
    const rows = account.outcomes.filter(isShown).map((outcome) => rowOf(outcome, report));
    return rows.length === 0 ? [] : [{ title: titleOf(account, report, columns), rows }];
  });
  if (sections.length === 0) return [];
  return [sectionsOf(layoutFor(columns, WIDE, NARROW), columns, sections)];
}

/** In a pipe it is a column, which begins with what doesn't change: the id. */
function titleOf({ account, settings }: RotatedAccount, run: RunReport, columns: number | undefined): string {
  const { mode } = settings.values;
  if (columns === undefined) return `${account.id} ${clean(account.name)}`;
  return `${clean(account.name)} ${account.id}${mode === run.mode ? '' : `, mode ${mode}`}`;
}

const rowOf = (outcome: Outcome, { startedAt }: RunReport): Row => {
  const { decision } = outcome;
  return [
    userInCell(decision),
    decision.key.id,
    String(wholeDays(decision.key.createdAt, startedAt)),
    whatOf(outcome, startedAt),
    [clean(decision.message), ...adoptionOf(decision), ...detailsOf(outcome)].join(' '),
  ];
};
