import type { Decision } from '../domain/decision.ts';
import type { KeyChange } from '../domain/history.ts';
import { isActive, type AccessKey } from '../domain/key.ts';
import type { Outcome } from '../domain/outcome.ts';
import { failureInWords, isKind } from '../domain/refusal.ts';
import type { Finding } from '../domain/report.ts';
import { entryFor } from './entry-for.ts';
import { refuseIfChanged } from './reread.ts';
import type { Workplace } from './workplace.ts';

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
  place: Workplace,
  findings: Finding[],
): Promise<Outcome> {
  const { session, lease, ledger, accountId } = place;
  const { userName, key } = decision;
  await lease.hold();
  const begun = changeOf(what, decision, place);
  await ledger.beginChange(accountId, begun);
  let asked = false;
  try {
    // A replacement that was switched off or deleted meanwhile would leave its owner without a key.
    const needed = what === 'deactivated' ? others.filter(isActive) : [];
    await refuseIfChanged(decision, session.inventory, needed);
    asked = true;
    await DEEDS[what](session.writer, userName, key.id);
  } catch (error) {
    // Whatever else IAM or the network says may have had its effect: that stays begun.
    const certain = !asked || isKind(error, 'denied', 'not-found', 'limit');
    if (certain) await ledger.dropChange(accountId, begun).catch(() => undefined);
    throw error;
  }
  await record(what, decision, place, findings);
  return { status: 'applied', decision };
}

/** What is decided about keys. */
type Decided = Exclude<KeyChange['what'], 'lost-key-deleted'>;

const DEEDS: Record<
  Decided,
  (writer: Workplace['session']['writer'], userName: string, accessKeyId: string) => Promise<unknown>
> = {
  deactivated: (writer, userName, id) => writer.deactivate(userName, id),
  restored: (writer, userName, id) => writer.activate(userName, id),
  deleted: (writer, userName, id) => writer.delete(userName, id),
};

const changeOf = (what: Decided, decision: Decision, place: Workplace): KeyChange => ({
  ...entryFor(what, decision, place),
  what,
  userName: decision.userName,
  accessKeyId: decision.key.id,
});

/** What IAM did stays done when the ledger fails: the next run finds that it was begun. */
async function record(
  what: Decided,
  decision: Decision,
  place: Workplace,
  findings: Finding[],
): Promise<void> {
  const change = changeOf(what, decision, place);
  try {
    // The grace counts from a moment at which the key was certainly off.
    await place.ledger.changed(place.accountId, change, change.at);
  } catch (error) {
    const { message, nextStep } = failureInWords(error, 'write the ledger');
    findings.push({
      severity: 'failure',
      message: `${change.accessKeyId} of ${change.userName} was ${what}, but that could not be recorded: ${message}`,
      nextStep: `Nothing is lost, only time: the next run finds it. ${nextStep}`,
    });
  }
}
