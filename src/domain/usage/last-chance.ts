import type { Outcome } from '../report/outcome.ts';
import { isUnchanged, type Horizon } from '../report/unchanged.ts';
import type { AccessKey } from '../rotation/key.ts';
import { days } from '../time.ts';
import { HISTORY_DAYS } from './usage.ts';

/**
 * The keys that are switched off on a date although something may still need them, and of which this run tells in
 * full: their owners have to find what uses them now. The nearest date first.
 */
export function keysOfLastChance(outcomes: readonly Outcome[], horizon: Horizon): readonly AccessKey[] {
  const found = outcomes.filter(
    (outcome) => isLastChance(outcome, horizon) && !isUnchanged(outcome, horizon),
  );
  return [...found]
    .sort((one, two) => (one.decision.dueAt ?? Infinity) - (two.decision.dueAt ?? Infinity))
    .map(({ decision }) => decision.key)
    .filter(({ lastUse }) => lastUse.kind === 'used' && lastUse.at >= horizon.now - days(HISTORY_DAYS));
}

function isLastChance({ status, decision }: Outcome, { now, noticeBefore }: Horizon): boolean {
  const { action, reason, dueAt, adoption } = decision;
  if (adoption === undefined || adoption.state === 'moved') return false;
  // A limit holds back what is due: one of the next runs does it.
  if (status === 'held') return action === 'deactivate' && reason === 'deadline';
  if (status !== 'none') return false;
  if (reason === 'deadline-notice' || reason === 'deadline-grace') return true;
  return reason === 'still-needed' && dueAt !== undefined && dueAt <= now + noticeBefore;
}
