import type { Account } from '../../domain/account.ts';
import type { AccountSettings } from '../../domain/settings/account-settings.ts';
import type { AccountSession } from '../ports/accounts.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { PlaintextSender } from '../ports/messaging.ts';
import type { Lease } from './lease.ts';

/** Where changes are made: one account, entered, and held for one run. */
export interface AccountContext {
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
