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

/** A key as IAM hands it out, once. It never leaves the function that asked for it. */
export interface CreatedKey extends ListedKey {
  readonly secret: string;
}

export interface KeyWriter {
  /** Sent exactly once: what becomes of an unclear answer is the caller's to find out. */
  create(userName: string): Promise<CreatedKey>;
  deactivate(userName: string, accessKeyId: string): Promise<void>;
  activate(userName: string, accessKeyId: string): Promise<void>;
  /** A key that is gone already counts as deleted; the answer tells the two apart. */
  delete(userName: string, accessKeyId: string): Promise<'deleted' | 'not-found'>;
}

export interface KeyVerifier {
  /** Whether a call signed with the key is answered, and for the account it should belong to. */
  answers(key: CreatedKey): Promise<boolean>;
}
