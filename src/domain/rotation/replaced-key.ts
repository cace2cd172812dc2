import { retireInFavourOf, stillInUse } from './making-way.ts';
import { isOurs, replaces } from './predicates.ts';
import { twoKeysInUse } from './two-keys.ts';
import type { Rule } from './rule.ts';

/**
 * A3. Make sure a replaced key goes only when its owner has had both the working replacement and
 * the published notice for the whole grace.
 */
export const replaced: Rule = (subject) => {
  const { key, other, policy, now } = subject;
  if (other === undefined || !replaces(other, key, policy, now)) return undefined;
  return retireInFavourOf(other, subject, () =>
    isOurs(other) ? stillInUse(other, subject) : twoKeysInUse(subject),
  );
};
