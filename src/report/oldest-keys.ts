import type { Account } from '../domain/account.ts';
import { isActive } from '../domain/key.ts';
import type { Outcome } from '../domain/outcome.ts';
import { rotated, type AccountReport } from '../domain/report.ts';
import { ascending } from './order.ts';

/** A key that was found by the run and is active after it. */
export interface OldKey {
  readonly account: Account;
  readonly outcome: Outcome;
}

/**
 * The oldest keys that are active when the run is over, the oldest first. Keys that the run has
 * created are younger than any it has found.
 */
export const oldestActiveKeys = (accounts: readonly AccountReport[], count: number): readonly OldKey[] =>
  rotated(accounts)
    .flatMap(({ account, outcomes }) =>
      outcomes.filter(isActiveAfter).map((outcome) => ({ account, outcome })),
    )
    .sort((one, two) => ascending(createdAt(one), createdAt(two)))
    .slice(0, Math.max(0, count));

const createdAt = ({ outcome }: OldKey): number => outcome.decision.key.createdAt;

const isActiveAfter = ({ decision, status }: Outcome): boolean =>
  isActive(decision.key) && !(status === 'applied' && decision.action === 'deactivate');

/** What the owner of an old key may expect, in one sentence. */
export function whatComesNext(outcome: Outcome): string {
  switch (outcome.status) {
    case 'none':
      return outcome.decision.message;
    case 'held':
      return `${outcome.decision.message} Held back: ${outcome.why}.`;
    case 'applied':
      return 'Replaced in this run; it is deactivated once its owner has had the new key for the whole grace.';
    default:
      return `Failed in this run: ${outcome.failure.message}`;
  }
}
