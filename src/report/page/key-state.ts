import { CHANGING, type Reason } from '../../domain/rotation/decision.ts';
import type { StoredAccount, StoredKey, StoredPolicy, StoredRun } from '../../domain/report/stored-run.ts';
import type { Instant } from '../../domain/time.ts';

/* What a key that a run has stored is to whoever looks at the page. */

/** A key, and what holds for it. */
export interface KeyOfRun {
  readonly account: StoredAccount;
  readonly key: StoredKey;
  /** Its own, or that of its account; absent where nobody knows. */
  readonly policy?: StoredPolicy;
}

export function keysOf({ accounts }: Pick<StoredRun, 'accounts'>): readonly KeyOfRun[] {
  return accounts.flatMap((account) =>
    account.keys.map((key) => {
      const policy = key.policy ?? account.policy;
      return { account, key, ...(policy === undefined ? {} : { policy }) };
    }),
  );
}

/** The same key in another run. */
export const idOf = ({ account, key }: KeyOfRun): string => `${account.id} ${key.keyId}`;

/** Since when a key is active that should be gone; undefined for one that is younger, or off. */
export function overSince({ key, policy }: KeyOfRun, now: Instant): Instant | undefined {
  if (key.status !== 'active' || policy === undefined) return undefined;
  const since = key.createdAt + policy.deleteAfter;
  return since <= now ? since : undefined;
}

/** In the order in which they concern people. */
export type KeyState =
  | 'person'
  | 'failed'
  | 'held'
  | 'due'
  | 'moving'
  | 'moved'
  | 'retiring'
  | 'waiting'
  | 'off'
  | 'exempt'
  | 'deleted'
  | 'young';

const LAST_DATE_IS_NEAR: ReadonlySet<Reason> = new Set<Reason>(['deadline-notice', 'deadline-grace']);

const RETIRES: ReadonlySet<Reason> = new Set<Reason>([
  'unused-notice',
  'unused-grace',
  'unused',
  'least-recently-used-notice',
  'least-recently-used-grace',
  'least-recently-used',
]);

/** Only somebody's doing brings it on, or its owner has had the time to move and hasn't. */
export const asksForPerson = ({ outcome, action, reason, next, notices }: StoredKey, now: Instant): boolean =>
  outcome === 'none' &&
  (action === 'blocked' ||
    LAST_DATE_IS_NEAR.has(reason) ||
    (next?.what === 'person' && (next.at ?? now) <= now) ||
    (reason === 'still-needed' && notices.some(({ about, date }) => about === 'replaced' && date <= now)));

export function stateOf(key: StoredKey, now: Instant): KeyState {
  if (key.status === 'deleted') return 'deleted';
  if (key.outcome === 'failed' || key.outcome === 'partial') return 'failed';
  if (asksForPerson(key, now)) return 'person';
  if (key.action === 'exempt') return 'exempt';
  if (key.outcome === 'held') return 'held';
  if (CHANGING.has(key.action) && key.outcome === 'none') return 'due';
  if (key.status === 'inactive') return 'off';
  if (key.replacedBy !== undefined) return key.adoption === 'moved' ? 'moved' : 'moving';
  if (RETIRES.has(key.reason)) return 'retiring';
  return key.reason === 'young' ? 'young' : 'waiting';
}

/** The new key is there, the old one still works, and its owner has not moved. */
export const waitsForOwner = (key: StoredKey): boolean =>
  key.status === 'active' && key.replacedBy !== undefined && key.adoption !== 'moved';

/** What a user's two active keys are to each other. */
export type Pair = 'old' | 'new' | 'two';

/** @param own the user's keys */
export function pairOf(key: StoredKey, own: readonly StoredKey[]): Pair | undefined {
  const other = own.find(({ keyId, status }) => keyId !== key.keyId && status === 'active');
  if (key.status !== 'active' || other === undefined) return undefined;
  if (key.replacedBy === other.keyId || other.replacementOf === key.keyId) return 'old';
  return key.replacementOf === other.keyId || other.replacedBy === key.keyId ? 'new' : 'two';
}
