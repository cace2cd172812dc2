import type { Account } from '../../domain/account.ts';
import { MODES, type Mode } from '../../domain/rotation/limits.ts';
import { rotated, type AccountReport, type RunReport, type Totals } from '../../domain/report/run-report.ts';
import { describeAccount, counted, listed } from './wording.ts';

/** The mode of an account; undefined where nobody read what is set for it. */
export const modeOf = (report: AccountReport): Mode | undefined =>
  report.status === 'rotated' || report.status === 'unreachable' ? report.settings?.values.mode : undefined;

/** `Payments (111122223333)`, and its mode where that isn't the run's. */
export const accountAndMode = (account: Account, mode: Mode | undefined, run: Mode): string =>
  `${describeAccount(account)}${mode === undefined || mode === run ? '' : `, mode ${mode}`}`;

/** How many accounts have which mode; empty where all have that of the run. */
export function describeModes({ accounts, mode: run }: RunReport): string {
  const modes = rotated(accounts).map(({ settings }) => settings.values.mode);
  if (modes.every((mode) => mode === run)) return '';
  const parts = [...MODES]
    .reverse()
    .map((mode) => ({ mode, count: modes.filter((one) => one === mode).length }))
    .filter(({ count }) => count > 0)
    .map(({ mode, count }) => `${counted(count, 'account')} in ${mode}`);
  return `Modes: ${listed(parts)}.`;
}

/** Nothing was changed, and nothing should be, in any account. */
export function isPlanOnly({ accounts, mode }: RunReport, totals: Totals): boolean {
  const modes = rotated(accounts).map(({ settings }) => settings.values.mode);
  const changed = totals.replaced + totals.restored + totals.deactivated + totals.deleted;
  return changed === 0 && (modes.length === 0 ? mode === 'audit' : modes.every((one) => one === 'audit'));
}
