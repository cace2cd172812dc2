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

/** More names than this nobody reads in a sentence. */
const MOST_NAMES = 5;

function named(accounts: readonly Account[]): string {
  const names = accounts.slice(0, MOST_NAMES).map(describeAccount);
  const more = accounts.length - names.length;
  return more === 0 ? listed(names) : `${names.join(', ')} and ${more} more`;
}

/** Which accounts have which mode; empty where all have that of the run. */
export function describeModes({ accounts, mode: run }: RunReport): string {
  const worked = rotated(accounts);
  if (worked.every(({ settings }) => settings.values.mode === run)) return '';
  const parts = [...MODES]
    .reverse()
    .map((mode) => ({ mode, own: worked.filter(({ settings }) => settings.values.mode === mode) }))
    .filter(({ own }) => own.length > 0)
    .map(
      ({ mode, own }) =>
        `${counted(own.length, 'account')} in ${mode} (${named(own.map(({ account }) => account))})`,
    );
  return `Modes: ${listed(parts)}.`;
}

/**
 * What a reader must know of the dates of a report: nothing counts as announced in audit. Empty where no account
 * is in audit by its settings; a plan for accounts that enforce shows the dates they have.
 */
export function describeDates({ accounts }: RunReport): string {
  const audited = rotated(accounts).filter(
    ({ settings: { values, sources } }) => values.mode === 'audit' && sources.mode !== 'this run',
  );
  if (audited.length === 0) return '';
  const whose =
    audited.length === rotated(accounts).length
      ? ''
      : ` of accounts in audit (${named(audited.map(({ account }) => account))})`;
  return `The dates${whose} begin with the first run in mode enforce: they are shown as if this one were it, and in audit nothing is announced.`;
}

/** Nothing was changed, and nothing should be, in any account. */
export function isPlanOnly({ accounts, mode }: RunReport, totals: Totals): boolean {
  const modes = rotated(accounts).map(({ settings }) => settings.values.mode);
  const changed = totals.replaced + totals.restored + totals.deactivated + totals.deleted;
  return changed === 0 && (modes.length === 0 ? mode === 'audit' : modes.every((one) => one === 'audit'));
}
