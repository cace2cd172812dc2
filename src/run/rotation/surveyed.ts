import { rotated, type RunReport } from '../../domain/report/run-report.ts';

/** In how many runs each account was looked at, by its id. */
export type Surveyed = ReadonlyMap<string, number>;

/**
 * The same after a run over all users. Each account counts its own runs: one that a run wasn't about, or that could
 * not be entered, has nobody's turn passed over. What an audit has found is written nowhere, so it doesn't count.
 * @param surveyed as it was when the run began, which says whose turn it was
 * @param recorded as it is by now: runs that overlap go by the same count, and none takes another's back
 * @param isWhole the run was about all accounts; those that have left the organization are forgotten
 */
export function surveyedIn(
  { accounts }: Pick<RunReport, 'accounts'>,
  {
    surveyed,
    recorded,
    isWhole,
  }: { readonly surveyed: Surveyed; readonly recorded: Surveyed; readonly isWhole: boolean },
): Surveyed {
  const members = new Set(accounts.map(({ account }) => account.id));
  const counted = new Map([...recorded].filter(([id]) => !isWhole || members.has(id)));
  for (const { account, settings } of rotated(accounts)) {
    if (settings.values.mode === 'audit') continue;
    counted.set(account.id, Math.max(counted.get(account.id) ?? 0, (surveyed.get(account.id) ?? 0) + 1));
  }
  return counted;
}
