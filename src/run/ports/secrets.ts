import type { Delivery } from '../../domain/rotation/key.ts';
import { type CreatedKey, type IamUser, type ListedKey } from './keys.ts';

export interface SecretState {
  readonly name: string;
  readonly exists: boolean;
  /** Where it is not in the user's own account, so that a name alone doesn't find it. */
  readonly arn?: string;
  /** The version consumers read now. */
  readonly currentVersion?: string;
  /**
   * Statements of its policy that are not ours, by their Sids; only when they were not there, or not so,
   * the last time. They stay.
   */
  readonly foreignStatements?: readonly string[];
  /** The run that made it ready for a new key last, as the secret itself says. */
  readonly preparedBy?: string;
  /** It was made for this very user by an earlier version, which did not write down the user's id. */
  readonly isUnclaimed?: true;
  /** Tells which statements of its policy that are not ours were named last. */
  readonly statementsNamed?: string;
}

/**
 * How recent an answer must be. `listed` may be some minutes old: it comes from one list of all secrets of the
 * account, and costs no call for each user. Nothing is switched off or deleted because of it.
 */
export type AsOf = 'now' | 'listed';

/** Whose secret it is. */
export type SecretOwner = Pick<IamUser, 'userName' | 'arn' | 'userId'>;

export interface SecretStore {
  /**
   * The place before the key: makes sure that the user's secret exists and can take a new version before
   * a key is made. It is ours and was made for this very user (by IAM's unique id), is primary in this
   * region and not scheduled for deletion, and its policy lets its readers, and nobody else, read it.
   * @param looked what {@link look} has found
   * @param runId the run that is about to make a key, written down at the secret: a later run finds there
   *   that the intent of this one is no forgery
   * @throws OperationError naming what is wrong with the place and what to do
   */
  prepare(user: SecretOwner, looked: SecretState, runId?: string): Promise<SecretState>;
  /**
   * The checks of `prepare`, but for the policy, changing nothing; a secret that isn't there yet is fine.
   * @param asOf default: now
   */
  look(user: SecretOwner, asOf?: AsOf): Promise<SecretState>;
  /**
   * What consumers find of a key that was delivered. Never throws: what can't be read is `unknown`.
   * @param secretName where it was delivered to; undefined: where the settings say
   * @param asOf default: now; only that it is `current` is taken from a list
   */
  deliveryOf(
    userName: string,
    accessKeyId: string,
    secretName: string | undefined,
    asOf?: AsOf,
  ): Promise<Delivery>;
  /**
   * Whether a secret of the user has or had a version of the key, as far as AWS still tells. Only this service
   * names versions after keys, so then it made the key, whatever a row says.
   * @param secretName where it was delivered to; by default where the settings say
   * @throws OperationError when that can't be read
   */
  hasHeld(user: SecretOwner, accessKeyId: string, secretName?: string): Promise<boolean>;
  /**
   * Where the key's secret is: `delivered` to consumers of the user's secret, `pending` when it was
   * stored but not shown to them yet, or `none` when it isn't there. Asks nothing but where a key is: it
   * may be a secret that `prepare` would refuse.
   */
  stageOf(user: SecretOwner, accessKeyId: string): Promise<'delivered' | 'pending' | 'none'>;
  /**
   * Stores the key's secret in the place that was prepared, without showing it to consumers yet.
   * @param sesRegion the region whose SMTP password is stored with it
   */
  store(user: SecretOwner, key: CreatedKey, state: SecretState, sesRegion?: string): Promise<void>;
  /**
   * Lets consumers read the key that was stored.
   * @throws OperationError when they read something else by now than the state says
   */
  promote(key: Pick<ListedKey, 'id'>, state: SecretState): Promise<void>;
}
