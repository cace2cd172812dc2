import type { Account } from '../../domain/account.ts';
import type { Action } from '../../domain/rotation/decision.ts';
import type { Instant } from '../../domain/time.ts';
import { isActive } from '../../domain/rotation/key.ts';
import type { Mode } from '../../domain/rotation/limits.ts';
import type { Outcome } from '../../domain/report/outcome.ts';
import { rotated, type AccountReport } from '../../domain/report/run-report.ts';
import { ascending, whichKey } from '../common/order.ts';

/** A key that was found by the run and is active after it. */
export interface OldKey {
  readonly account: Account;
  /** The account's own. */
  readonly mode: Mode;
  readonly outcome: Outcome;
}

/**
 * The oldest keys that are active when the run is over, the oldest first. Keys that the run has
 * created are younger than any it has found.
 */
export const oldestActiveKeys = (accounts: readonly AccountReport[], count: number): readonly OldKey[] =>
  rotated(accounts)
    .flatMap(({ account, settings, outcomes }) =>
      activeAfter(outcomes).map((outcome) => ({ account, mode: settings.values.mode, outcome })),
    )
    .sort((one, two) => ascending(createdAt(one), createdAt(two)))
    .slice(0, Math.max(0, count));

/** Of each account: when the oldest key was made of those who were not asked for one by one. */
export const oldestNotLookedAt = (accounts: readonly AccountReport[]): readonly Instant[] =>
  rotated(accounts).flatMap(({ notLookedAt }) => notLookedAt?.oldest?.createdAt ?? []);

const createdAt = ({ outcome }: OldKey): number => outcome.decision.key.createdAt;

/** In an emergency a key has two outcomes: it was replaced, and switched off at once. */
function activeAfter(outcomes: readonly Outcome[]): readonly Outcome[] {
  const keysThatWere = (done: Action) =>
    new Set(
      outcomes
        .filter(({ status, decision }) => status === 'applied' && decision.action === done)
        .map(whichKey),
    );
  const [switchedOff, switchedOn] = [keysThatWere('deactivate'), keysThatWere('restore')];
  return outcomes.filter((outcome) =>
    isActive(outcome.decision.key) ? !switchedOff.has(whichKey(outcome)) : switchedOn.has(whichKey(outcome)),
  );
}

/** What the owner of an old key may expect, in one sentence. */
export function whatComesNext(outcome: Outcome): string {
  switch (outcome.status) {
    case 'none':
      return outcome.decision.message;
    case 'held':
      return `${outcome.decision.message} Held back: ${outcome.why}.`;
    case 'applied':
      if (outcome.decision.action === 'restore')
        return 'Switched on again in this run; its graces start anew.';
      return 'Replaced in this run; it is deactivated once its owner has moved to the new key.';
    default:
      return `Failed in this run: ${outcome.failure.message}`;
  }
}
