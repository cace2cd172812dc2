import type { KeyMemory } from '../../src/domain/rotation/key.ts';
import type { Notice, NoticeAbout } from '../../src/domain/rotation/notice.ts';
import { DAY, MINUTE } from '../../src/domain/time.ts';
import type { SeedKey, SeedUser } from '../support/emulator/emulator.ts';
import { START } from '../support/world.ts';

/** A key that was there before the run. `old` is the one that there is something to do about. */
export type Role = 'old' | 'other';

/** A key as the run finds it. Ages in days before {@link START}. */
interface PastKey {
  readonly role: Role;
  readonly age: number;
  readonly usedAgo?: number;
  readonly isOff?: true;
  readonly memory?: KeyMemory;
  /** How far its secret has got. Absent: a person made the key, or nobody has its secret. */
  readonly secret?: 'delivered' | 'pending';
}

/** A user, and what a run has to do about it. */
export interface PastUser {
  readonly userName: string;
  readonly does: string;
  readonly keys: readonly PastKey[];
  readonly tags?: Readonly<Record<string, string>>;
  /** A run started to replace the old key an hour ago, and was killed. */
  readonly isInterrupted?: true;
  /** Nobody uses its only key, and its deactivation was announced. */
  readonly isRetired?: true;
}

const ago = (days: number) => START - days * DAY;
/** When the previous run was killed. */
export const INTERRUPTED_AT = START - 60 * MINUTE;
const AN_HOUR = 60 * (MINUTE / DAY);

const old = (key: Omit<PastKey, 'role'>): PastKey => ({ role: 'old', ...key });
const other = (key: Omit<PastKey, 'role'>): PastKey => ({ role: 'other', ...key });
const due = () => old({ age: 65, usedAgo: 1 });
const ours = (age: number, replacementOf = 'AKIAGONE') =>
  ({ age, usedAgo: 1, memory: { replacementOf, deliveredAt: ago(age) }, secret: 'delivered' }) as const;
/** A grace and a day before {@link START}, and repeated since. */
const announced = (about: NoticeAbout, firstAgo = 11): Notice => ({
  about,
  firstAt: ago(firstAgo),
  lastAt: ago(4),
  date: ago(1),
});
const retired = () => old({ age: 120, usedAgo: 110, memory: { notices: [announced('unused')] } });

/** Users with their secrets in their own account, which gets a digest every week. */
export const APP: readonly PastUser[] = [
  {
    userName: 'at-deadline',
    does: 'deactivates a key at its deadline',
    keys: [
      old({
        age: 96,
        usedAgo: 1,
        memory: { notices: [{ ...announced('replaced', 31), inAnyCase: ago(1) }, announced('deadline')] },
      }),
      other({
        age: 32,
        usedAgo: 32, // that was our test call
        memory: { replacementOf: idOf('at-deadline', 'old'), deliveredAt: ago(32) },
        secret: 'delivered',
      }),
    ],
  },
  {
    userName: 'deleted',
    does: 'deletes a key',
    keys: [
      old({ age: 95, isOff: true, memory: { inactiveSince: ago(11), notices: [announced('delete')] } }),
      other({ age: 30, usedAgo: 1 }),
    ],
  },
  {
    userName: 'interrupted',
    does: 'finishes a delivery: the new key was stored and tested',
    isInterrupted: true,
    keys: [
      old({ age: 70, usedAgo: 1 }),
      other({ age: AN_HOUR - MINUTE / DAY, usedAgo: AN_HOUR - MINUTE / DAY, secret: 'pending' }),
    ],
  },
  { userName: 'new-secret', does: 'replaces a key, without an existing secret', keys: [due()] },
  { userName: 'next-secret', does: 'replaces a key, with an existing secret', keys: [old(ours(65))] },
  {
    userName: 'on-again',
    does: 'remembers that a key was switched on again',
    keys: [old({ age: 30, usedAgo: 1, memory: { inactiveSince: ago(5) } })],
  },
  {
    userName: 'replaced',
    does: 'deactivates a replaced key',
    keys: [
      old({ age: 81, usedAgo: 12, memory: { notices: [announced('replaced', 14)] } }),
      other(ours(15, idOf('replaced', 'old'))),
    ],
  },
  {
    userName: 'seen-off',
    does: 'remembers that a key is inactive',
    keys: [old({ age: 40, isOff: true }), other({ age: 30, usedAgo: 1 })],
  },
  {
    userName: 'slot-needed',
    does: 'deletes a key to make room, and replaces the other one',
    keys: [
      other({ age: 80, isOff: true, memory: { inactiveSince: ago(11), notices: [announced('delete')] } }),
      due(),
    ],
  },
  {
    userName: 'unused',
    does: 'announces that a key will be retired',
    keys: [old({ age: 100, usedAgo: 95 })],
  },
  { userName: 'unused-notified', does: 'deactivates an unused key', isRetired: true, keys: [retired()] },
];

/** Users with their secrets in the account of the service, and in another region. */
export const DATA: readonly PastUser[] = [
  {
    userName: 'exempt',
    does: 'leaves an exempt user alone',
    keys: [old({ age: 200, usedAgo: 1 })],
    tags: { rotate: 'no' },
  },
  { userName: 'first', does: 'replaces a key, without an existing central secret', keys: [due()] },
  {
    userName: 'idle-1',
    does: 'deactivates more keys than the limit, as was accepted',
    isRetired: true,
    keys: [retired()],
  },
  {
    userName: 'idle-2',
    does: 'deactivates more keys than the limit, as was accepted',
    isRetired: true,
    keys: [retired()],
  },
  {
    userName: 'lost',
    does: 'deletes a key that nobody has the secret of, and replaces again',
    isInterrupted: true,
    keys: [old({ age: 70, usedAgo: 1 }), other({ age: AN_HOUR - MINUTE / DAY })],
  },
  { userName: 'next', does: 'replaces a key, with an existing central secret', keys: [old(ours(65))] },
];

/** Twenty characters, as they all have. */
export function idOf(userName: string, role: Role): string {
  const name = userName.replaceAll('-', '').toUpperCase().padEnd(11, '0');
  return `AKIA${name}${role.toUpperCase()}`.padEnd(20, '0');
}

export const seedOf = ({ userName, keys, tags }: PastUser): SeedUser => ({
  userName,
  ...(tags === undefined ? {} : { tags }),
  keys: keys.map(({ role, age, usedAgo, isOff }): SeedKey => ({
    id: idOf(userName, role),
    createdAt: ago(age),
    ...(usedAgo === undefined ? {} : { lastUsedAt: ago(usedAgo) }),
    ...(isOff === true ? { status: 'Inactive' } : {}),
  })),
});
