import type { Notice } from './notice.ts';
import type { Instant } from '../time.ts';

/**
 * When a key was last used, and by what, as far as IAM tells. `unknown` (not read, or not readable)
 * satisfies neither *used* nor *never used*: every rule that needs it waits.
 */
export type LastUse =
  | {
      readonly kind: 'used';
      readonly at: Instant;
      /** As IAM names it: `s3`, `ses`. */
      readonly service?: string;
      readonly region?: string;
    }
  | { readonly kind: 'never' }
  | { readonly kind: 'unknown' };

/**
 * What consumers find in the user's secret, of one key:
 * - `current`: this key.
 * - `superseded`: another value, by somebody else's doing.
 * - `deleting`: the secret is scheduled for deletion; it can still be restored.
 * - `gone`: there is no such secret any more.
 * - `unknown`: it could not be looked at.
 */
export type Delivery = 'current' | 'superseded' | 'deleting' | 'gone' | 'unknown';

/** What the ledger keeps about a key because IAM doesn't. */
export interface KeyMemory {
  /** The id of the key this one was created by us to replace. */
  readonly replacementOf?: string;
  /** When its secret was stored and it was seen to work. */
  readonly deliveredAt?: Instant;
  /** Where its secret was stored then: a name, or an ARN where that is in another account than the user. */
  readonly secretName?: string;
  /** At most one about each thing. */
  readonly notices?: readonly Notice[];
  /** When we deactivated it, or first saw it inactive. */
  readonly inactiveSince?: Instant;
  /** Why we deactivated it: the reason of that decision. Absent when somebody else did. */
  readonly deactivatedAs?: string;
  /** It was replaced or switched off in an emergency once; that stays, whatever becomes of it. */
  readonly mayHaveLeaked?: true;
  /** When it was switched on again last, by whomever. */
  readonly reactivatedAt?: Instant;
  /** When we saw that somebody else had switched it on again; a `restore` is not among them. */
  readonly reactivations?: readonly Instant[];
  /** When the test call of a replacement made for it was denied, and what AWS said. */
  readonly testDenied?: { readonly at: Instant; readonly cause: string };
  /** What the last digest that told it in full said of it. */
  readonly told?: Told;
}

/** What a digest said about a key in full. While nothing is new it is repeated in one line. */
export interface Told {
  readonly reason: string;
  readonly dueAt?: Instant;
  readonly at: Instant;
}

export interface AccessKey {
  readonly id: string;
  readonly status: 'active' | 'inactive';
  readonly createdAt: Instant;
  readonly lastUse: LastUse;
  readonly memory: KeyMemory;
  /** For a replacement we made: what the user's secret holds. Absent when nobody looked. */
  readonly delivery?: Delivery;
  /** For a replacement we made: since when the key it replaced is switched off. */
  readonly predecessorOffSince?: Instant;
  /** The calls of this run are signed with it. */
  readonly signsThisRun?: boolean;
}

/** An IAM user and the keys it has: at most two, which is why rules are about users. */
export interface UserKeys {
  readonly userName: string;
  /** Carries partition and path, so nothing has to be put together from parts. */
  readonly userArn: string;
  /** IAM's unique id, which a new user of the same name does not have. */
  readonly userId: string;
  readonly keys: readonly AccessKey[];
  /** Who answers for the keys, where somebody said so. */
  readonly owner?: string;
}

export const isActive = (key: AccessKey): boolean => key.status === 'active';
export const isInactive = (key: AccessKey): boolean => key.status === 'inactive';
