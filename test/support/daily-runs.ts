import { decide } from '../../src/domain/rotation/decide.ts';
import type { Decision } from '../../src/domain/rotation/decision.ts';
import type { AccessKey, KeyMemory, LastUse } from '../../src/domain/rotation/key.ts';
import { published, type NoticeToGive } from '../../src/domain/rotation/notice.ts';
import { DEFAULT_POLICY, toPolicy, type PolicyDays } from '../../src/domain/rotation/policy.ts';
import { DAY, HOUR, dateOf, type Instant } from '../../src/domain/time.ts';

/* A user whose keys are looked at every midnight, and what is decided is done and published at once. */

/** When K is created. */
export const CREATED = Date.UTC(2026, 0, 1);
/** `6 March`, at midnight. */
export const on = (day: string): Instant => Date.parse(`${day} 2026 UTC`);

export interface Life {
  /** Uses of a key. IAM tells them at once, or later. */
  readonly uses?: readonly { readonly key: string; readonly at: Instant; readonly toldAt?: Instant }[];
  /** Days on which a key is used at noon, from the first to the last. */
  readonly daily?: readonly { readonly key: string; readonly from: Instant; readonly to: Instant }[];
  /** The user's other key. */
  readonly other?: AccessKey;
  /** What a person does to a key before the run of that day. */
  readonly by?: (key: AccessKey, now: Instant) => AccessKey;
  readonly policy?: Partial<PolicyDays>;
  readonly until: Instant;
}

export const made = (id: string, createdAt: Instant, memory: KeyMemory = {}): AccessKey => ({
  id,
  status: 'active',
  createdAt,
  lastUse: { kind: 'never' },
  memory,
});

/** Whenever a run says something else of a key than the one before: `03-02 K replace: due`. */
export function daysOf(life: Life): readonly string[] {
  const policy = toPolicy({ ...DEFAULT_POLICY, ...life.policy });
  let keys: readonly AccessKey[] = [made('K', CREATED), ...(life.other === undefined ? [] : [life.other])];
  const said: string[] = [];
  const before = new Map<string, string>();
  for (let now = CREATED; now <= life.until; now += DAY) {
    const found = keys.map((key) => ({
      ...(life.by?.(key, now) ?? key),
      lastUse: lastUse(key.id, life, now),
    }));
    const who = { userName: 'ann', userArn: 'arn:aws:iam::111111111111:user/ann', userId: 'AIDA' };
    const decisions = decide({ ...who, keys: found }, policy, now);
    keys = decisions.flatMap((decision) => carriedOut(decision, now));
    for (const { key, action, reason } of decisions) {
      const what = `${key.id} ${action}: ${reason}`;
      if (before.get(key.id) !== what) said.push(`${dateOf(now).slice(5)} ${what}`);
      before.set(key.id, what);
    }
  }
  return said;
}

function lastUse(id: string, { uses = [], daily = [] }: Life, now: Instant): LastUse {
  const told = [
    ...uses.filter(({ key, at, toldAt = at }) => key === id && toldAt < now).map(({ at }) => at),
    ...daily
      .filter(({ key, from }) => key === id && from < now)
      .map(({ to }) => Math.min(to, now - DAY) + 12 * HOUR),
  ];
  return told.length === 0 ? { kind: 'never' } : { kind: 'used', at: Math.max(...told) };
}

/** What is left of a key, and what has come, when a decision is carried out and published. */
function carriedOut(decision: Decision, now: Instant): readonly AccessKey[] {
  const { key, action, reason, notice, noticeWhenDone, observation } = decision;
  const seenInactive = observation?.kind === 'seen-inactive';
  switch (action) {
    case 'delete':
      return [];
    case 'replace': {
      const replacement = made('B', now, { replacementOf: key.id, deliveredAt: now });
      return [withNotice(key, noticeWhenDone, now), { ...replacement, delivery: 'current' }];
    }
    case 'deactivate': {
      const memory = { ...key.memory, inactiveSince: now, deactivatedAs: reason };
      return [withNotice({ ...key, status: 'inactive', memory }, noticeWhenDone, now)];
    }
    default:
      // Of a key that was switched on again, decide() has the memory as it is from then on.
      return [
        withNotice(
          seenInactive ? { ...key, memory: { ...key.memory, inactiveSince: now } } : key,
          notice,
          now,
        ),
      ];
  }
}

function withNotice(key: AccessKey, notice: NoticeToGive | undefined, now: Instant): AccessKey {
  if (notice === undefined) return key;
  const others = (key.memory.notices ?? []).filter(({ about }) => about !== notice.about);
  return { ...key, memory: { ...key.memory, notices: [...others, published(notice, now)] } };
}
