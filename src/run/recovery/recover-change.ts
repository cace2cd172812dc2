import { resolvePending, type KeyFound } from '../../domain/rotation/pending-change.ts';
import type { HistoryEntry, KeyChange } from '../../domain/rotation/history.ts';
import { isKind, OperationError } from '../../domain/errors.ts';
import { clean } from '../../domain/report/clean.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import { dateOf } from '../../domain/time.ts';
import type { AccountContext } from '../context/account-context.ts';
import { begunAt, untrueChange, whyUntrueChange } from './untrue.ts';

/** What a person should know about a change, and what the history says of it by now. */
export interface RecoveredChange {
  readonly finding?: Finding;
  readonly entry?: HistoryEntry;
}

/**
 * Finds out whether a change that an earlier run left pending was made, and records it, before anything
 * is decided for that user.
 * @throws OperationError when that can't be found out now; the change then stays pending
 */
export async function recoverChange(pending: KeyChange, context: AccountContext): Promise<RecoveredChange> {
  const { lease, account } = context;
  const { ledger, clock, runId } = context.run;
  const { accessKeyId } = pending;
  const { userName, found } = await keyOf(pending, context);
  const now = clock.now();
  const untrue = whyUntrueChange(pending, now);
  const became = untrue === undefined ? resolvePending(pending, found, now) : 'unclear';
  if (became === 'too-soon') throw tooSoon(pending);
  await lease.hold();
  if (became === 'done') {
    const entry = {
      ...pending,
      userName,
      at: begunAt(pending, now),
      by: context.caller,
      message: foundDone(pending, runId),
    };
    await ledger.recordChange(account.id, entry, now);
    return { entry };
  }
  if (became === 'unclear') {
    // A person may have made it so, and gets the whole grace.
    const kind = found === 'active' ? 'reactivated' : 'inactive';
    if (found !== 'gone') await ledger.record(account.id, [{ kind, userName, accessKeyId, at: now }]);
  }
  await ledger.dropPendingChange(account.id, pending);
  if (untrue !== undefined) return { finding: untrueChange(pending, untrue) };
  return became === 'unclear' ? { finding: nobodyKnows(pending, found) } : {};
}

/** Who began it and why only its row says: that is quoted, since a row is not a proof. */
function foundDone({ runId: startedBy, by, message }: KeyChange, runId: string): string {
  const quoted = clean(`${message} (${by})`, LONGEST_QUOTE).replaceAll('"', "'");
  return `Begun by run ${startedBy}, and found done by run ${runId}: a person may have done it. What was written down before, which nothing proves: "${quoted}"`;
}
const LONGEST_QUOTE = 300;

/** Where the key is by now. A user who was renamed has kept it. */
async function keyOf(
  { userName, accessKeyId }: KeyChange,
  { session: { inventory } }: Pick<AccountContext, 'session'>,
): Promise<{ readonly userName: string; readonly found: KeyFound }> {
  const statusIn = async (owner: string): Promise<KeyFound> => {
    const listed = await unless(['not-found'], () => inventory.keysOf(owner));
    return listed?.find(({ id }) => id === accessKeyId)?.status ?? 'gone';
  };
  const found = await statusIn(userName);
  if (found !== 'gone') return { userName, found };
  // For a key that doesn't exist, IAM answers AccessDenied.
  const owner = await unless(['not-found', 'denied'], () => inventory.userOf(accessKeyId));
  if (owner === undefined || owner === userName) return { userName, found };
  return { userName: owner, found: await statusIn(owner) };
}

async function unless<Answer>(
  kinds: readonly Parameters<typeof isKind>[1][],
  ask: () => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (kinds.some((kind) => isKind(error, kind))) return undefined;
    throw error;
  }
}

const tooSoon = ({ accessKeyId, what, runId }: KeyChange): OperationError =>
  new OperationError({
    kind: 'transient',
    during: 'recover the change that was begun',
    message: `run ${runId} had ${accessKeyId} ${what} a moment ago, or was about to, and IAM may not show it yet`,
    nextStep: 'Nothing to do: the next run looks again.',
  });

const nobodyKnows = ({ userName, accessKeyId, what, runId, at }: KeyChange, found: KeyFound): Finding => ({
  severity: 'note',
  message:
    `${userName}: run ${runId} of ${dateOf(at)} began to have ${accessKeyId} ${what}, and did not learn what became of it; it is ${found} now, ` +
    (found === 'gone'
      ? 'so somebody deleted it since.'
      : 'either because that was never done, or because somebody undid it. Its graces start anew.'),
});
