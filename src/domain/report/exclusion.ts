import type { LeftOutBy } from '../settings/coverage.ts';
import type { Instant } from '../time.ts';

/** A user whom the settings leave out, and so whose keys grow old without anybody being told. */
export interface Exclusion extends LeftOutBy {
  readonly userName: string;
  /** When the oldest of its keys was made; `none` where it has no key, `unknown` where nobody could look. */
  readonly oldestKey: Instant | 'none' | 'unknown';
}

/** A user that the settings leave out, and which of them does. */
export interface LeftOutUser extends LeftOutBy {
  readonly userName: string;
  /** As {@link Exclusion} has it, where that is known already. */
  readonly oldestKey?: Exclusion['oldestKey'];
}

/** The users whom the same setting leaves out. */
export interface ExclusionGroup extends LeftOutBy {
  readonly users: number;
  /** Absent: unknown. */
  readonly oldestKeyAt?: Instant;
}

/** Those who have keys, by what leaves them out; the group with the oldest key first, then what nobody could look at. */
export function exclusionGroups(exclusions: readonly Exclusion[]): readonly ExclusionGroup[] {
  const groups = new Map<string, ExclusionGroup>();
  for (const { userName: _, oldestKey, ...by } of exclusions) {
    if (oldestKey === 'none') continue;
    const name = JSON.stringify([by.setting, by.from, by.selector, by.setBy]);
    const before = groups.get(name) ?? { ...by, users: 0 };
    const oldest = Math.min(before.oldestKeyAt ?? Infinity, oldestKey === 'unknown' ? Infinity : oldestKey);
    groups.set(name, {
      ...before,
      users: before.users + 1,
      ...(oldest === Infinity ? {} : { oldestKeyAt: oldest }),
    });
  }
  const age = ({ oldestKeyAt = Infinity }: ExclusionGroup) => oldestKeyAt;
  return [...groups.values()].sort((one, other) =>
    age(one) < age(other) ? -1 : age(one) > age(other) ? 1 : 0,
  );
}
