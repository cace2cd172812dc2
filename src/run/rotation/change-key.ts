import { describeFailure, isKind } from '../../domain/errors.ts';
import type { AppliedDecision } from './applied-decision.ts';
import type { Replacement } from '../../domain/report/outcome.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import type { Decision } from '../../domain/rotation/decision.ts';
import type { KeyChange } from '../../domain/rotation/history.ts';
import { isActive, type AccessKey } from '../../domain/rotation/key.ts';
import { resolvePending } from '../../domain/rotation/pending-change.ts';
import { SECOND } from '../../domain/time.ts';
import type { AccountContext } from '../context/account-context.ts';
import { assertUnchanged } from '../context/assert-unchanged.ts';
import { assertStillDelivered } from './still-delivered.ts';
import { entryFor } from '../context/history-entry.ts';
import type { KeyWriter } from '../ports/keys.ts';

/** IAM is eventually consistent: a list read at once may still show the key as it was before the change. */
const WAIT_BEFORE_LIST = 5 * SECOND;

/**
 * Switches a key off or on, or deletes it, so that a run may be killed anywhere on the way: it is
 * written down before and after, and the next run resolves what is still pending.
 * @param others the user's other keys, as far as they have not been changed by this run
 * @param madeNow what this run has just replaced the key by
 * @throws OperationError when it isn't done, or it can't be known whether it is
 */
export async function changeKey(
  what: Decided,
  decision: Decision,
  others: readonly AccessKey[],
  context: AccountContext,
  madeNow?: Replacement,
): Promise<AppliedDecision> {
  const { session, lease, account, run } = context;
  const { userName, key } = decision;
  await lease.hold();
  const pending: KeyChange = { ...entryFor(what, decision, context), what, userName, accessKeyId: key.id };
  let asked = false;
  try {
    await run.ledger.markChangePending(account.id, pending);
    // A replacement that was switched off or deleted meanwhile would leave its owner without a key.
    const needed = what === 'deactivated' ? others.filter(isActive) : [];
    await assertUnchanged(decision, session.inventory, needed);
    await assertStillDelivered(what, decision, others, madeNow, session.secrets);
    await lease.hold();
    asked = true;
    await CHANGES[what](session.writer, userName, key.id);
  } catch (error) {
    const effect = asked ? await effectOf(error, pending, context) : 'not-done';
    if (effect === 'not-done') await run.ledger.dropPendingChange(account.id, pending).catch(() => undefined);
    if (effect !== 'done') throw error;
  }
  return { outcome: { status: 'applied', decision }, findings: await record(pending, context) };
}

/** Changes that follow from a decision. */
type Decided = Exclude<KeyChange['what'], 'lost-key-deleted'>;

const CHANGES: Record<
  Decided,
  (writer: KeyWriter, userName: string, accessKeyId: string) => Promise<unknown>
> = {
  deactivated: (writer, userName, id) => writer.deactivate(userName, id),
  restored: (writer, userName, id) => writer.activate(userName, id),
  deleted: (writer, userName, id) => writer.delete(userName, id),
};

/**
 * Whether a change was made although its call failed. A list that shows the key as it was is no proof:
 * after a network failure the change stays pending, for the next run to find out.
 */
async function effectOf(
  error: unknown,
  pending: KeyChange,
  { run, session }: AccountContext,
): Promise<'done' | 'not-done' | 'unknown'> {
  if (isKind(error, 'denied', 'not-found', 'limit')) return 'not-done';
  // IAM was called several times, and refused at least the last call.
  const otherwise = isKind(error, 'conflict', 'throttled') ? 'not-done' : 'unknown';
  try {
    await run.clock.sleep(WAIT_BEFORE_LIST);
    const listed = await session.inventory.keysOf(pending.userName);
    const found = listed.find(({ id }) => id === pending.accessKeyId)?.status ?? 'gone';
    return resolvePending(pending, found, pending.at) === 'done' ? 'done' : otherwise;
  } catch {
    return otherwise;
  }
}

/** When the ledger fails the change is still made: the next run finds it pending and records it. */
async function record(
  pending: KeyChange,
  { run: { ledger, clock }, account }: AccountContext,
): Promise<readonly Finding[]> {
  try {
    // The grace counts from a moment at which the key certainly was in its new state.
    await ledger.recordChange(account.id, pending, clock.now());
    return [];
  } catch (error) {
    const { message, nextStep } = describeFailure(error, 'write the ledger');
    return [
      {
        severity: 'failure',
        message: `${pending.accessKeyId} of ${pending.userName} was ${pending.what}, but that could not be recorded: ${message}`,
        nextStep: `Nothing is lost, only time: the next run finds it. ${nextStep}`,
      },
    ];
  }
}
