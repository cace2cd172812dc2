import type { Failure } from '../../domain/errors.ts';
import type { LastUse } from '../../domain/rotation/key.ts';
import type { Instant } from '../../domain/time.ts';

export interface IamUser {
  readonly userName: string;
  readonly arn: string;
  /** IAM's unique id, which a new user of the same name does not have. */
  readonly userId: string;
  /** With a slash at both ends. */
  readonly path: string;
}

export interface ListedKey {
  readonly id: string;
  readonly status: 'active' | 'inactive';
  readonly createdAt: Instant;
}

export interface KeyInventory {
  users(): Promise<readonly IamUser[]>;
  keysOf(userName: string): Promise<readonly ListedKey[]>;
  lastUse(accessKeyId: string): Promise<LastUse>;
  rootHasKeys(): Promise<boolean>;
  tagsOf(userName: string): Promise<Readonly<Record<string, string>>>;
  /** The names of a group's users; none where the account has no such group. */
  membersOf(group: string): Promise<readonly string[]>;
  /** The user a key belongs to; undefined where the account has no such key. */
  userOf(accessKeyId: string): Promise<string | undefined>;
}

/**
 * A key with its secret, which IAM returns only once. The secret goes to Secrets Manager and nowhere else,
 * unless the settings ask for plaintext.
 */
export interface CreatedKey extends ListedKey {
  readonly secret: string;
}

export interface KeyWriter {
  /** Sent exactly once: after an unclear answer the caller has to find out whether there is a key. */
  create(userName: string): Promise<CreatedKey>;
  deactivate(userName: string, accessKeyId: string): Promise<void>;
  activate(userName: string, accessKeyId: string): Promise<void>;
  /** A key that doesn't exist any more counts as deleted; the answer says which it was. */
  delete(userName: string, accessKeyId: string): Promise<'deleted' | 'not-found'>;
}

/** What became of a call signed with a new key. */
type TestCall =
  { readonly kind: 'answered' } | { readonly kind: 'refused'; readonly failure: Failure };

export interface KeyVerifier {
  /**
   * Signs a call with the key. `refused`: not yet; IAM may not have told everybody of the key.
   * @throws OperationError when waiting doesn't help: the call itself is denied, or the key is one of another account
   */
  answers(key: CreatedKey): Promise<TestCall>;
}
