import type { Account, AccountSelection } from '../../domain/account.ts';
import type { RoleConfig } from '../../domain/health/member-role.ts';
import type { Instant } from '../../domain/time.ts';
import type { AccountDirectory, FormerMembers } from '../ports/accounts.ts';
import type { AccountAccess, ServiceExaminer } from '../ports/doctor.ts';
import type { ReaderLookup } from '../ports/messaging.ts';
import type { SettingsSource } from '../ports/settings.ts';

/** What `doctor` examines, and the ports it works with. */
export interface Examination {
  readonly now: Instant;
  readonly region: string;
  readonly tableName?: string;
  readonly topicArn?: string;
  /** Encrypts the secrets in the accounts; absent: the key AWS has there for it. */
  readonly secretKmsKeyId?: string;
  readonly role: Pick<RoleConfig, 'roleName' | 'rolePath' | 'hasExternalId' | 'listsByRole'>;
  /** Only to be compared with that of the function. */
  readonly externalId?: string;
  readonly selection: AccountSelection;
  readonly accountConcurrency: number;
  readonly directory: AccountDirectory;
  /** Absent where there is no table that would know. */
  readonly formerMembers?: FormerMembers;
  readonly settings: SettingsSource;
  readonly service: ServiceExaminer;
  readonly readers: ReaderLookup;
  readonly access: AccountAccess;
  readonly progress: {
    readonly accountsFound: (count: number) => void;
    readonly accountDone: (account: Account) => void;
  };
}
