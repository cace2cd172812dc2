import { describeFailure, isKind } from '../../domain/errors.ts';
import type { Outcome } from '../../domain/report/outcome.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import type { Decision } from '../../domain/rotation/decision.ts';
import type { KeyChange } from '../../domain/rotation/history.ts';
import { isActive, type AccessKey } from '../../domain/rotation/key.ts';
import { resolvePending } from '../../domain/rotation/pending-change.ts';
import { SECOND } from '../../domain/time.ts';
import type { AccountContext } from '../context/account-context.ts';
import { assertUnchanged } from '../context/assert-unchanged.ts';
import { entryFor } from '../context/history-entry.ts';
import type { KeyWriter } from '../ports/keys.ts';

/** Before the keys are listed to see what an unclear answer meant: what IAM lists lags behind. */
const LOOK_AFTER = 5 * SECOND;

/**
 * Switches a key off or on, or deletes it, so that a run may die anywhere on the way: it is written
 * down before and after, and what was only begun the next run looks after.
 * @param others the user's other keys, as far as they have not been changed by this run
 * @throws Refusal when it isn't done, or nobody can tell
 */
export async function changeKey(
  what: Decided,
  decision: Decision,
  others: readonly AccessKey[],
  context: AccountContext,
  findings: Finding[],
): Promise<Outcome> {
  const { session, lease, ledger, accountId } = context;
  const { userName, key } = decision;
  await lease.hold();
  const begun: KeyChange = { ...entryFor(what, decision, context), what, userName, accessKeyId: key.id };
  let asked = false;
  try {
    await ledger.markChangePending(accountId, begun);
    // A replacement that was switched off or deleted meanwhile would leave its owner without a key.
    const needed = what === 'deactivated' ? others.filter(isActive) : [];
    await assertUnchanged(decision, session.inventory, needed);
    await lease.hold();
    asked = true;
    await DEEDS[what](session.writer, userName, key.id);
  } catch (error) {
    const became = asked ? await whatItMeant(error, begun, context) : 'not-done';
    if (became === 'not-done') await ledger.dropPendingChange(accountId, begun).catch(() => undefined);
    if (became !== 'done') throw error;
  }
  await record(begun, context, findings);
  return { status: 'applied', decision };
}

/** What is decided about keys. */
type Decided = Exclude<KeyChange['what'], 'lost-key-deleted'>;

const DEEDS: Record<Decided, (writer: KeyWriter, userName: string, accessKeyId: string) => Promise<unknown>> =
  {
    deactivated: (writer, userName, id) => writer.deactivate(userName, id),
    restored: (writer, userName, id) => writer.activate(userName, id),
    deleted: (writer, userName, id) => writer.delete(userName, id),
  };

/**
 * Whether a change was made whose answer is an error. A list that shows the key as it was is no proof:
 * where the network failed, the change stays begun, for the next run to find out.
 */
async function whatItMeant(
  error: unknown,
  begun: KeyChange,
  { session, clock }: AccountContext,
): Promise<'done' | 'not-done' | 'unknown'> {
  if (isKind(error, 'denied', 'not-found', 'limit')) return 'not-done';
  // IAM was asked several times, and refused at least the last one.
  const otherwise = isKind(error, 'conflict', 'throttled') ? 'not-done' : 'unknown';
  try {
    await clock.sleep(LOOK_AFTER);
    const listed = await session.inventory.keysOf(begun.userName);
    const found = listed.find(({ id }) => id === begun.accessKeyId)?.status ?? 'gone';
    return resolvePending(begun, found, begun.at) === 'done' ? 'done' : otherwise;
  } catch {
    return otherwise;
  }
}

/** What IAM did stays done when the ledger fails: the next run finds that it was begun. */
async function record(
  begun: KeyChange,
  { ledger, accountId, clock }: AccountContext,
  findings: Finding[],
): Promise<void> {
  try {
    // The grace counts from a moment at which the key was certainly so.
    await ledger.recordChange(accountId, begun, clock.now());
  } catch (error) {
    const { message, nextStep } = describeFailure(error, 'write the ledger');
    findings.push({
      severity: 'failure',
      message: `${begun.accessKeyId} of ${begun.userName} was ${begun.what}, but that could not be recorded: ${message}`,
      nextStep: `Nothing is lost, only time: the next run finds it. ${nextStep}`,
    });
  }
}
