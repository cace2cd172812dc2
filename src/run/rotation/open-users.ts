import type { Decision } from '../../domain/rotation/decision.ts';
import type { KeyMemory } from '../../domain/rotation/key.ts';
import type { AccountLedger } from '../ports/ledger.ts';

/** Of whom the ledger has something open. `unknown`: it may be anybody. */
export type OpenUsers = ReadonlySet<string> | 'unknown';

const lower = (name: string): string => name.toLowerCase();

/**
 * The users, in lower case, whom the credential report isn't asked about: the ledger knows something of them
 * that isn't finished. A replacement is finished when the key it replaced is gone.
 */
export function openUsers(ledger: AccountLedger): OpenUsers {
  const { keys, users, intents, pendingChanges, badRows, gone } = ledger;
  const open = new Set<string>();
  for (const [id, memory] of keys) {
    if (gone.has(id) || isFinished(memory, gone)) continue;
    const userName = users.get(id);
    if (userName === undefined) return 'unknown'; // as earlier versions wrote it
    open.add(lower(userName));
  }
  for (const { userName } of [...intents, ...pendingChanges]) open.add(lower(userName));
  for (const { userName } of badRows) {
    if (userName === undefined) return 'unknown';
    open.add(lower(userName));
  }
  return open;
}

const isFinished = (
  { inactiveSince, deactivatedAs, reactivatedAt, notices = [], replacementOf }: KeyMemory,
  gone: ReadonlySet<string>,
): boolean =>
  inactiveSince === undefined &&
  deactivatedAs === undefined &&
  // The report shows it as young as that.
  reactivatedAt === undefined &&
  notices.length === 0 &&
  (replacementOf === undefined || gone.has(replacementOf));

/** Whether something of these decisions is written into the ledger: what is only kept leaves nothing there. */
export const leavesSomethingOpen = (decisions: readonly Decision[]): boolean =>
  decisions.some(
    ({ action, observation, notice }) =>
      (action !== 'keep' && action !== 'exempt') || observation !== undefined || notice !== undefined,
  );

/** Whether the ledger has anything open of an account: of a user, or of the account as a whole. */
export const isAnythingOpen = (ledger: AccountLedger): boolean => {
  const users = openUsers(ledger);
  return (
    users === 'unknown' ||
    users.size > 0 ||
    ledger.pendingDigest !== undefined ||
    ledger.acceptances.length > 0
  );
};
