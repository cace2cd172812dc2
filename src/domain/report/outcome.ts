import { type Failure } from '../errors.ts';
import type { Decision } from '../rotation/decision.ts';
import type { HeldBy } from '../rotation/limits.ts';

/** The key that took another one's place, and where its secret is. */
export interface Replacement {
  readonly accessKeyId: string;
  readonly secretName: string;
  /** Where it is in another account than the user's. */
  readonly secretArn?: string;
  /** The region whose SMTP password, which changes with the key, is in the secret too. */
  readonly sesRegion?: string;
}

/** What became of a decision. Every decision has exactly one outcome. */
export type Outcome =
  | { readonly status: 'none'; readonly decision: Decision }
  | {
      readonly status: 'held';
      readonly decision: Decision;
      readonly why: string;
      /** `failure`: an earlier action for the same user failed. */
      readonly by: HeldBy | 'failure';
    }
  | { readonly status: 'applied'; readonly decision: Decision; readonly replacement?: Replacement }
  | { readonly status: 'failed'; readonly decision: Decision; readonly failure: Failure }
  | {
      readonly status: 'partial';
      readonly decision: Decision;
      readonly failure: Failure;
      /** A key that was created and is not usable yet; the next run repairs it. */
      readonly createdKeyId?: string;
    };

/** A user about whom nothing could be decided. */
export interface Gap {
  readonly userName: string;
  readonly reason: 'unreadable' | 'intent-open' | 'out-of-time' | 'bad-settings';
  readonly failure: Failure;
}
