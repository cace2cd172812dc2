import { rotated, type RunReport } from '../../domain/report/run-report.ts';

/** In how many runs each account was looked at, by its id. */
export type Surveyed = ReadonlyMap<string, number>;

/**
 * The same after a run over all users. Each account counts its own runs: one that a run wasn't about, or that could
 * not be entered, has nobody's turn passed over. What an audit has found is written nowhere, so it doesn't count.
 * @param isWhole the run was about all accounts; those that have left the organization are forgotten
 */
export function surveyedIn(
  { accounts }: Pick<RunReport, 'accounts'>,
  { surveyed, isWhole }: { readonly surveyed: Surveyed; readonly isWhole: boolean },
): Surveyed {
  const members = new Set(accounts.map(({ account }) => account.id));
  const counted = new Map([...surveyed].filter(([id]) => !isWhole || members.has(id)));
  for (const { account, settings } of rotated(accounts)) {
    if (settings.values.mode !== 'audit') counted.set(account.id, (counted.get(account.id) ?? 0) + 1);
  }
  return counted;
}
