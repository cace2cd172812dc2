import type { FunctionFacts, ScheduleFacts, StateMachineFacts } from '../../domain/health/function-checks.ts';
import type { KeyFacts, SubscriptionFacts, TableFacts } from '../../domain/health/service-checks.ts';
import type { StoredRunName } from '../../domain/report/stored-run.ts';
import type { Instant } from '../../domain/time.ts';
import type { IamUser, KeyInventory } from './keys.ts';

/* What `doctor` needs from the outside. Every call only reads. Failures are thrown as OperationErrors. */

/** The service's own resources, seen from its account and region. */
export interface ServiceExaminer {
  functionNamed(name: string): Promise<FunctionFacts>;
  /** Resolves when the caller may let the function work, which it doesn't for that. */
  mayInvoke(name: string): Promise<void>;
  /** When a run finished last, to the day; undefined: none since `earliest`. */
  lastRun(earliest: Instant, now: Instant): Promise<Instant | undefined>;
  /**
   * The last day on which findings were sent to Security Hub, or should have been, and whether each attempt failed
   * then; undefined: none since `earliest`, as where nobody has asked for it.
   */
  lastFindings(
    earliest: Instant,
    now: Instant,
  ): Promise<{ readonly day: Instant; readonly failed: boolean } | undefined>;
  /** The services of AWS that may work in the whole organization, by their principals. */
  trustedServices(): Promise<readonly string[]>;
  /** Undefined where there is none of this name. */
  stateMachine(arn: string): Promise<StateMachineFacts | undefined>;
  scheduleNamed(name: string): Promise<ScheduleFacts>;
  table(name: string): Promise<TableFacts>;
  timeToLive(tableName: string): Promise<{ readonly enabled: boolean; readonly attribute?: string }>;
  /** Whether the table can be restored to any second of the last weeks. */
  isRecoverable(tableName: string): Promise<boolean>;
  topic(arn: string): Promise<{ readonly keyId?: string }>;
  subscriptions(topicArn: string): Promise<readonly SubscriptionFacts[]>;
  /** The reports that are kept in a bucket, newest first. */
  reports(url: string): Promise<readonly StoredRunName[]>;
  /** Whether the page of a run is kept there. */
  hasPage(url: string, run: StoredRunName): Promise<boolean>;
  /** @param id id, ARN or alias */
  encryptionKey(id: string): Promise<KeyFacts>;
}

/** Enters accounts, with and without what the role asks for. */
export interface AccountAccess {
  /** The caller; its account is that of the service. */
  identity(): Promise<{ readonly accountId: string; readonly partition: string; readonly arn: string }>;
  /** By the role, as the service enters; the session may only read. */
  enter(accountId: string): Promise<AccountExaminer>;
  /** Resolves when the role lets in somebody who doesn't know the external id. */
  enterWithoutExternalId(accountId: string): Promise<void>;
}

export interface Simulated {
  readonly action: string;
  /** `depends` on the conditions of a policy, of which the simulation doesn't know the values. */
  readonly verdict: 'allowed' | 'denied' | 'depends';
}

/** The calls that show what is allowed in an account. */
export interface AccountExaminer {
  readonly inventory: Pick<KeyInventory, 'keysOf' | 'lastUse' | 'rootHasKeys' | 'tagsOf' | 'membersOf'>;
  /** Any user; undefined when there is none. */
  firstUser(): Promise<IamUser | undefined>;
  /** Each resolves when this may be asked, whether or not the report is there. */
  readonly credentialReport: { generate(): Promise<void>; get(): Promise<void> };
  /** Resolves when this may be asked, whether or not there is such a secret. */
  describeSecret(name: string): Promise<void>;
  /** Resolves when it may be looked up who uses a key, whether or not anybody does. */
  lookUpUsage(): Promise<void>;
  /** What the principal's policies say about actions on a resource. */
  simulate(
    principalArn: string,
    actions: readonly string[],
    resourceArn: string,
  ): Promise<readonly Simulated[]>;
}
