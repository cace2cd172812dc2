import type { AccountReport } from '../../domain/report/run-report.ts';
import type { Deferred } from '../ports/last-run.ts';

/** What a run had no time for: the next one starts with it. */
export const deferredIn = (reports: readonly AccountReport[]): readonly Deferred[] =>
  reports.flatMap((report): readonly Deferred[] => {
    const { account } = report;
    if (report.status === 'not-started') return [{ accountId: account.id }];
    if (report.status !== 'rotated') return [];
    const first = report.gaps.find(({ reason }) => reason === 'out-of-time');
    return first === undefined ? [] : [{ accountId: account.id, userName: first.userName }];
  });
