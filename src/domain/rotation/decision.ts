import type { AccessKey } from './key.ts';
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
  // inactive keys (I1 to I3)
  | 'newly-inactive'
  | 'used-after-deactivation'
  | 'recovery-grace'
  | 'recovery-grace-over'
  | 'not-old-enough-to-delete'
  // active keys (A0 to A6)
  | 'unused-notice'
  | 'unused-grace'
  | 'unused'
  | 'young'
  | 'replaced-notice'
  | 'replaced-grace'
  | 'replaced-still-in-use'
  | 'replaced'
  | 'replaced-deadline'
  | 'never-used'
  | 'due'
  | 'slot-in-recovery'
  | 'slot-being-freed'
  | 'slot-held-by-young-key'
  | 'two-keys-in-use'
  | 'replacement-not-adopted'
  // by hand
  | 'emergency'
  | 'by-hand'
  | 'restored'
  // facts
  | 'last-use-unknown'
  | 'date-unknown'
  | 'exempt'
  | 'unreadable'
  | 'intent-open';

/** What the engine wants the ledger to remember, whatever becomes of the decision's action. */
type Observation =
  | { readonly kind: 'seen-inactive'; readonly at: Instant }
  | { readonly kind: 'seen-reactivated'; readonly at: Instant }
  /** A notice whose date passed while nothing was to be done: its graces start anew. */
  | { readonly kind: 'notice-void'; readonly at: Instant };

/** What the engine says about one key, and why. */
export interface Decision {
  readonly action: Action;
  readonly userName: string;
  readonly userArn: string;
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
  /** The digest that carries this decision announces the key's deactivation. */
  readonly givesNotice?: boolean;
  readonly observation?: Observation;
}

/** Decisions that change something in IAM; the others only wait or report. */
export const CHANGING: ReadonlySet<Action> = new Set<Action>(['replace', 'deactivate', 'delete', 'restore']);
