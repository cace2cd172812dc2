import type { Failure } from '../../domain/errors.ts';
import type { Instant } from '../../domain/time.ts';

/* The consumer's side: a workload that finds out its own current key. */

/** A key as its user holds it. */
export interface HeldKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What a secret holds, or why nobody can tell. */
export type SecretAnswer =
  | {
      readonly kind: 'key';
      readonly key: HeldKey;
      /** Whose key it is, as the secret itself says; older ones may not. */
      readonly userName?: string;
      readonly accountId?: string;
    }
  /** The secret was made, but no key was seen to work yet. */
  | { readonly kind: 'no-key-yet' }
  /** Not there. To users without a policy of their own AWS denies what isn't there, so that is here, too. */
  | { readonly kind: 'none' }
  /** Somebody has forbidden it, or the secret is damaged: it won't mend by itself. */
  | { readonly kind: 'denied'; readonly failure: Failure }
  /** AWS doesn't take the key that was used for asking. */
  | { readonly kind: 'refused'; readonly failure: Failure }
  /** AWS gave no answer of its own: no network, a proxy that answers in its stead, too many calls. */
  | { readonly kind: 'unreachable'; readonly failure: Failure };

/** Whose key it is. */
export type IdentityAnswer =
  | { readonly kind: 'known'; readonly arn: string }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'unreachable'; readonly failure: Failure };

export interface OwnKeyCalls {
  /** @param region another one than the secret is expected in */
  readSecret(held: HeldKey, region?: string): Promise<SecretAnswer>;
  identify(held: HeldKey): Promise<IdentityAnswer>;
  /**
   * The id of an active key of the same user that was made later, if there is one.
   * @returns undefined when the user may not list its own keys, as most may not
   */
  newerKey(held: HeldKey): Promise<{ readonly id: string | undefined } | undefined>;
}

/** The profile that holds the first key. */
export interface FirstKey {
  /** Of a key that is written in the profile, without running anything. */
  readonly writtenKeyId: string | undefined;
  /** @throws InputError when the profile has no key of a user */
  read(): Promise<HeldKey>;
}

/** What the last call left for the next one, on the machine of the workload. */
export interface Remembered {
  readonly key: HeldKey;
  /** Of the user whose key it is, as AWS said. */
  readonly arn?: string;
  /** Of the key that was written in the profile at that time. */
  readonly profileKeyId?: string;
  /** Where a key was read from. */
  readonly secret?: SecretPlace;
  /** When it was last looked, in vain, whether the secret is in another region than this one. */
  readonly searched?: { readonly at: Instant; readonly region: string };
}

export interface SecretPlace {
  readonly region: string;
  /** Name or ARN. */
  readonly id: string;
}
