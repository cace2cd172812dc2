import type { Instant } from '../time.ts';

/**
 * When a key was last used, as far as we know. `unknown` (not read, or not readable) satisfies
 * neither *used* nor *never used*: every rule that needs it waits.
 */
export type LastUse =
  { readonly kind: 'used'; readonly at: Instant } | { readonly kind: 'never' } | { readonly kind: 'unknown' };

/** What the ledger keeps about a key because IAM doesn't. */
export interface KeyMemory {
  /** The id of the key this one was created by us to replace. */
  readonly replacementOf?: string;
  /** When its secret was stored and it was seen to work. */
  readonly deliveredAt?: Instant;
  /** Where its secret was stored then: a name, or an ARN where that is in another account than the user. */
  readonly secretName?: string;
  /** When a digest that announces its deactivation was accepted by SNS. */
  readonly noticedAt?: Instant;
  /** When we deactivated it, or first saw it inactive. */
  readonly inactiveSince?: Instant;
  /** When we saw that a person had switched it on again. */
  readonly reactivatedAt?: Instant;
}

export interface AccessKey {
  readonly id: string;
  readonly status: 'active' | 'inactive';
  readonly createdAt: Instant;
  readonly lastUse: LastUse;
  readonly memory: KeyMemory;
}

/** An IAM user and the keys it has: at most two, which is why rules are about users. */
export interface UserKeys {
  readonly userName: string;
  /** Carries partition and path, so nothing has to be put together from parts. */
  readonly userArn: string;
  readonly keys: readonly AccessKey[];
  /** Who answers for the keys, where somebody said so. */
  readonly owner?: string;
}

export const isActive = (key: AccessKey): boolean => key.status === 'active';
export const isInactive = (key: AccessKey): boolean => key.status === 'inactive';
