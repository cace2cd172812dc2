import { definedOnly } from '../../domain/defined-only.ts';
import { exclusionGroups, type ExclusionGroup } from '../../domain/report/exclusion.ts';
import type { RotatedAccount } from '../../domain/report/run-report.ts';
import { wholeDays, type Instant } from '../../domain/time.ts';
import { clean, wrap } from '../common/sanitize.ts';
import { counted, isoOf } from '../common/wording.ts';

/** More reasons than this nobody has set on purpose. */
const MOST_LINES = 20;

/** Users whom one setting leaves out, for machines. */
export interface JsonExclusion {
  readonly users: number;
  readonly setting: 'includeUsers' | 'excludeUsers';
  /** At which level it is set. */
  readonly from: string;
  /** What of it means them; absent for `includeUsers`, which names others only. */
  readonly selector?: string;
  /** ARN of who changed these settings last. */
  readonly setBy?: string;
  /** ISO 8601; absent where it is unknown. */
  readonly oldestKeyCreatedAt?: string;
}

/** Everybody whom the settings leave out and who has keys: counted, with the age of the oldest and who set it. */
export function leftOutText({ exclusions = [] }: RotatedAccount, now: Instant): string {
  const groups = exclusionGroups(exclusions);
  if (groups.length === 0) return '';
  const users = groups.reduce((sum, group) => sum + group.users, 0);
  const lines = groups.slice(0, MOST_LINES).flatMap((group) => wrap(describeGroup(group, now), '- ', '  '));
  const more = groups.length - MOST_LINES;
  return [
    ...wrap(
      `The settings leave out ${counted(users, 'user')} with keys, of which nothing else is said here:`,
    ),
    ...lines,
    ...(more > 0 ? [`- and ${counted(more, 'more reason')}`] : []),
  ].join('\n');
}

function describeGroup(group: ExclusionGroup, now: Instant): string {
  const { users, setting, from, selector, setBy, oldestKeyAt } = group;
  const age =
    oldestKeyAt === undefined
      ? 'age of the keys unknown'
      : `oldest key ${counted(wholeDays(oldestKeyAt, now), 'day')} old`;
  const why = selector === undefined ? 'names others only' : `has ${clean(selector)}`;
  const who = setBy === undefined ? 'who set it is not known' : `set by ${clean(setBy)}`;
  return `${counted(users, 'user')}, ${age}: ${setting} of ${clean(from)} ${why}; ${who}.`;
}

export const jsonExclusions = ({ exclusions = [] }: RotatedAccount): readonly JsonExclusion[] =>
  exclusionGroups(exclusions).map(({ users, setting, from, selector, setBy, oldestKeyAt }) => ({
    users,
    setting,
    from: clean(from),
    ...(selector === undefined ? {} : { selector: clean(selector) }),
    ...(setBy === undefined ? {} : { setBy: clean(setBy) }),
    ...definedOnly({ oldestKeyCreatedAt: oldestKeyAt === undefined ? undefined : isoOf(oldestKeyAt) }),
  }));
