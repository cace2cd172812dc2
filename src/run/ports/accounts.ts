import type { Account } from '../../domain/account.ts';
import type { OrganizationIds } from '../../domain/health/member-role.ts';
import type { CredentialReport } from '../../domain/rotation/credential-report.ts';
import type { SecretDelivery } from '../../domain/settings/setting.ts';
import type { Instant } from '../../domain/time.ts';
import { type KeyInventory, type KeyVerifier, type KeyWriter } from './keys.ts';
import type { OrphanedSecrets } from './orphaned-secrets.ts';
import { type SecretStore } from './secrets.ts';
import type { KeyUsage } from './usage.ts';

interface Organization {
  readonly accounts: readonly Account[];
  /** Ids of the root and all organizational units; empty when they weren't asked for. */
  readonly ous: readonly string[];
  /** Undefined where the answer doesn't tell. */
  readonly ids?: OrganizationIds;
}

export interface AccountDirectory {
  /** All accounts in every state. `withOus` fills their paths, which costs calls per unit. */
  list(options: { readonly withOus: boolean }): Promise<Organization>;
}

/** How an account is entered. */
export interface SessionOptions {
  /** By a session policy: whatever the role allows, this session can only read. */
  readonly readOnly: boolean;
  readonly secrets: SecretLocation;
}

/** Where the secrets of an account's users are kept. */
export interface SecretLocation {
  readonly delivery: SecretDelivery;
  readonly kmsKeyId?: string;
  readonly replicaRegions: readonly string[];
  /** ARNs of who may read them besides the user. */
  readonly readers: readonly string[];
  /** `restricted`: everybody else is denied. */
  readonly access: 'open' | 'restricted';
}

/** Knows accounts that have left the organization: it must have seen them while they were members. */
export interface FormerMembers {
  /** @throws OperationError when it can't be read */
  wasMember(accountId: string): Promise<boolean>;
  /** These are members now. Those that are worked on are known anyway. */
  remember(accountIds: readonly string[]): Promise<void>;
}

export interface Sessions {
  /**
   * Enters an account.
   * @throws OperationError when the role can't be assumed, or the session belongs to another account
   */
  open(account: Account, options: SessionOptions): Promise<AccountSession>;
  /** The ARN of who runs this, as STS tells it. */
  caller(): Promise<string>;
  /**
   * The id of the IAM user's key that the run itself begins with: without it, the run could do nothing
   * more. Undefined where it begins with a role's credentials, as in Lambda.
   */
  signingKeyId(): Promise<string | undefined>;
}

/** What IAM knows of all users of an account at once, up to four hours old. */
export interface CredentialReports {
  /**
   * @param until the last moment to wait for it
   * @returns undefined where it isn't there in time
   * @throws OperationError when IAM refuses it
   */
  read(until: Instant): Promise<CredentialReport | undefined>;
}

/** Everything that can be done in one account. */
export interface AccountSession {
  readonly inventory: KeyInventory;
  readonly reports: CredentialReports;
  readonly writer: KeyWriter;
  readonly secrets: SecretStore;
  readonly orphanedSecrets: OrphanedSecrets;
  readonly verifier: KeyVerifier;
  readonly usage: KeyUsage;
}
