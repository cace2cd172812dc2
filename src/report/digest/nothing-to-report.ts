import { totalsOf, type RotatedAccount } from '../../domain/report/run-report.ts';
import { counted, listed } from '../common/wording.ts';

/** The keys that an account has after the run, and whose. */
export interface KeyCounts {
  readonly users: number;
  readonly active: number;
  readonly inactive: number;
  /** Users that the settings leave out; their keys are in no other number. */
  readonly usersNotCovered: number;
}

export function keyCountsOf(report: RotatedAccount): KeyCounts {
  const { users, activeKeys, inactiveKeys } = totalsOf([report]);
  return { users, active: activeKeys, inactive: inactiveKeys, usersNotCovered: report.uncovered.length };
}

/** All there is to say of an account to which nothing happened. */
export function nothingToReportHeadline({ users, active, inactive, usersNotCovered }: KeyCounts): string {
  const keys = [
    ...(active === 0 ? [] : [counted(active, 'active key')]),
    ...(inactive === 0 ? [] : [counted(inactive, 'inactive key')]),
  ];
  const has = users === 1 ? 'has' : 'have';
  return [
    'Nothing was changed, and nothing is due.',
    users === 0 ? 'No user has access keys.' : `${counted(users, 'user')} ${has} ${listed(keys)}.`,
    ...(usersNotCovered === 0 ? [] : [notCovered(usersNotCovered)]),
  ].join(' ');
}

const notCovered = (count: number): string =>
  `${counted(count, 'more user is', 'more users are')} not covered by the settings.`;
