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
export type Verdict = Omit<Decision, 'userName' | 'userArn' | 'userId' | 'key' | 'owner' | 'policy'>;

/** Decides about a case, or leaves it to the next rule of the chain. */
export type Rule = (subject: Case) => Verdict | undefined;

/** The first rule of the chain that decides. Both chains end in a rule that always does. */
export function firstVerdict(rules: readonly Rule[], subject: Case): Verdict {
  for (const rule of rules) {
    const verdict = rule(subject);
    if (verdict !== undefined) return verdict;
  }
  throw new Error(`no rule decided about ${subject.key.id}`);
}

/** A length of time as people say it: `10 days`, `1 day`, `0.5 days`. */
export function formatDays(duration: Duration): string {
  const count = Math.round((duration / DAY) * 100) / 100;
  return count === 1 ? '1 day' : `${count} days`;
}

export const formatDaysAgo = (from: Instant, now: Instant): string => {
  const count = Math.max(0, Math.floor((now - from) / DAY));
  return count === 0 ? 'today' : count === 1 ? 'yesterday' : `${count} days ago`;
};

/** When a key was used, and by what: `last used 3 days ago by s3 in eu-west-1`, `never used`. */
export function describeLastUse({ lastUse }: AccessKey, now: Instant): string {
  if (lastUse.kind !== 'used') return lastUse.kind === 'never' ? 'never used' : 'last use unknown';
  const by = lastUse.service === undefined ? '' : ` by ${lastUse.service}`;
  const where = lastUse.region === undefined ? '' : ` in ${lastUse.region}`;
  return `last used ${formatDaysAgo(lastUse.at, now)}${by}${where}`;
}
