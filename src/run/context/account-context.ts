import type { Account } from '../../domain/account.ts';
import type { AccountSettings } from '../../domain/settings/account-settings.ts';
import type { AccountSession } from '../ports/accounts.ts';
import type { PlaintextSender } from '../ports/messaging.ts';
import type { Lease } from './lease.ts';
import type { RunContext } from './run-context.ts';

/** One account, entered by a run: enough to read it and to decide, not to change it. */
export interface AccountView {
  readonly run: RunContext;
  readonly account: Account;
  readonly settings: AccountSettings;
  readonly session: AccountSession;
  /** Absent where the account isn't held, so nothing may be changed. */
  readonly lease?: Lease;
}

/** One account, entered and held by a run: here changes are made. */
export interface AccountContext extends AccountView {
  readonly lease: Lease;
  /** The ARN of who runs this, for the history. */
  readonly caller: string;
  /** Only where the settings name it. */
  readonly plaintext?: PlaintextSender;
}
