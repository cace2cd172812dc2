/** AWS for tests: a process of its own that speaks AWS's protocols on the loopback interface. */
import { startChild } from './child.ts';
import { findPython } from './python.ts';
import type {
  AccountSnapshot,
  Call,
  Credentials,
  ScriptedAction,
  ProcessKill,
  Fault,
  KeyChange,
  KeySecret,
  OrganizationSeed,
  PagedList,
  Published,
  PutEvent,
  RecordedEvent,
  Rate,
  SeededOrganization,
  Subscription,
} from './types.ts';

export type * from './types.ts';

export interface Emulator {
  readonly endpoint: string;
  /** Of its process. */
  readonly pid: number;

  /** Forgets everything first, except what time it is. */
  seed(organization: OrganizationSeed): Promise<SeededOrganization>;
  /** Forgets everything; the clock shows real time again. */
  reset(): Promise<void>;

  now(): Promise<number>;
  /** It keeps moving from there. */
  setClock(now: number): Promise<void>;
  freezeClock(now: number): Promise<void>;
  advance(ms: number): Promise<void>;

  inject(...faults: readonly Fault[]): Promise<void>;
  clearFaults(): Promise<void>;
  /** From now on this share of the calls goes wrong by chance: the same for the same seed. */
  drawFaults(seed: string, share: number): Promise<void>;
  /** A process of a test that calls itself `process-<pid>` to AWS (AWS_SDK_UA_APP_ID). */
  killAt(kill: ProcessKill): Promise<void>;
  /** Every account begins with its burst. */
  setRate(rate: Rate): Promise<void>;
  calls(): Promise<readonly Call[]>;
  forgetCalls(): Promise<void>;
  /** Pages get no longer than this, whatever is asked for. */
  setPageSizes(sizes: Readonly<Partial<Record<PagedList, number>>>): Promise<void>;

  snapshot(accountId?: string): Promise<readonly AccountSnapshot[]>;
  /** Default: now. No call is recorded. */
  markUsed(keyIds: readonly string[], at?: number): Promise<void>;
  /** What a person does by hand. No call is recorded. */
  setKey(keyId: string, change: KeyChange): Promise<void>;
  /** What happened in many days, in order. No call is recorded. */
  perform(actions: readonly ScriptedAction[]): Promise<void>;
  /** A session without asking STS. A role that doesn't exist may do everything. */
  credentialsFor(accountId: string, roleName: string): Promise<Credentials>;
  /** Those of a user. */
  keyCredentials(accessKeyId: string): Promise<Credentials>;

  /** Every secret access key that CreateAccessKey answered with. */
  secretsHandedOut(): Promise<readonly string[]>;
  /** Default: AWSCURRENT. */
  secretValue(accountId: string, name: string, versionStage?: string): Promise<string>;
  /** Every key that a secret holds, of all accounts. */
  keySecrets(): Promise<readonly KeySecret[]>;
  notifications(): Promise<readonly Published[]>;
  forgetNotifications(): Promise<void>;
  /** In the order they were made. */
  subscriptions(topicArn: string): Promise<readonly Subscription[]>;
  /** What its owner does with the link in the e-mail. */
  confirmSubscription(topicArn: string, endpoint: string): Promise<void>;
  /** How many subscriptions of one topic may have a filter policy; 200 by default. */
  setFilterPolicyQuota(quota: number): Promise<void>;
  events(): Promise<readonly PutEvent[]>;
  forgetEvents(): Promise<void>;
  /** Adds to what CloudTrail's event history has. */
  recordEvents(...events: readonly RecordedEvent[]): Promise<void>;
  /** State machines run from now on, and invoke their functions at a server of the test. */
  runStateMachines(endpointOfLambda: string): Promise<void>;

  stop(): Promise<void>;
}

export async function startEmulator(options: { readonly quiet?: boolean } = {}): Promise<Emulator> {
  const quiet = options.quiet ?? false;
  const child = await startChild(await findPython(quiet), quiet);
  const endpoint = `http://127.0.0.1:${child.port}`;

  const ask = async <T>(what: string, text: object = {}): Promise<T> => {
    const response = await fetch(`${endpoint}/emulator/${what}`, {
      method: 'POST',
      body: JSON.stringify(text),
    });
    const answer = (await response.json()) as T & { error?: string };
    if (!response.ok) throw new Error(`The AWS emulator couldn't ${what}: ${answer.error ?? 'unknown'}`);
    return answer;
  };

  return {
    endpoint,
    pid: child.pid,
    seed: (organization) => ask('seed', organization),
    reset: () => ask('reset'),
    now: () => ask('clock'),
    setClock: (now) => ask('clock/set', { now }),
    freezeClock: (now) => ask('clock/freeze', { now }),
    advance: (ms) => ask('clock/advance', { ms }),
    inject: (...faults) => ask('faults/inject', { faults }),
    clearFaults: () => ask('faults/clear'),
    killAt: (kill) => ask('kill-at', kill),
    drawFaults: (seed, share) => ask('random-faults', { seed, share }),
    perform: (actions) => ask('scripted-actions', { actions }),
    keySecrets: () => ask('key-secrets'),
    setRate: (rate) => ask('rate', rate),
    calls: () => ask('calls'),
    forgetCalls: () => ask('calls/forget'),
    setPageSizes: (sizes) => ask('page-sizes', { sizes }),
    snapshot: (accountId) => ask('snapshot', { accountId }),
    markUsed: (keyIds, at) => ask('keys/used', { keyIds, at }),
    setKey: (keyId, change) => ask('keys/set', { keyId, change }),
    credentialsFor: (accountId, roleName) => ask('session', { accountId, roleName }),
    keyCredentials: (keyId) => ask('keys/credentials', { keyId }),
    secretsHandedOut: () => ask('secrets-handed-out'),
    secretValue: (accountId, name, stage) => ask('secret-value', { accountId, name, stage }),
    notifications: () => ask('notifications'),
    forgetNotifications: () => ask('notifications/forget'),
    subscriptions: (topicArn) => ask('subscriptions', { topicArn }),
    confirmSubscription: (topicArn, endpoint) => ask('subscriptions/confirm', { topicArn, endpoint }),
    setFilterPolicyQuota: (quota) => ask('filter-policy-quota', { quota }),
    events: () => ask('events'),
    forgetEvents: () => ask('events/forget'),
    recordEvents: (...events) => ask('event-history', { events }),
    runStateMachines: (endpoint) => ask('state-machines', { endpoint }),
    stop: () => child.stop(),
  };
}
