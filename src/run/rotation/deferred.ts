import type { AccountReport } from '../../domain/report/run-report.ts';
import type { Deferred } from '../ports/last-run.ts';

/**
 * What a run had no time for: the next one starts with it.
 * @param before what is recorded of earlier runs: in an account that this one did not work on it is still to be done
 */
export const deferredIn = (
  reports: readonly AccountReport[],
  before: readonly Deferred[],
): readonly Deferred[] =>
  reports.flatMap((report): readonly Deferred[] => {
    const { account } = report;
    if (report.status !== 'rotated') {
      const left = before.filter(({ accountId }) => accountId === account.id);
      return left.length === 0 && report.status === 'not-started' ? [{ accountId: account.id }] : left;
    }
    const first = report.gaps.find(({ reason }) => reason === 'out-of-time');
    return first === undefined ? [] : [{ accountId: account.id, userName: first.userName }];
  });
