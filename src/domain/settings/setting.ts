import { DEFAULT_LIMIT, type Limit, type Mode } from '../rotation/limits.ts';
import { DEFAULT_POLICY, type Exemption, type PolicyDays } from '../rotation/policy.ts';

/* What can be set, and for what. The values are resolved in resolve.ts. */

/** From the widest to the narrowest; of two that set the same, the narrower one wins. */
export type Level = 'default' | 'environment' | 'organization' | 'organizational-unit' | 'account' | 'user';
export const LEVELS: readonly Level[] = [
  'default',
  'environment',
  'organization',
  'organizational-unit',
  'account',
  'user',
];

/** Which users are meant. Names and groups in any case; `*` and `?` in names stand for anything. */
export type UserSelector =
  | { readonly by: 'name'; readonly pattern: string }
  /** Users at this path and below it; with a slash at both ends. */
  | { readonly by: 'path'; readonly path: string }
  | { readonly by: 'group'; readonly group: string }
  /** Without a value: whoever has the tag. */
  | { readonly by: 'tag'; readonly tag: string; readonly value?: string };

export interface ExemptionRule extends Exemption {
  readonly users: readonly UserSelector[];
}

/**
 * Where the secret of a new key goes. `member`: Secrets Manager of the user's own account. `central`:
 * that of the account the service runs in. `sns-plaintext`: as `member`, and the secret is published
 * to the topic as well, for everybody who reads it.
 */
export type SecretDelivery = 'member' | 'central' | 'sns-plaintext';

type DigestFrequency = 'when-something-happened' | 'weekly';

/** Everything that can be set for a part of the organization. */
export interface SettingValues extends PolicyDays {
  readonly mode: Mode;
  readonly maxDeactivations: Limit;
  readonly maxDeletions: Limit;
  /** Most keys that are deactivated at a deadline, or as the least recently used, in a run over the whole organization. */
  readonly maxDeadlineDeactivations: number;
  /** Most keys that are replaced per account and run, the oldest first; undefined: all that are due. */
  readonly maxReplacements?: number;
  /** What makes a notice count: somebody reads the topic, or the event bus has accepted the event. */
  readonly noticesBy: 'topic' | 'events';
  readonly topicArn?: string;
  readonly digestFrequency: DigestFrequency;
  /** Whether each owner gets a message of his own, beside the account's digest. */
  readonly perOwner: boolean;
  /** Whether subscribers by `https` get the form that Slack and Teams show, instead of JSON for programs. */
  readonly chat: boolean;
  /** Whether it is looked up who uses a key that is soon switched off although it is still needed. */
  readonly lookUpUsage: boolean;
  /** Only these users; empty for all. */
  readonly includeUsers: readonly UserSelector[];
  /** Goes before every inclusion. */
  readonly excludeUsers: readonly UserSelector[];
  /** Those of all levels add up. */
  readonly exemptions: readonly ExemptionRule[];
  /** The exemption of one user. */
  readonly exemption?: Exemption;
  /** Who answers for the keys, for people to ask. */
  readonly owner?: string;
  /** The IAM user tag that names the owner. */
  readonly ownerTag?: string;
  readonly secretDelivery: SecretDelivery;
  /** A customer-managed key for the secrets. */
  readonly secretKmsKeyId?: string;
  /** Regions that the secrets are replicated to, besides the one the service runs in. */
  readonly secretReplicaRegions: readonly string[];
  /** Whether secrets may go out by e-mail: the second confirmation that `sns-plaintext` needs. */
  readonly snsPlaintextToEmail: 'refused' | 'confirmed';
  /** ARNs of roles and users that may read the secrets besides the user each was made for. */
  readonly secretReaders: readonly string[];
  /** `restricted`: everybody but the user and `secretReaders` is denied the secret. */
  readonly secretAccess: 'open' | 'restricted';
  /** Whether a secret whose user is gone is scheduled for deletion after 30 days. */
  readonly removeOrphanedSecrets: boolean;
}

export type SettingName = keyof SettingValues;

/** The value of every setting that is not set. */
export const DEFAULT_SETTINGS: SettingValues = {
  ...DEFAULT_POLICY,
  mode: 'audit',
  maxDeactivations: DEFAULT_LIMIT,
  maxDeletions: DEFAULT_LIMIT,
  maxDeadlineDeactivations: 25,
  noticesBy: 'topic',
  digestFrequency: 'when-something-happened',
  perOwner: false,
  lookUpUsage: false,
  chat: false,
  includeUsers: [],
  excludeUsers: [],
  exemptions: [],
  secretDelivery: 'member',
  secretReplicaRegions: [],
  snsPlaintextToEmail: 'refused',
  secretReaders: [],
  secretAccess: 'open',
  removeOrphanedSecrets: false,
};

const EVERYWHERE: readonly Level[] = LEVELS;
const NOT_ONE_USER: readonly Level[] = LEVELS.filter((level) => level !== 'user');
const IN_THE_TABLE: readonly Level[] = ['default', 'organization', 'organizational-unit', 'account'];

/** At which levels each setting makes sense. */
export const LEVELS_OF: Readonly<Record<SettingName, readonly Level[]>> = {
  mode: NOT_ONE_USER,
  rotateAfter: EVERYWHERE,
  deactivateAfter: EVERYWHERE,
  deleteAfter: EVERYWHERE,
  adoptionGrace: EVERYWHERE,
  deadlineGrace: EVERYWHERE,
  recoveryGrace: EVERYWHERE,
  unusedAfter: EVERYWHERE,
  inUseWindow: EVERYWHERE,
  noticeBefore: NOT_ONE_USER,
  whenStillInUse: EVERYWHERE,
  whenNotAdopted: EVERYWHERE,
  whenTwoKeysInUse: EVERYWHERE,
  maxDeactivations: NOT_ONE_USER,
  maxDeletions: NOT_ONE_USER,
  maxDeadlineDeactivations: ['default', 'environment', 'organization'],
  maxReplacements: NOT_ONE_USER,
  noticesBy: NOT_ONE_USER,
  topicArn: NOT_ONE_USER,
  digestFrequency: IN_THE_TABLE,
  perOwner: IN_THE_TABLE,
  lookUpUsage: IN_THE_TABLE,
  chat: IN_THE_TABLE,
  includeUsers: IN_THE_TABLE,
  excludeUsers: IN_THE_TABLE,
  exemptions: IN_THE_TABLE,
  exemption: ['user'],
  owner: ['organization', 'organizational-unit', 'account', 'user'],
  ownerTag: IN_THE_TABLE,
  secretDelivery: IN_THE_TABLE,
  secretKmsKeyId: NOT_ONE_USER,
  secretReplicaRegions: IN_THE_TABLE,
  snsPlaintextToEmail: IN_THE_TABLE,
  secretReaders: NOT_ONE_USER,
  secretAccess: NOT_ONE_USER,
  removeOrphanedSecrets: NOT_ONE_USER,
};

export const SETTING_NAMES = Object.keys(LEVELS_OF) as readonly SettingName[];

/** What a row of settings is about. */
export type Target =
  | { readonly level: 'organization' }
  | { readonly level: 'organizational-unit'; readonly ouId: string }
  | { readonly level: 'account'; readonly accountId: string }
  | { readonly level: 'user'; readonly accountId: string; readonly userName: string };

/** `organizational unit ou-ab12-34cd56ef`, `user alice of account 111122223333`. */
export function describeTarget(target: Target): string {
  switch (target.level) {
    case 'organization':
      return 'the organization';
    case 'organizational-unit':
      return `organizational unit ${target.ouId}`;
    case 'account':
      return `account ${target.accountId}`;
    case 'user':
      return `user ${target.userName} of account ${target.accountId}`;
  }
}

/** One level's settings on the way to one account or user. */
export interface Layer {
  readonly level: Level;
  /** Where it is set, for people. */
  readonly from: string;
  readonly values: Partial<SettingValues>;
  /** What narrower levels may not set to anything else. */
  readonly final: readonly SettingName[];
  /** ARN of who changed it last; absent where that isn't known. */
  readonly changedBy?: string;
  /** Where a value of this layer has a name of its own: `ROTATION_MODE`. */
  readonly nameOf?: Partial<Record<SettingName, string>>;
}

/** What the table says about one target. */
export interface SettingsRow {
  readonly target: Target;
  readonly values: Partial<SettingValues>;
  readonly final: readonly SettingName[];
  /** ARN of who changed it last; absent where that isn't known. */
  readonly changedBy?: string;
}

/** An invalid row. Without a target it applies to everybody, since its target is unknown. */
export interface BadSettingsRow {
  readonly target?: Target;
  /** What is wrong, where, and what would be right. */
  readonly message: string;
}

/** All settings of the deployment, as they are at one moment. */
export interface SettingsSnapshot {
  /** Defaults and deployment, widest first. */
  readonly base: readonly Layer[];
  readonly rows: readonly SettingsRow[];
  readonly badRows: readonly BadSettingsRow[];
}
