import type { AccountSettings } from '../../domain/settings/account-settings.ts';
import type { Account } from '../../domain/account.ts';
import type { Lease } from './lease.ts';
import type { AccountSession, Clock, Ledger, PlaintextSender } from '../ports/ledger.ts';

/** Where changes are made: one account, entered, and held for one run. */
export interface Workplace {
  readonly account: Account;
  readonly accountId: string;
  readonly runId: string;
  /** The ARN of who runs this, for the history. */
  readonly by: string;
  readonly settings: AccountSettings;
  readonly session: AccountSession;
  readonly ledger: Ledger;
  readonly lease: Lease;
  readonly clock: Clock;
  /** Only where the settings name it. */
  readonly plaintext?: PlaintextSender;
}
