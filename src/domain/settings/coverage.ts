import { isCovered } from './account-settings.ts';
import { selectorInWords, selects, type UserFacts } from './user-selector.ts';
import type { Settled } from './resolve.ts';

export interface Coverage {
  readonly covered: boolean;
  /** Which setting says so, for people. */
  readonly why: string;
}

/** Whether a user is rotated at all, and what decides about it. */
export function coverageOf(settled: Settled, facts: UserFacts): Coverage {
  const { values, sources } = settled;
  const covered = isCovered(settled, facts);
  const deciding = (name: 'includeUsers' | 'excludeUsers'): string | undefined => {
    const selector = values[name].find((one) => selects(one, facts));
    return selector && `${name} (${sources[name] ?? 'default'}) has ${selectorInWords(selector)}`;
  };
  const none = covered
    ? 'no setting leaves this user out'
    : `includeUsers (${sources.includeUsers ?? 'default'}) names others only`;
  return { covered, why: deciding(covered ? 'includeUsers' : 'excludeUsers') ?? none };
}
