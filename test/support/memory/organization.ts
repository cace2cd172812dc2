import type { Account } from '../../../src/domain/account.ts';
import { DEFAULT_LIMIT } from '../../../src/domain/limits.ts';
import type { Instant } from '../../../src/domain/time.ts';
import type { AccountSession } from '../../../src/run/ports.ts';
import type { Run } from '../../../src/run/run.ts';
import { account, policy, T0 } from '../builders.ts';
import { virtualClock, type VirtualClock } from './clock.ts';
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
import { memorySecrets, type MemorySecrets } from './secrets.ts';

/** An account with everything in it, and the session of who enters it. */
export interface MemoryAccount {
  readonly account: Account;
  readonly id: string;
  readonly iam: MemoryIam;
  readonly secrets: MemorySecrets;
  readonly session: AccountSession;
  /** Faults of this account alone: of entering it, and of every call in it. */
  readonly ownFaults: Faults;
}

/** What a test wants different in a run, and what it wants around each of its calls. */
export type RunOptions = Partial<Run> & { readonly around?: Around };

/** An organization, the service's own table and topic, and the time they live in. */
export interface MemoryOrganization {
  readonly clock: VirtualClock;
  readonly ledger: MemoryLedger;
  readonly notifier: RecordingNotifier;
  /** Faults of every call of every run. */
  readonly faults: Faults;
  add(facts?: Partial<Account>): MemoryAccount;
  /** The next run: `run-1`, `run-2`, ... */
  run(options?: RunOptions): Run;
}

const plainly: Around = (_call, proceed) => proceed();

export function memoryOrganization(start: Instant = T0): MemoryOrganization {
  const clock = virtualClock(start);
  const ledger = memoryLedger();
  const notifier = recordingNotifier();
  const faults = plannedFaults();
  const members: MemoryAccount[] = [];
  let runs = 0;

  const enter = async (account: Account, around: Around): Promise<AccountSession> => {
    const member = members.find(({ id }) => id === account.id);
    if (member === undefined) throw refusal('not-found', 'sts:AssumeRole');
    const { session, ownFaults } = member;
    const open = async () => interceptedSession(session, nested(around, ownFaults.around));
    return (await ownFaults.around({ name: 'sessions.open', args: [account] }, open)) as AccountSession;
  };
  const ous = () => [...new Set(members.flatMap(({ account: { ouPath } }) => ouPath))];

  return {
    clock,
    ledger,
    notifier,
    faults,
    add: (facts) => {
      const added = account(facts);
      const iam = memoryIam(added.id, clock);
      const secrets = memorySecrets();
      const { inventory, writer, verifier } = iam;
      const session = { inventory, writer, verifier, secrets: secrets.store };
      const member = { account: added, id: added.id, iam, secrets, session, ownFaults: plannedFaults() };
      members.push(member);
      return member;
    },
    run: ({ around = plainly, ...options } = {}) => {
      const everyCall = nested(around, faults.around);
      const open = (entered: Account) => enter(entered, everyCall);
      const list = async ({ withOus }: { readonly withOus: boolean }) => ({
        accounts: members.map((member) => member.account),
        ous: withOus ? ous() : [],
      });
      return {
        runId: `run-${++runs}`,
        mode: 'enforce',
        now: clock.now(),
        policy: policy(),
        limits: { maxDeactivations: DEFAULT_LIMIT, maxDeletions: DEFAULT_LIMIT },
        selection: NO_SELECTION,
        userNames: [],
        accountConcurrency: 4,
        turn: 0,
        userConcurrency: 2,
        clock,
        directory: intercepted('directory', { list }, everyCall),
        sessions: intercepted('sessions', { open }, everyCall),
        ledger: intercepted('ledger', ledger.port, everyCall),
        notifier: intercepted('notifier', { publish: notifier.publish }, everyCall),
        digestOf: plainDigest,
        summaryOf: plainSummary,
        progress: { accountsFound: () => undefined, accountDone: () => undefined },
        ...options,
      };
    },
  };
}

export const NO_SELECTION = {
  includeAccounts: [],
  excludeAccounts: [],
  includeOus: [],
  excludeOus: [],
  onlyAccounts: [],
} as const;
