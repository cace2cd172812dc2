import type { Account } from '../../domain/account.ts';
import { OperationError } from '../../domain/errors.ts';
import { ACCEPTED_FOR } from '../../domain/rotation/acceptance.ts';
import type { Exceeded, LimitKind, Mode } from '../../domain/rotation/limits.ts';
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

/** The keys that a limit stops, by their ids. */
export const keysHeld = ({ decisions }: Exceeded): readonly string[] =>
  [...decisions].map(({ key }) => key.id);

/**
 * Lets one run pass a limit, if it still stops the keys that were shown.
 * @throws OperationError `changed-meanwhile` when it stops others
 */
export async function acceptShown(
  accountId: string,
  limit: LimitKind,
  { shown, reason }: { readonly shown: readonly string[]; readonly reason: string },
  run: RunContext,
): Promise<void> {
  const { exceeded } = await heldByLimit(accountId, limit, run);
  if (exceeded === undefined || !isSame(new Set(keysHeld(exceeded)), new Set(shown))) {
    throw new OperationError({
      kind: 'changed-meanwhile',
      during: 'decide again',
      message: `what the limit on ${limit} stops in account ${accountId} has changed since this was shown`,
      nextStep: 'Run the command again and look at what it would do now.',
    });
  }
  await acceptLimit(accountId, exceeded, reason, run);
}

const isSame = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((id) => other.has(id));

/** Lets one run pass a limit, for the keys that were shown and no others. */
export async function acceptLimit(
  accountId: string,
  exceeded: Exceeded,
  reason: string,
  run: RunContext,
): Promise<void> {
  const { kind, decisions } = exceeded;
  const by = await run.sessions.caller();
  const at = run.clock.now();
  await run.ledger.accept(
    accountId,
    {
      limit: kind,
      keyIds: keysHeld(exceeded),
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
