import type { Decision } from '../../domain/rotation/decision.ts';
import type { Planned } from '../../domain/rotation/limits.ts';
import { CHANGING } from '../../domain/rotation/decision.ts';
import type { Outcome, Replacement } from '../../domain/report/outcome.ts';
import type { AccessKey } from '../../domain/rotation/key.ts';
import { failureOf } from '../../domain/errors.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import type { AppliedDecision } from './applied-decision.ts';
import { changeKey } from './change-key.ts';
import { replaceKey } from './replace-key.ts';
import type { AccountContext } from '../context/account-context.ts';

export interface AppliedUser {
  readonly outcomes: readonly Outcome[];
  readonly findings: readonly Finding[];
}

/** The outcome of what isn't to be carried out: nothing to do, or held back by mode or limit. */
export const notApplied = ({ decision, held }: Planned): Outcome =>
  held === undefined ? { status: 'none', decision } : { status: 'held', decision, ...held };

/**
 * Carries out what was planned for one user, in order. Never throws: what fails is an outcome, and
 * the user's remaining actions are held back.
 * @param keys all keys of the user, where the plan doesn't speak of each
 */
export async function applyUser(
  planned: readonly Planned[],
  context: AccountContext,
  keys: readonly AccessKey[] = planned.map(({ decision }) => decision.key),
): Promise<AppliedUser> {
  const outcomes: Outcome[] = [];
  const findings: Finding[] = [];
  let failed = false;
  for (const one of planned) {
    const { decision, held } = one;
    if (held !== undefined || !CHANGING.has(decision.action)) {
      outcomes.push(notApplied(one));
    } else if (failed) {
      const why = 'an earlier action for this user failed';
      outcomes.push({ status: 'held', decision, by: 'failure', why });
    } else {
      const changed = new Set(outcomes.filter(isApplied).map((done) => done.decision.key.id));
      const others = keys.filter(({ id }) => id !== decision.key.id && !changed.has(id));
      const applied = await applyDecision(decision, others, context, madeFor(decision, outcomes));
      failed = applied.outcome.status !== 'applied';
      outcomes.push(applied.outcome);
      findings.push(...applied.findings);
    }
  }
  return { outcomes, findings };
}

const isApplied = ({ status }: Outcome): boolean => status === 'applied';

/** What this run has replaced the key of a decision by. */
const madeFor = ({ key }: Decision, outcomes: readonly Outcome[]): Replacement | undefined =>
  outcomes
    .filter((outcome) => outcome.status === 'applied')
    .find(({ decision }) => decision.action === 'replace' && decision.key.id === key.id)?.replacement;

/**
 * @param others the user's other keys, as far as they have not been changed by this run
 * @param madeNow what this run has just replaced the key by
 */
async function applyDecision(
  decision: Decision,
  others: readonly AccessKey[],
  context: AccountContext,
  madeNow?: Replacement,
): Promise<AppliedDecision> {
  try {
    switch (decision.action) {
      case 'replace':
        return await replaceKey(decision, context);
      case 'deactivate':
        return await changeKey('deactivated', decision, others, context, madeNow);
      case 'restore':
        // A person asked for it; nothing else switches a key on.
        return await changeKey('restored', decision, others, context);
      default:
        // The decision is about an inactive key, and it has to be inactive still.
        return await changeKey('deleted', decision, others, context);
    }
  } catch (error) {
    const failure = failureOf(error, decision.action);
    return { outcome: { status: 'failed', decision, failure }, findings: [] };
  }
}
