import Table from 'cli-table3';
import pc from 'picocolors';
import { totalsOf, type RunReport } from '../src/domain/report/run-report.ts';
import type { World } from '../test/support/world.ts';
import type { Owner } from './owners.ts';

export interface Week {
  readonly week: number;
  readonly date: string;
  readonly report: RunReport;
  /** Whose key had stopped working before this run. */
  readonly stopped: readonly Owner[];
}

/** What `apply` does, without its long report. */
export const applyQuietly = (world: World): Promise<RunReport> => world.run({ mode: 'enforce' });

/** One line per account, and who was cut off. */
export function weekInText({ date, report, stopped }: Week): string {
  const table = new Table({
    head: [date, 'Active', 'Inactive', 'Replaced', 'Deactivated', 'Deleted', 'Waiting', 'Need a person'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'right'],
  });
  for (const account of report.accounts) {
    const { name } = account.account;
    if (account.status !== 'rotated') {
      table.push([name, { colSpan: 7, content: pc.dim(account.status) }]);
      continue;
    }
    const totals = totalsOf([account]);
    const waiting = account.outcomes.filter(({ decision }) => decision.action === 'wait').length;
    table.push([
      name,
      totals.activeKeys,
      totals.inactiveKeys,
      some(totals.replaced),
      some(totals.deactivated),
      some(totals.deleted),
      some(waiting),
      some(totals.blocked),
    ]);
  }
  const cutOff = stopped.map(
    ({ account, userName, adopts }) =>
      `${userName} (${account}) works with a key that is off${adopts ? '' : ': it ignored the digests until the deadline'}.`,
  );
  return [table.toString(), ...cutOff].join('\n');
}

const some = (count: number): string => (count === 0 ? '' : String(count));
