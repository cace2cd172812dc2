import { isKind } from '../../domain/errors.ts';
import type { HistoryEntry } from '../../domain/rotation/history.ts';
import type { AccountContext } from '../context/account-context.ts';
import type { Intent } from '../ports/ledger.ts';
import { mayBeAPersons, unexplained, type RecoveredReplacement } from './findings.ts';

/** The name by now of a user who isn't there under the intent's; undefined where the user is gone. */
export async function newNameOf(
  { userName, replaces }: Intent,
  { session: { inventory } }: AccountContext,
): Promise<string | undefined> {
  try {
    const found = await inventory.userOf(replaces);
    return found === userName ? undefined : found;
  } catch (error) {
    // For a key that doesn't exist, IAM answers AccessDenied.
    if (isKind(error, 'not-found', 'denied')) return undefined;
    throw error;
  }
}

/**
 * Whose name has changed has kept the keys and the secret. What the secret holds is delivered; any other
 * key is left to a person.
 * @throws OperationError when that can't be read; the intent then stays open
 */
export async function recoverUnderNewName(
  intent: Intent,
  newName: string,
  context: AccountContext,
): Promise<RecoveredReplacement> {
  const { session, lease, account, caller } = context;
  const { ledger, clock, runId } = context.run;
  const { userName, replaces, secretName, runId: startedBy } = intent;
  const listed = await session.inventory.keysOf(newName);
  const appeared = listed.filter(({ id }) => !intent.knownKeyIds.includes(id));
  await lease.hold();
  for (const { id } of appeared) {
    if ((await session.secrets.deliveryOf(newName, id, secretName)) !== 'current') continue;
    const entry: HistoryEntry = {
      at: clock.now(),
      runId,
      by: caller,
      what: 'replaced',
      userName: newName,
      accessKeyId: replaces,
      newAccessKeyId: id,
      ...(secretName === undefined ? {} : { secretName }),
      reason: 'recovered',
      message: `The delivery begun by run ${startedBy} for ${userName}, who is ${newName} by now, was finished.`,
    };
    await ledger.recordDelivery(account.id, intent, id, entry);
    return { finding: { severity: 'note', message: entry.message }, entry };
  }
  if (appeared.length === 0) {
    await ledger.closeIntent(account.id, intent);
    return {};
  }
  const finding = mayBeAPersons(appeared.map(({ id }) => id).join(' and '), { ...intent, userName: newName });
  const entry = unexplained(appeared, finding, { ...intent, userName: newName }, context);
  await ledger.closeIntent(account.id, intent, entry);
  return { finding, entry };
}
