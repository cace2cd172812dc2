import { type CreatedKey, type IamUser, type ListedKey } from './keys.ts';

export interface SecretState {
  readonly name: string;
  readonly exists: boolean;
  /** Where it is not in the user's own account, so that a name alone doesn't find it. */
  readonly arn?: string;
  /** The version consumers read now. */
  readonly currentVersion?: string;
}

/** Whose secret it is. */
export type SecretOwner = Pick<IamUser, 'userName' | 'arn'>;

export interface SecretStore {
  /** @throws Refusal when the secret can't take a new version, for instance while it is being deleted */
  look(userName: string): Promise<SecretState>;
  /**
   * Where the key's secret is: `delivered` to consumers of the user's secret, `pending` when it was
   * stored but not shown to them yet, or `none` when it isn't there.
   */
  stageOf(userName: string, accessKeyId: string): Promise<'delivered' | 'pending' | 'none'>;
  /**
   * Stores the key's secret without showing it to consumers yet. Doesn't share it.
   * @returns the state after it
   */
  store(user: SecretOwner, key: CreatedKey, state: SecretState): Promise<SecretState>;
  /** Lets the user, and nobody else, read its secret. */
  share(user: SecretOwner, state: SecretState): Promise<void>;
  /**
   * Lets consumers read the key that was stored.
   * @throws Refusal when they read something else by now than the state says
   */
  promote(key: Pick<ListedKey, 'id'>, state: SecretState): Promise<void>;
}
