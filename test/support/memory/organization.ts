import type { Account } from '../../../src/domain/account.ts';
import type { Mode } from '../../../src/domain/rotation/limits.ts';
import type { SettingsSnapshot, SettingValues } from '../../../src/domain/settings/setting.ts';
import type { Instant } from '../../../src/domain/time.ts';
import type { Publishing, RunContext } from '../../../src/run/context/run-context.ts';
import type { AccountSession, SessionOptions } from '../../../src/run/ports/accounts.ts';
import type { OpenAccounts } from '../../../src/run/ports/open-accounts.ts';
import { announcedBy } from '../../../src/report/data/events.ts';
import { account, snapshotOf, T0, TOPIC_ARN } from '../builders.ts';
import { virtualClock, type VirtualClock } from './clock.ts';
import { noEvents, recordingEvents, type RecordingEvents } from './events.ts';
import { memoryIam, type MemoryIam } from './iam.ts';
import {
  intercepted,
  interceptedSession,
  nested,
  plannedFaults,
  refusal,
  type Around,
  type Faults,
} from './intercept.ts';
import { memoryLedger, type MemoryLedger } from './ledger.ts';
import { plainDigest, plainSummary, recordingNotifier, type RecordingNotifier } from './notifier.ts';
import { memoryPlaintext, type MemoryPlaintext } from './plaintext.ts';
import { lookedUpOnce, memoryReaders, type MemoryReaders } from './readers.ts';
import { memorySecrets, type MemorySecrets } from './secrets.ts';
import { memoryUsage, type MemoryUsage } from './usage.ts';

/** An account with everything in it, and the session of who enters it. */
export interface MemoryAccount {
  readonly account: Account;
  readonly id: string;
  readonly iam: MemoryIam;
  readonly secrets: MemorySecrets;
  /** What its event history has. */
  readonly usage: MemoryUsage;
  readonly session: AccountSession;
  /** Faults of this account alone: of entering it, and of every call in it. */
  readonly ownFaults: Faults;
}

/** What a test wants different in a run, and what it wants around each of its calls. */
export type RunOptions = Partial<Omit<RunContext, 'publishing'>> &
  Partial<Pick<Publishing, 'digestOf' | 'ownerMessagesOf' | 'summaryOf' | 'eventsOf'>> & {
    readonly around?: Around;
    /** Of all accounts; default: enforce. */
    readonly mode?: Mode;
    readonly values?: Partial<SettingValues>;
    readonly book?: SettingsSnapshot;
  };

/** An organization, the service's own table and topic, and the time they live in. */
export interface MemoryOrganization {
  readonly clock: VirtualClock;
  readonly ledger: MemoryLedger;
  readonly notifier: RecordingNotifier;
  /** Who receives what is published. */
  readonly readers: MemoryReaders;
  readonly events: RecordingEvents;
  /** The ids of the accounts of which something is open. */
  readonly open: ReadonlySet<string>;
  /** What was sent to a topic in plain text. */
  readonly plaintext: MemoryPlaintext;
  /** Faults of every call of every run. */
  readonly faults: Faults;
  add(facts?: Partial<Account>): MemoryAccount;
  /** It leaves the organization. */
  remove(accountId: string): void;
  changeState(accountId: string, state: Account['state']): void;
  /** From now on runs begin with this IAM user's key; undefined: with a role's credentials. */
  signWith(accessKeyId: string | undefined): void;
  /** The next run: `run-1`, `run-2`, ... */
  run(options?: RunOptions): RunContext;
}

const plainly: Around = (_call, proceed) => proceed();

export function memoryOrganization(start: Instant = T0): MemoryOrganization {
  const clock = virtualClock(start);
  const ledger = memoryLedger();
  const notifier = recordingNotifier();
  const readers = memoryReaders();
  const events = recordingEvents();
  const plaintext = memoryPlaintext();
  const faults = plannedFaults();
  const members: MemoryAccount[] = [];
  const former = new Set<string>();
  const open = new Set<string>();
  const openAccounts: OpenAccounts = {
    has: async (accountId) => open.has(accountId),
    add: async (accountId) => {
      open.add(accountId);
    },
    remove: async (accountId) => {
      open.delete(accountId);
    },
  };
  let signingKey: string | undefined;
  let runs = 0;

  const enter = async (account: Account, around: Around): Promise<AccountSession> => {
    const member = members.find(({ id }) => id === account.id);
    if (member === undefined) throw refusal('not-found', 'sts:AssumeRole');
    const { session, ownFaults } = member;
    const open = async () => interceptedSession(session, nested(around, ownFaults.around));
    return (await ownFaults.around({ name: 'sessions.open', args: [account] }, open)) as AccountSession;
  };
  const placeOf = (accountId: string): number => {
    const place = members.findIndex(({ id }) => id === accountId);
    if (place < 0) throw new Error(`the organization has no account ${accountId}`);
    return place;
  };
  const ous = () => [...new Set(members.flatMap(({ account: { ouPath } }) => ouPath))];

  return {
    clock,
    ledger,
    notifier,
    readers,
    events,
    open,
    plaintext,
    faults,
    add: (facts) => {
      const added = account(facts);
      const iam = memoryIam(added.id, clock);
      const secrets = memorySecrets(iam.keysOf);
      const usage = memoryUsage();
      const { inventory, reports, writer, verifier } = iam;
      const session = {
        inventory,
        reports,
        writer,
        verifier,
        secrets: secrets.store,
        orphanedSecrets: secrets.orphans,
        usage: usage.port,
      };
      const member = {
        account: added,
        id: added.id,
        iam,
        secrets,
        usage,
        session,
        ownFaults: plannedFaults(),
      };
      members.push(member);
      return member;
    },
    remove: (accountId) => {
      members.splice(placeOf(accountId), 1);
      former.add(accountId);
    },
    changeState: (accountId, state) => {
      const place = placeOf(accountId);
      const member = members[place];
      if (member !== undefined) members[place] = { ...member, account: { ...member.account, state } };
    },
    signWith: (accessKeyId) => {
      signingKey = accessKeyId;
    },
    run: ({
      around = plainly,
      mode = 'enforce',
      values = {},
      book = snapshotOf({ mode, ...values }),
      digestOf = plainDigest,
      ownerMessagesOf = () => [],
      summaryOf = plainSummary,
      eventsOf = noEvents,
      ...options
    } = {}) => {
      const everyCall = nested(around, faults.around);
      const open = (entered: Account, _how: SessionOptions) => enter(entered, everyCall);
      const caller = async () => CALLER;
      const signingKeyId = async () => signingKey;
      const wasMember = async (accountId: string) => former.has(accountId);
      const remember = async () => undefined; // it knows who was removed
      const list = async ({ withOus }: { readonly withOus: boolean }) => ({
        accounts: members.map((member) => member.account),
        ous: withOus ? ous() : [],
      });
      return {
        runId: `run-${++runs}`,
        now: clock.now(),
        settings: intercepted('settings', { read: async () => book }, faults.around),
        selection: NO_SELECTION,
        userNames: [],
        deferred: [],
        notWorkedOn: [],
        surveyed: new Map<string, number>(),
        inventory: 'list',
        accountConcurrency: 4,
        turn: 0,
        userConcurrency: 2,
        clock,
        directory: intercepted('directory', { list }, everyCall),
        formerMembers: intercepted('formerMembers', { wasMember, remember }, everyCall),
        sessions: intercepted('sessions', { open, caller, signingKeyId }, everyCall),
        ledger: intercepted('ledger', ledger.port, everyCall),
        openAccounts: intercepted('openAccounts', openAccounts, everyCall),
        history: intercepted(
          'history',
          { of: async (id) => ({ entries: ledger.historyOf(id).toReversed(), unreadable: [] }) },
          everyCall,
        ),
        publishing: {
          to: (topicArn) => intercepted('notifier', { publish: notifier.to(topicArn).publish }, everyCall),
          sharedTopicArn: TOPIC_ARN,
          readers: {
            ...readers.port,
            of: lookedUpOnce(intercepted('readers', { of: readers.port.of }, everyCall).of),
          },
          events: intercepted('events', { put: events.put }, everyCall),
          digestOf,
          ownerMessagesOf,
          summaryOf,
          eventsOf,
          announcedBy,
        },
        plaintextTo: () => intercepted('plaintext', plaintext.port, everyCall),
        progress: { accountsFound: () => undefined, accountDone: () => undefined },
        ...options,
      };
    },
  };
}

export const CALLER = 'arn:aws:sts::999999999999:assumed-role/access-key-rotation-service/run';

/** As an account is entered whose settings say nothing special. */
export const HOW: SessionOptions = {
  readOnly: false,
  secrets: { delivery: 'member', replicaRegions: [], readers: [], access: 'open' },
};

export const NO_SELECTION = {
  includeAccounts: [],
  excludeAccounts: [],
  includeOus: [],
  excludeOus: [],
  onlyAccounts: [],
} as const;
