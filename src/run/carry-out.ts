import type { Decision } from '../domain/decision.ts';
import type { Planned } from '../domain/limits.ts';
import { CHANGING } from '../domain/decision.ts';
import type { Outcome } from '../domain/outcome.ts';
import { isActive, type AccessKey } from '../domain/key.ts';
import { failureInWords, failureOf } from '../domain/refusal.ts';
import type { Finding } from '../domain/report.ts';
import { entryFor } from './entry-for.ts';
import type { KeyChange } from './ports.ts';
import { replaceKey } from './replace-key.ts';
import { refuseIfChanged } from './reread.ts';
import type { Workplace } from './workplace.ts';

export interface Done {
  readonly outcomes: readonly Outcome[];
  readonly findings: readonly Finding[];
}

/** The outcome of what isn't to be carried out: nothing to do, or held back by mode or limit. */
export const notCarriedOut = ({ decision, held }: Planned): Outcome =>
  held === undefined ? { status: 'none', decision } : { status: 'held', decision, ...held };

/**
 * Carries out what was planned for one user, in order. Never throws: what fails is an outcome, and
 * the user's remaining actions are held back.
 * @param keys all keys of the user, where the plan doesn't speak of each
 */
export async function carryOut(
  planned: readonly Planned[],
  place: Workplace,
  keys: readonly AccessKey[] = planned.map(({ decision }) => decision.key),
): Promise<Done> {
  const outcomes: Outcome[] = [];
  const findings: Finding[] = [];
  let failed = false;
  for (const one of planned) {
    const { decision, held } = one;
    if (held !== undefined || !CHANGING.has(decision.action)) {
      outcomes.push(notCarriedOut(one));
    } else if (failed) {
      const why = 'an earlier action for this user failed';
      outcomes.push({ status: 'held', decision, by: 'failure', why });
    } else {
      const changed = new Set(outcomes.filter(isApplied).map((done) => done.decision.key.id));
      const others = keys.filter(({ id }) => id !== decision.key.id && !changed.has(id));
      const outcome = await change(decision, others, place, findings);
      failed = outcome.status !== 'applied';
      outcomes.push(outcome);
    }
  }
  return { outcomes, findings };
}

const isApplied = ({ status }: Outcome): boolean => status === 'applied';

/** @param others the user's other keys, as far as they have not been changed by this run */
async function change(
  decision: Decision,
  others: readonly AccessKey[],
  place: Workplace,
  findings: Finding[],
): Promise<Outcome> {
  try {
    switch (decision.action) {
      case 'replace':
        return await replaceKey(decision, place, findings);
      case 'deactivate':
        return await deactivate(decision, others, place, findings);
      case 'restore':
        return await restore(decision, place, findings);
      default:
        return await remove(decision, place, findings);
    }
  } catch (error) {
    return { status: 'failed', decision, failure: failureOf(error, decision.action) };
  }
}

async function deactivate(
  decision: Decision,
  others: readonly AccessKey[],
  place: Workplace,
  findings: Finding[],
): Promise<Outcome> {
  const { session, lease } = place;
  const { userName, key } = decision;
  await lease.hold();
  // A replacement that was switched off or deleted meanwhile would leave its owner without a key.
  await refuseIfChanged(decision, session.inventory, others.filter(isActive));
  await session.writer.deactivate(userName, key.id);
  // The grace counts from a moment at which the key was certainly off.
  await record('deactivated', decision, place, findings);
  return { status: 'applied', decision };
}

/** A person asked for it; nothing else switches a key on. */
async function restore(decision: Decision, place: Workplace, findings: Finding[]): Promise<Outcome> {
  const { session, lease } = place;
  const { userName, key } = decision;
  await lease.hold();
  await refuseIfChanged(decision, session.inventory);
  await session.writer.activate(userName, key.id);
  await record('restored', decision, place, findings);
  return { status: 'applied', decision };
}

async function remove(decision: Decision, place: Workplace, findings: Finding[]): Promise<Outcome> {
  const { session, lease } = place;
  const { userName, key } = decision;
  await lease.hold();
  // The decision is about an inactive key, so this also makes sure that it is inactive now.
  await refuseIfChanged(decision, session.inventory);
  await session.writer.delete(userName, key.id);
  await record('deleted', decision, place, findings);
  return { status: 'applied', decision };
}

/** What IAM did stays done when the ledger fails: the next run finds it and waits longer. */
async function record(
  what: KeyChange['what'],
  decision: Decision,
  place: Workplace,
  findings: Finding[],
): Promise<void> {
  const { userName, key } = decision;
  try {
    const change = { ...entryFor(what, decision, place), what, userName, accessKeyId: key.id };
    await place.ledger.changed(place.accountId, change);
  } catch (error) {
    const { message, nextStep } = failureInWords(error, 'write the ledger');
    findings.push({
      severity: 'failure',
      message: `${key.id} of ${userName} was ${what}, but that could not be recorded: ${message}`,
      nextStep: `Nothing is lost, only time: the next run finds it. ${nextStep}`,
    });
  }
}
