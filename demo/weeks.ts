import { totalsOf, type RunReport } from '../src/domain/report/run-report.ts';
import type { Owner } from './owners.ts';

export interface Week {
  readonly week: number;
  readonly date: string;
  readonly report: RunReport;
  /** Whose key doesn't work after it. */
  readonly stopped: readonly Owner[];
}

const COLUMNS = ['Keys on', 'Off', 'Replaced', 'Switched off', 'Deleted', 'Person', 'Cut off'];

const line = (week: string, date: string, cells: readonly string[]): string =>
  `${week.padStart(4)}  ${date.padEnd(10)}${cells.map((cell, index) => cell.padStart((COLUMNS[index]?.length ?? 0) + 2)).join('')}`;

export const WEEKS_HEAD = line('Week', 'Date', COLUMNS);

/** All accounts in one line. */
export function weekInText({ week, date, report, stopped }: Week): string {
  const totals = totalsOf(report.accounts);
  const counts = [
    totals.activeKeys,
    totals.inactiveKeys,
    totals.replaced,
    totals.deactivated,
    totals.deleted,
    totals.blocked,
    stopped.length,
  ];
  return line(String(week), date, counts.map(String));
}
