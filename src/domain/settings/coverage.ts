import { definedOnly } from '../defined-only.ts';
import { type ResolvedSettings } from './resolve.ts';
import type { SettingValues, UserSelector } from './setting.ts';
import { selects, type UserFacts } from './user-selector.ts';

import { describeSelector } from './user-selector.ts';

export interface Coverage {
  readonly covered: boolean;
  /** Which setting says so, for people. */
  readonly why: string;
}

/** Whether a user is rotated at all, and what decides about it. */
export function coverageOf(resolved: ResolvedSettings, facts: UserFacts): Coverage {
  const { values, sources } = resolved;
  const covered = isCovered(resolved, facts);
  const deciding = (name: 'includeUsers' | 'excludeUsers'): string | undefined => {
    const selector = values[name].find((one) => selects(one, facts));
    return selector && `${name} (${sources[name] ?? 'default'}) has ${describeSelector(selector)}`;
  };
  const none = covered
    ? 'no setting leaves this user out'
    : `includeUsers (${sources.includeUsers ?? 'default'}) names others only`;
  return { covered, why: deciding(covered ? 'includeUsers' : 'excludeUsers') ?? none };
}

/** What leaves a user out. */
export interface LeftOutBy {
  readonly setting: 'includeUsers' | 'excludeUsers';
  /** At which level it is set. */
  readonly from: string;
  /** What of `excludeUsers` means the user; `includeUsers` names others only. */
  readonly selector?: string;
  /** ARN of who changed the settings of that level last. */
  readonly setBy?: string;
}

/**
 * Which setting leaves a user out who isn't covered.
 * @param facts tags and groups may be missing where name or path rule the user out
 */
export function leftOutBy({ values, sources, setBy }: ResolvedSettings, facts: UserFacts): LeftOutBy {
  const isKnown = ({ by }: UserSelector) =>
    by === 'tag' ? facts.tags !== undefined : by === 'group' ? facts.groups !== undefined : true;
  const found = values.excludeUsers.filter(isKnown).find((one) => selects(one, facts));
  const setting = found === undefined ? 'includeUsers' : 'excludeUsers';
  return {
    setting,
    from: sources[setting] ?? 'default',
    ...(found === undefined ? {} : { selector: describeSelector(found) }),
    ...definedOnly({ setBy: setBy?.[setting] }),
  };
}

/** What must be read of every user to know which settings apply to it. */
export interface NeededFacts {
  readonly tags: boolean;
  /** Names as the settings have them. */
  readonly groups: readonly string[];
}

export function neededFacts({ values }: ResolvedSettings): NeededFacts {
  const selectors = [
    ...values.includeUsers,
    ...values.excludeUsers,
    ...values.exemptions.flatMap(({ users }) => users),
  ];
  return {
    tags: values.ownerTag !== undefined || selectors.some(({ by }) => by === 'tag'),
    groups: [...new Set(selectors.flatMap((one) => (one.by === 'group' ? [one.group] : [])))],
  };
}

/** Whether a tag decides about who is covered: then each user has to be asked for it. */
export const coverageNeedsTags = ({ values }: ResolvedSettings): boolean =>
  [...values.includeUsers, ...values.excludeUsers].some(({ by }) => by === 'tag');

/** Whether a user is rotated at all. Excluding goes before including. */
export function isCovered({ values }: ResolvedSettings, facts: UserFacts): boolean {
  const { includeUsers, excludeUsers } = values;
  const meant = (selectors: SettingValues['includeUsers']) =>
    selectors.some((selector) => selects(selector, facts));
  return !meant(excludeUsers) && (includeUsers.length === 0 || meant(includeUsers));
}

/** Whether name and path alone show that a user isn't covered, so that nothing more need be read. */
export function isRuledOut({ values }: ResolvedSettings, facts: UserFacts): boolean {
  const plain = (selector: SettingValues['includeUsers'][number]) =>
    selector.by === 'name' || selector.by === 'path';
  const { includeUsers, excludeUsers } = values;
  if (excludeUsers.filter(plain).some((selector) => selects(selector, facts))) return true;
  return (
    includeUsers.length > 0 &&
    includeUsers.every(plain) &&
    !includeUsers.some((selector) => selects(selector, facts))
  );
}
