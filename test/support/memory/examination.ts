import type { Account } from '../../../src/domain/account.ts';
import type { FailureKind } from '../../../src/domain/errors.ts';
import { OperationError } from '../../../src/domain/errors.ts';
import type { Examination } from '../../../src/run/doctor/examination.ts';
import type { AccountExaminer, AccountAccess, ServiceExaminer } from '../../../src/run/ports/doctor.ts';
import type { Check } from '../../../src/domain/health/check.ts';
import { examine } from '../../../src/run/doctor/examine.ts';
import { account, snapshotOf, T0 } from '../builders.ts';
import { NO_SELECTION } from './organization.ts';
import { memoryReaders } from './readers.ts';

/* An organization in which `doctor` finds nothing wrong, but what a test changes in it. */

export const OWN = '111122223333';
export const OTHER = '444455556666';
/** Whoever runs `doctor`. */
const CALLER = `arn:aws:sts::${OWN}:assumed-role/operators/ann`;
export const REPORTS = 'https://reports.s3.eu-central-1.amazonaws.com';
export const FUNCTION = `arn:aws:lambda:eu-central-1:${OWN}:function:access-key-rotation`;

export const refuse = (kind: FailureKind, during: string) => async (): Promise<never> => {
  throw new OperationError({ kind, during, message: kind, nextStep: `mend ${during}` });
};

/** A service where all is well. */
export const service = (changes: Partial<ServiceExaminer> = {}): ServiceExaminer => ({
  functionNamed: async () => ({ arn: FUNCTION, runtime: 'nodejs24.x', reportsUrl: REPORTS }),
  reports: async () => [{ runId: '20260301T055900Z-a1b2c3', finishedAt: T0, isWhole: true }],
  hasPage: async () => true,
  mayInvoke: async () => undefined,
  lastRun: async () => T0,
  lastFindings: async () => undefined,
  trustedServices: async () => ['member.org.stacksets.cloudformation.amazonaws.com'],
  stateMachine: async () => undefined,
  scheduleNamed: async () => ({
    enabled: true,
    expression: 'rate(7 days)',
    targetArn: FUNCTION,
    target: {},
    flexibleTimeWindow: {},
  }),
  table: async () => ({
    status: 'ACTIVE',
    keys: ['pk HASH S', 'sk RANGE S'],
    deletionProtected: true,
    keyId: 'key-1',
  }),
  timeToLive: async () => ({ enabled: true, attribute: 'expiresAt' }),
  isRecoverable: async () => true,
  topic: async () => ({ keyId: 'key-1' }),
  subscriptions: async () => [{ protocol: 'email', endpoint: 'ops@example.com', confirmed: true }],
  encryptionKey: async (id) => ({ arn: id, state: 'Enabled', customerManaged: true }),
  ...changes,
});

/** An account where everything is allowed. */
export const inside = (changes: Partial<AccountExaminer> = {}): AccountExaminer => ({
  inventory: {
    keysOf: async () => [{ id: 'AKIA1', status: 'active', createdAt: T0 }],
    lastUse: async () => ({ kind: 'never' }),
    rootHasKeys: async () => false,
    tagsOf: async () => ({}),
    membersOf: async () => [],
  },
  credentialReport: { generate: async () => undefined, get: async () => undefined },
  firstUser: async () => ({
    userName: 'ann',
    arn: `arn:aws:iam::${OTHER}:user/ann`,
    userId: 'AIDAANN',
    path: '/',
  }),
  lookUpUsage: async () => undefined,
  describeSecret: async () => undefined,
  simulate: async (_principal, actions) => actions.map((action) => ({ action, verdict: 'allowed' as const })),
  ...changes,
});

export const doors = (changes: Partial<AccountAccess> = {}): AccountAccess => ({
  identity: async () => ({ accountId: OWN, partition: 'aws', arn: CALLER }),
  enter: async () => inside(),
  enterWithoutExternalId: refuse('denied', 'sts:AssumeRole'),
  ...changes,
});

export const ACCOUNTS = [account({ id: OWN, name: 'security' }), account({ id: OTHER, name: 'app' })];

export const examination = (
  changes: Partial<Examination> = {},
  accounts: readonly Account[] = ACCOUNTS,
): Examination => ({
  now: T0,
  region: 'eu-central-1',
  tableName: 'ledger',
  topicArn: `arn:aws:sns:eu-central-1:${OWN}:topic`,
  role: { roleName: 'access-key-rotation', rolePath: '/', hasExternalId: true },
  selection: NO_SELECTION,
  accountConcurrency: 2,
  directory: { list: async () => ({ accounts, ous: [] }) },
  settings: { read: async () => snapshotOf() },
  service: service(),
  readers: memoryReaders().port,
  access: doors(),
  progress: { accountsFound: () => undefined, accountDone: () => undefined },
  ...changes,
});

/** `account area name status` of what isn't ok. */
export const notOk = async (changes: Partial<Examination> = {}, accounts?: readonly Account[]) =>
  (await examine(examination(changes, accounts))).checks
    .filter(({ status }) => status !== 'ok')
    .map(({ accountId, area, name, status }) => [accountId, area, name, status].filter(Boolean).join(' '));

/** The checks with these values. */
export const about = async (changes: Partial<Examination>, matches: Partial<Check>) =>
  (await examine(examination(changes))).checks.filter((check) =>
    Object.entries(matches).every(([name, value]) => check[name as keyof Check] === value),
  );
