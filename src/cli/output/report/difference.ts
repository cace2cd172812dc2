import type { Account } from '../../../domain/account.ts';
import type { Outcome } from '../../../domain/report/outcome.ts';
import { rotated, type RotatedAccount, type RunReport } from '../../../domain/report/run-report.ts';
import { matches, type Filter } from './filter.ts';

/** A key about which two plans of the same moment say something else. */
export interface DifferentKey {
  readonly account: Account;
  /** Absent: this plan has nothing to say of the key. */
  readonly before?: Outcome;
  readonly after?: Outcome;
  /** The settings leave the user out. */
  readonly isLeftOut: { readonly before: boolean; readonly after: boolean };
}

export interface Difference {
  /** Something else is done, or on another date. */
  readonly keys: readonly DifferentKey[];
  /** Keys that both plans keep as they are, until different dates. */
  readonly keptUntilAnotherDate: number;
}

/** What is decided differently. Keys that nobody was asked about are kept: nothing of them is due. */
export function differenceOf(before: RunReport, after: RunReport, filter: Filter): Difference {
  const former = new Map(rotated(before.accounts).map((one) => [one.account.id, one]));
  const pairs = rotated(after.accounts).flatMap((account) => {
    const other = former.get(account.account.id);
    return other === undefined ? [] : pairsOf(other, account);
  });
  const asked = pairs.filter(({ before: one, after: other }) =>
    [one, other].some((outcome) => outcome !== undefined && matches(outcome, filter, after.startedAt)),
  );
  const isKept = (outcome: Outcome | undefined) =>
    outcome === undefined || outcome.decision.action === 'keep';
  return {
    keys: asked.filter((pair) => saying(pair, 'before') !== saying(pair, 'after')),
    keptUntilAnotherDate: asked.filter(
      ({ before: one, after: other }) =>
        isKept(one) &&
        isKept(other) &&
        one !== undefined &&
        other !== undefined &&
        one.decision.dueAt !== other.decision.dueAt,
    ).length,
  };
}

/** What one of the plans says of a key: the same text means the same. */
function saying(pair: DifferentKey, plan: 'before' | 'after'): string {
  const outcome = pair[plan];
  if (pair.isLeftOut[plan]) return 'left out';
  if (outcome === undefined || outcome.decision.action === 'keep') return 'kept';
  const { action, reason, dueAt } = outcome.decision;
  return `${action} ${reason} ${outcome.status} ${String(dueAt)}`;
}

function pairsOf(before: RotatedAccount, after: RotatedAccount): readonly DifferentKey[] {
  const idOf = ({ decision: { userName, key } }: Outcome) => `${userName} ${key.id}`;
  const former = new Map(before.outcomes.map((outcome) => [idOf(outcome), outcome]));
  const later = new Map(after.outcomes.map((outcome) => [idOf(outcome), outcome]));
  const leftOut = { before: new Set(before.uncovered), after: new Set(after.uncovered) };
  const unread = new Set([...before.gaps, ...after.gaps].map(({ userName }) => userName));
  return [...new Set([...former.keys(), ...later.keys()])].flatMap((id) => {
    const [one, other] = [former.get(id), later.get(id)];
    const userName = (one ?? other)?.decision.userName ?? '';
    // Who couldn't be read in one of the plans isn't decided differently.
    if (unread.has(userName)) return [];
    return [
      {
        account: after.account,
        ...(one === undefined ? {} : { before: one }),
        ...(other === undefined ? {} : { after: other }),
        isLeftOut: { before: leftOut.before.has(userName), after: leftOut.after.has(userName) },
      },
    ];
  });
}
