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

export interface KeyVerifier {
  /** Whether a call signed with the key is answered, and for the account it should belong to. */
  answers(key: CreatedKey): Promise<boolean>;
}
