import type { Instant } from '../../domain/time.ts';

/** A secret that this service made for a user of the account. */
export interface OwnSecret {
  /** The ARN: a name alone may mean another one by then. */
  readonly id: string;
  readonly name: string;
  readonly userName: string;
  /** Absent from what earlier versions made. */
  readonly userId?: string;
  /** Since when its user is gone, where that was written down. */
  readonly orphanedSince?: Instant;
  /** Copies in other regions; each costs as much as the secret. */
  readonly replicaRegions: readonly string[];
}

/** The secrets of an account's users, looked at as a whole. */
export interface OrphanedSecrets {
  /**
   * Those that are made for the account's users where the settings keep them, but for those that are
   * scheduled for deletion. Complete, or it throws.
   * @param isSuspect of which more is to be read: where its copies are
   */
  list(isSuspect: (secret: Omit<OwnSecret, 'replicaRegions'>) => boolean): Promise<readonly OwnSecret[]>;
  /** Writes down since when its user is gone; undefined: the user is there after all. */
  mark(secret: OwnSecret, since: Instant | undefined): Promise<void>;
  /** Removes the copies, and schedules the secret for deletion: for 30 days it can be restored. */
  scheduleDeletion(secret: OwnSecret): Promise<void>;
}
