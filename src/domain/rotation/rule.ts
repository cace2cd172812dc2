import type { Decision } from './decision.ts';
import type { AccessKey, UserKeys } from './key.ts';
import type { Policy } from './policy.ts';
import type { Duration, Instant } from '../time.ts';
import { DAY } from '../time.ts';

/** What a rule looks at: one key of a user, the user's other key if there is one, and the time. */
export interface Case {
  readonly user: UserKeys;
  readonly key: AccessKey;
  readonly other: AccessKey | undefined;
  readonly policy: Policy;
  readonly now: Instant;
}

/** A decision without its subject, which the chain adds. */
export type Verdict = Omit<Decision, 'userName' | 'userArn' | 'key' | 'owner' | 'policy'>;

/** Decides about a case, or leaves it to the next rule of the chain. */
export type Rule = (subject: Case) => Verdict | undefined;

/** A length of time as people say it: `10 days`, `1 day`, `0.5 days`. */
export function formatDays(duration: Duration): string {
  const count = Math.round((duration / DAY) * 100) / 100;
  return count === 1 ? '1 day' : `${count} days`;
}

export const formatDaysAgo = (from: Instant, now: Instant): string => {
  const count = Math.max(0, Math.floor((now - from) / DAY));
  return count === 0 ? 'today' : count === 1 ? 'yesterday' : `${count} days ago`;
};

/** How long ago a key was used: `used 3 days ago`, `never used`. */
export const describeLastUse = (key: AccessKey, now: Instant): string =>
  key.lastUse.kind === 'used'
    ? `last used ${formatDaysAgo(key.lastUse.at, now)}`
    : key.lastUse.kind === 'never'
      ? 'never used'
      : 'last use unknown';
