import type { Account } from '../../domain/account.ts';
import { ACCEPTED_FOR, type Exceeded, type LimitKind, type Mode } from '../../domain/rotation/limits.ts';
import { findAccount } from '../context/accounts.ts';
import type { RunContext } from '../context/run-context.ts';
import { enterReadOnly } from '../context/with-account.ts';
import { planAccount } from '../rotation/plan-account.ts';

/** What a limit stops in an account now. */
export interface HeldByLimit {
  readonly account: Account;
  readonly mode: Mode;
  /** Undefined: the limit stops nothing. */
  readonly exceeded: Exceeded | undefined;
}

/** Finds out what a limit would stop if the account were rotated now. Changes nothing. */
export async function heldByLimit(
  accountId: string,
  limit: LimitKind,
  run: RunContext,
): Promise<HeldByLimit> {
  const { account, settings } = await findAccount(accountId, run);
  const { exceeded } = await planAccount(await enterReadOnly(account, settings, run));
  return { account, mode: settings.values.mode, exceeded: exceeded.find(({ kind }) => kind === limit) };
}

/** Lets one run pass a limit, for the keys that were shown and no others. */
export async function acceptLimit(
  accountId: string,
  { kind, decisions }: Exceeded,
  reason: string,
  run: RunContext,
): Promise<void> {
  const by = await run.sessions.caller();
  const at = run.clock.now();
  await run.ledger.accept(
    accountId,
    {
      limit: kind,
      keyIds: [...decisions].map(({ key }) => key.id),
      by,
      reason,
      at,
      until: at + ACCEPTED_FOR,
    },
    {
      at,
      runId: run.runId,
      by,
      what: 'limit-accepted',
      reason: kind,
      message: `${decisions.size} ${kind} in one run are accepted: ${reason}`,
    },
  );
}
