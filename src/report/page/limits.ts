import type { StoredPolicy, StoredRun } from '../../domain/report/stored-run.ts';

export interface Limits {
  /** Those of most accounts; absent where no account has any. */
  readonly most?: StoredPolicy;
  /** How many accounts have other ones. */
  readonly others: number;
}

/** From which ages on the policy acts. */
export function limitsOf({ accounts }: StoredRun): Limits {
  const all = accounts.flatMap(({ policy }) => (policy === undefined ? [] : [policy]));
  const most = mostCommon(all);
  if (most === undefined) return { others: 0 };
  return { most, others: all.filter((one) => JSON.stringify(one) !== JSON.stringify(most)).length };
}

function mostCommon(policies: readonly StoredPolicy[]): StoredPolicy | undefined {
  const counts = new Map<string, { readonly one: StoredPolicy; readonly count: number }>();
  for (const one of policies) {
    const name = JSON.stringify(one);
    counts.set(name, { one, count: (counts.get(name)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((one, other) => other.count - one.count)[0]?.one;
}
