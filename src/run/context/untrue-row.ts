import type { Finding } from '../../domain/report/run-report.ts';

/** @param row as it is found in the partition of the account: `intent#ann`, `lease` */
export const untrueRow = (row: string, why: string): Finding => ({
  severity: 'failure',
  message: `The ledger's row ${row} can't be true (${why}); it is not believed.`,
  nextStep: `Find out who wrote the row ${row}: only the service should be able to.`,
});
