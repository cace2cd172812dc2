import { decide } from '../../../src/domain/rotation/decide.ts';
import type { Decision } from '../../../src/domain/rotation/decision.ts';
import type { AccessKey, KeyMemory, UserKeys } from '../../../src/domain/rotation/key.ts';
import { published, type NoticeToGive } from '../../../src/domain/rotation/notice.ts';
import type { Policy } from '../../../src/domain/rotation/policy.ts';
import { DAY, type Duration, type Instant } from '../../../src/domain/time.ts';

/* Users who live with the real rules, week after week, without AWS: for pages that look like a year of runs. */

export type Habit =
  /** Works every day, and moves to a new key within days. */
  | 'moves'
  /** Works every day, and reads no mail. */
  | 'stays'
  /** Nobody uses the key any more. */
  | 'idle'
  /** Two programs on two keys. */
  | 'two';

export interface SimulatedUser {
  readonly accountId: string;
  readonly userName: string;
  readonly owner?: string;
  readonly habit: Habit;
  /** How long it takes who moves to a new key. */
  readonly lag: Duration;
  readonly policy: Policy;
  /** Which service it is used for, and where. */
  readonly uses: { readonly service: string; readonly region: string };
  keys: readonly AccessKey[];
}

export interface Done {
  readonly decision: Decision;
  readonly newKeyId?: string;
}

/** Who works uses a key until shortly before this moment. */
export function work(user: SimulatedUser, now: Instant): void {
  const active = user.keys.filter(({ status }) => status === 'active');
  const byAge = [...active].sort((one, other) => one.createdAt - other.createdAt);
  const known = byAge.filter(({ createdAt }) => createdAt <= now - user.lag);
  const used = (user.habit === 'moves' ? known.at(-1) : undefined) ?? byAge[0];
  user.keys = user.keys.map((key) => {
    const works = user.habit === 'two' ? key.status === 'active' && !isOurs(key) : key === used;
    return user.habit === 'idle' || !works || key.createdAt > now - 3 * DAY
      ? key
      : { ...key, lastUse: { kind: 'used', at: now - (DAY * (key.id.charCodeAt(9) % 5)) / 4, ...user.uses } };
  });
}

const isOurs = ({ memory }: AccessKey): boolean => memory.replacementOf !== undefined;

/** What a run in mode `enforce` does about a user, by the real rules. Whoever reads digests is there. */
export function rotate(user: SimulatedUser, now: Instant): readonly Done[] {
  const { accountId, userName, owner, policy } = user;
  const subject: UserKeys = {
    userName,
    userArn: `arn:aws:iam::${accountId}:user/${userName}`,
    userId: `AIDA${accountId}`,
    keys: user.keys,
    ...(owner === undefined ? {} : { owner }),
  };
  return decide(subject, policy, now).map((decision) => carryOut(user, decision, now));
}

function carryOut(user: SimulatedUser, decision: Decision, now: Instant): Done {
  const { action, key, notice, noticeWhenDone, observation } = decision;
  const change = (changed: Partial<AccessKey>, memory: KeyMemory) => {
    user.keys = user.keys.map((one) =>
      one.id === key.id ? { ...one, ...changed, memory: { ...one.memory, ...memory } } : one,
    );
  };
  const notices = withNotice(
    key,
    action === 'deactivate' || action === 'replace' ? noticeWhenDone : notice,
    now,
  );
  switch (action) {
    case 'replace': {
      const newKey = replacementFor(key, now);
      user.keys = [...user.keys, newKey];
      change({}, { notices });
      return { decision, newKeyId: newKey.id };
    }
    case 'deactivate':
      change({ status: 'inactive' }, { notices, inactiveSince: now, deactivatedAs: decision.reason });
      return { decision };
    case 'delete':
      user.keys = user.keys.filter(({ id }) => id !== key.id);
      return { decision };
    default:
      change({}, { notices, ...(observation?.kind === 'seen-inactive' ? { inactiveSince: now } : {}) });
      return { decision };
  }
}

function withNotice({ memory: { notices = [] } }: AccessKey, given: NoticeToGive | undefined, now: Instant) {
  return given === undefined
    ? notices
    : [...notices.filter(({ about }) => about !== given.about), published(given, now)];
}

function replacementFor(key: AccessKey, now: Instant): AccessKey {
  return {
    id: keyId(key.id + String(now)),
    status: 'active',
    createdAt: now,
    lastUse: { kind: 'never' },
    memory: { replacementOf: key.id, deliveredAt: now },
    delivery: 'current',
  };
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An id as IAM makes them, the same for the same text. */
export function keyId(text: string): string {
  let [hash, id] = [2166136261, 'AKIA'];
  for (let place = 0; place < 16; place++) {
    for (const one of text + String(place)) hash = Math.imul(hash ^ one.charCodeAt(0), 16777619) >>> 0;
    id += LETTERS[hash % 32] ?? '';
  }
  return id;
}
