import type { Lease } from './lease.ts';
import type { AccountSession, Clock, Ledger } from './ports.ts';

/** Where changes are made: one account, entered, and held for one run. */
export interface Workplace {
  readonly accountId: string;
  readonly runId: string;
  readonly session: AccountSession;
  readonly ledger: Ledger;
  readonly lease: Lease;
  readonly clock: Clock;
}
