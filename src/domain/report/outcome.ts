import type { Decision } from '../rotation/decision.ts';

/** How an AWS error is to be understood. Classified once, where AWS is called. */
export type FailureKind =
  | 'denied'
  | 'throttled'
  | 'not-found'
  | 'conflict'
  | 'limit'
  | 'transient'
  | 'unknown'
  /** Not an AWS error: what was found differs from what was decided on. */
  | 'changed-meanwhile'
  /** Not an AWS error: another run holds the account by now. */
  | 'lease-lost';

/** Why something could not be done. Never carries a secret. */
export interface Failure {
  readonly kind: FailureKind;
  /** The call that failed, as IAM policies write it: `iam:CreateAccessKey`; or a step of ours. */
  readonly during: string;
  readonly message: string;
  /** What a person can do about it. */
  readonly nextStep: string;
}

/** The key that took another one's place, and where its secret is. */
export interface Replacement {
  readonly accessKeyId: string;
  readonly secretName: string;
  /** Where it is in another account than the user's. */
  readonly secretArn?: string;
}

/** What became of a decision. Every decision has exactly one outcome. */
export type Outcome =
  | { readonly status: 'none'; readonly decision: Decision }
  | {
      readonly status: 'held';
      readonly decision: Decision;
      readonly why: string;
      /** `failure`: an earlier action for the same user failed. */
      readonly by: 'mode' | 'limit' | 'place' | 'failure';
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
