import type { AccessKey } from './key.ts';
import type { NoticeToGive } from './notice.ts';
import type { Policy } from './policy.ts';
import type { Instant } from '../time.ts';

export type Action =
  | 'keep'
  | 'replace'
  | 'deactivate'
  | 'delete'
  | 'wait'
  | 'blocked'
  | 'exempt'
  | 'skip'
  /** Only a person decides this one: switch a key on again. */
  | 'restore';

/** Why, for machines. Stable: reports, tests and later filters use these words. */
export type Reason =
  // inactive keys (I1 to I4)
  | 'newly-inactive'
  | 'used-after-notice'
  | 'used-after-deactivation'
  | 'recovery-grace'
  | 'recovery-grace-over'
  | 'deletion-notice'
  | 'not-old-enough-to-delete'
  // active keys (A0 to A6)
  | 'switched-on-again'
  | 'unused-notice'
  | 'unused-grace'
  | 'unused'
  | 'young'
  | 'moved-grace'
  | 'moved'
  | 'not-adopted'
  | 'still-needed'
  | 'deadline-notice'
  | 'deadline-grace'
  | 'deadline'
  | 'replacement-not-adopted'
  | 'delivery-void'
  | 'delivery-lost'
  | 'delivery-unknown'
  | 'never-used'
  | 'due'
  | 'test-denied'
  | 'slot-in-recovery'
  | 'slot-being-freed'
  | 'slot-held'
  | 'two-keys-in-use'
  | 'least-recently-used-notice'
  | 'least-recently-used-grace'
  | 'least-recently-used'
  | 'signs-this-run'
  // on demand
  | 'emergency'
  | 'by-hand'
  | 'restored'
  // facts
  | 'last-use-unknown'
  | 'date-unknown'
  | 'exempt'
  | 'unreadable'
  | 'intent-open';

/** Switches off a key that somebody may still use: counted over the whole organization. */
export const CUTS_OFF_BY_DATE: ReadonlySet<Reason> = new Set<Reason>(['deadline', 'least-recently-used']);

/** What the engine wants the ledger to remember, whatever becomes of the decision's action. */
export type Observation =
  | { readonly kind: 'seen-inactive'; readonly at: Instant }
  | { readonly kind: 'seen-reactivated'; readonly at: Instant }
  /** Notices that are not to count on the day somebody has to heed them again. */
  | { readonly kind: 'notices-void'; readonly at: Instant };

/** How far the owner of a replaced key has come. */
export interface Adoption {
  readonly replacementId: string;
  /**
   * - `moved`: works with the replacement and no longer with the key.
   * - `adopted`: has used the replacement after the key, which is or may be still needed.
   * - `not-adopted`: has not, as far as is known.
   */
  readonly state: 'moved' | 'adopted' | 'not-adopted';
}

/** What the engine says about one key, and why. */
export interface Decision {
  readonly action: Action;
  readonly userName: string;
  readonly userArn: string;
  readonly userId: string;
  /** As it was when this was decided; what is done about it is refused if the key differs by then. */
  readonly key: AccessKey;
  /** Who answers for the key, where somebody said so. */
  readonly owner?: string;
  /** What this was decided by. */
  readonly policy: Policy;
  readonly reason: Reason;
  /** One plain sentence. */
  readonly message: string;
  /** When the next step falls due; absent when nothing is planned. */
  readonly dueAt?: Instant;
  /** What the digest that carries this decision announces, as long as the decision is not carried out. */
  readonly notice?: NoticeToGive;
  /** What the digest announces that tells of this decision carried out. */
  readonly noticeWhenDone?: NoticeToGive;
  /** It is carried out only where somebody receives what is published: it rests on an announcement. */
  readonly restsOnNotice?: boolean;
  /** For a key that has a replacement. */
  readonly adoption?: Adoption;
  readonly observation?: Observation;
}

/** Decisions that change something in IAM; the others only wait or report. */
export const CHANGING: ReadonlySet<Action> = new Set<Action>(['replace', 'deactivate', 'delete', 'restore']);
