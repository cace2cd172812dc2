import type { Ledger } from '../ports/ledger.ts';

/**
 * A ledger whose leases belong to one process of a run, not to the run: a process that is started again for
 * the same account while the first one still works must not be let in.
 * @param holder a run id, a colon, and what is different for each process
 */
export const heldBy = (ledger: Ledger, holder: string): Ledger => ({
  ...ledger,
  acquireLease: (accountId, _runId, until, now) => ledger.acquireLease(accountId, holder, until, now),
  releaseLease: (accountId) => ledger.releaseLease(accountId, holder),
});
