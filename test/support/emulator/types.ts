/** What tests tell the emulator, and what it tells them. Instants are milliseconds since 1970. */

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface SeedKey {
  /** Begins with AKIA; made up when absent. */
  readonly id?: string;
  readonly status?: 'Active' | 'Inactive';
  readonly createdAt: number;
  readonly lastUsedAt?: number;
}

export interface SeedUser {
  readonly userName: string;
  readonly path?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** IAM groups by name; they are made as needed. */
  readonly groups?: readonly string[];
  readonly keys: readonly SeedKey[];
}

/** Trusts the service account, on condition that the caller is the service's role. */
export interface SeedMemberRole {
  /** access-key-rotation when absent. */
  readonly name?: string;
  readonly path?: string;
  readonly externalId?: string;
  /** An inline policy. A role without one may do everything. */
  readonly policy?: object;
}

export interface SeedAccount {
  readonly name: string;
  readonly email?: string;
  /** 111111111101 for the first account, 111111111102 for the second, ... when absent. */
  readonly id?: string;
  /** "Workloads/Prod"; units are made as needed. The root when absent. */
  readonly ou?: string;
  readonly state?: 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED' | 'PENDING_ACTIVATION';
  /** false: there is none. */
  readonly memberRole?: false | SeedMemberRole;
  readonly rootHasKeys?: boolean;
  /** The e-mail address of its alternate contact for security. */
  readonly securityContact?: string;
  readonly users: readonly SeedUser[];
}

export interface OrganizationSeed {
  readonly accounts: readonly SeedAccount[];
  /** 123456789012. Has the member role too by default. */
  readonly management?: Partial<
    Pick<SeedAccount, 'name' | 'users' | 'memberRole' | 'rootHasKeys' | 'securityContact'>
  >;
  readonly service?: {
    /** The name of the account it runs in; the management account when absent. */
    readonly account?: string;
    /** true when absent. Says nothing about the management account. */
    readonly delegatedAdministrator?: boolean;
    /** An inline policy of the service's role. Without one it may do everything. */
    readonly policy?: object;
  };
  /** E-mail addresses whose subscriptions to the topic are confirmed; none when absent. */
  readonly topicReaders?: readonly string[];
  /** Whether the management account has a role that the service may list the accounts with. */
  readonly organizationsRole?: boolean;
}

export interface SeededOrganization {
  readonly managementAccountId: string;
  readonly serviceAccountId: string;
  /** The members, in the order of the seed; ouPath holds ids, the root's first. */
  readonly accounts: readonly {
    readonly id: string;
    readonly name: string;
    readonly ouPath: readonly string[];
  }[];
  /** Ids by path: "Workloads/Prod". */
  readonly ous: Readonly<Record<string, string>>;
  readonly rootId: string;
  /** Of a session of the service's role that doesn't expire. */
  readonly credentials: Credentials;
  readonly tableName: string;
  readonly topicArn: string;
  readonly organizationsRoleArn?: string;
}

/** What CloudTrail's event history has of a call. */
export interface RecordedEvent {
  readonly accountId: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly at: number;
  /** `s3.amazonaws.com` */
  readonly source: string;
  readonly name: string;
  /** Of the event's own JSON: `sourceIPAddress`, `userAgent`, `errorCode`. */
  readonly detail: unknown;
}

/** How calls go wrong. The first fault that speaks of a call takes it. */
export interface Fault {
  /** "iam:CreateAccessKey", "iam:List*" */
  readonly action: string;
  readonly accountId?: string;
  /** Parameters of the call, as Call.params has them; `*` and `?` stand for anything. */
  readonly match?: Readonly<Record<string, string>>;
  /** So many calls are spared first. */
  readonly skip?: number;
  /** So many calls suffer; all of them when absent. */
  readonly times?: number;
  /**
   * Of lists: empty-page has nothing on it and a token to go on, repeat-page a token that leads to
   * itself. partial: of events:PutEvents only; the first entry of the call is throttled, the others
   * are taken.
   */
  readonly kind: 'error' | 'reset' | 'delay' | 'malformed' | 'empty-page' | 'repeat-page' | 'partial';
  readonly code?: string;
  readonly httpStatus?: number;
  readonly message?: string;
  /** The error's message repeats the body of the request, with whatever secret is in it. */
  readonly echoRequest?: boolean;
  /** after: the call is performed, only its answer is lost. before when absent. */
  readonly when?: 'before' | 'after';
  /** So long at most: when faults are cleared, calls that are held up go on. */
  readonly delayMs?: number;
}

/** SIGKILL at one of its AWS calls. */
export interface ProcessKill {
  readonly pid: number;
  /** The nth from now on. */
  readonly call: number;
  /** Before the call has its effect, or after it, before the answer. */
  readonly when: 'before' | 'after';
}

export interface Call {
  readonly seq: number;
  readonly action: string;
  /** null: the caller wasn't authenticated. */
  readonly accountId: string | null;
  readonly accessKeyId: string;
  /** Never holds a secret. */
  readonly params: Readonly<Record<string, string>>;
  /** 0: not answered (yet). */
  readonly status: number;
  readonly faulted?: boolean;
  /** Answered with Throttling, since it came too soon. */
  readonly throttled?: boolean;
  /** Its caller was ended before the call had its effect, or after it. */
  readonly killed?: 'before' | 'after';
}

/** What people and organizations do by hand. Ids of keys are chosen by who asks. */
export type ScriptedAction =
  | { readonly kind: 'create-user' | 'delete-user'; readonly accountId: string; readonly userName: string }
  | {
      readonly kind: 'create-key';
      readonly accountId: string;
      readonly userName: string;
      readonly id: string;
      readonly createdAt: number;
    }
  | {
      readonly kind: 'set-key';
      readonly accountId: string;
      readonly keyId: string;
      readonly status: 'Active' | 'Inactive';
    }
  | { readonly kind: 'delete-key'; readonly accountId: string; readonly keyId: string }
  | { readonly kind: 'use-key'; readonly accountId: string; readonly keyId: string; readonly at: number }
  /** With the member role. */
  | {
      readonly kind: 'join';
      readonly id: string;
      readonly name: string;
      readonly users: readonly SeedUser[];
    }
  | { readonly kind: 'leave'; readonly accountId: string }
  | {
      readonly kind: 'change-state';
      readonly accountId: string;
      readonly state: NonNullable<SeedAccount['state']>;
    };

/** A version of a secret that has a staging label and holds an access key. */
export interface KeySecret {
  readonly accountId: string;
  readonly secretName: string;
  readonly keyId: string;
  readonly stages: readonly string[];
  /** The key exists, and this is its secret and its user. */
  readonly right: boolean;
}

/** How many calls of a service an account may make. In real time, whatever the clock shows. */
export interface Rate {
  /** As it signs: "iam" */
  readonly service: string;
  /** Absent: as many as it likes. */
  readonly perSecond?: number;
  /** At once, after a pause. */
  readonly burst?: number;
}

export interface SnapshotKey {
  readonly id: string;
  readonly status: 'Active' | 'Inactive';
  readonly createdAt: number;
  readonly lastUsedAt?: number;
}

export interface AccountSnapshot {
  readonly accountId: string;
  readonly users: readonly {
    readonly userName: string;
    readonly arn: string;
    readonly keys: readonly SnapshotKey[];
  }[];
  readonly secrets: readonly {
    readonly name: string;
    readonly region: string;
    /** The region of its primary, when it is a replica. */
    readonly replicaOf?: string;
    /** Staging labels by version id; deprecated versions have none. */
    readonly versions: Readonly<Record<string, readonly string[]>>;
    readonly policy?: string;
    readonly kmsKeyId?: string;
    readonly tags: Readonly<Record<string, string>>;
    /** Present when its deletion is scheduled. */
    readonly deletedAt?: number;
  }[];
}

export interface Published {
  readonly topicArn: string;
  readonly subject?: string;
  readonly message: string;
  readonly messageStructure?: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Endpoints that have confirmed and whose filter policy lets it pass. */
  readonly deliveredTo: readonly string[];
}

export interface Subscription {
  readonly endpoint: string;
  readonly protocol: string;
  readonly confirmed: boolean;
  /** Parsed. */
  readonly filterPolicy?: Readonly<Record<string, readonly unknown[]>>;
}

/** On the default bus. */
export interface PutEvent {
  readonly accountId: string;
  readonly source: string;
  readonly detailType: string;
  /** Parsed. */
  readonly detail: Readonly<Record<string, unknown>>;
  readonly resources: readonly string[];
  readonly time?: number;
}

export type PagedList =
  | 'listUsers'
  | 'listAccessKeys'
  | 'listUserTags'
  | 'getGroup'
  | 'listSubscriptionsByTopic'
  | 'listAccounts'
  | 'listAccountsForParent'
  | 'listOrganizationalUnitsForParent'
  | 'listChildren';

export interface KeyChange {
  readonly status?: 'Active' | 'Inactive';
  readonly createdAt?: number;
  /** null: never used. */
  readonly lastUsedAt?: number | null;
}
