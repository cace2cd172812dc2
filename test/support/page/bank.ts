import type { StoredAccount, StoredPolicy } from '../../../src/domain/report/stored-run.ts';
import { DAY, type Instant } from '../../../src/domain/time.ts';
import { policy } from '../builders.ts';
import { keyId, type Habit, type SimulatedUser } from './simulated.ts';
import { simulate, type Organization, type Simulated } from './stored-runs.ts';

/* A bank of some size, whose keys have been rotated for twelve weeks. The same one each time. */

const NOW: Instant = Date.UTC(2026, 10, 30, 6, 12);
const WEEKS = 12;
const POLICY = policy();
const STORED: StoredPolicy = {
  rotateAfter: POLICY.rotateAfter,
  deactivateAfter: POLICY.deactivateAfter,
  deleteAfter: POLICY.deleteAfter,
  unusedAfter: 90 * DAY,
};

const NAMES = [
  'Payments',
  'Cards',
  'Treasury',
  'Web Shop',
  'Data Lake',
  'Risk',
  'Mobile',
  'Archive',
  'Branches',
  'Fraud',
  'Lending',
  'Mail',
];
const TEAMS = [
  'team-payments',
  'team-cards',
  'treasury-it',
  'team-web',
  'data-platform',
  'risk-models',
  'team-mobile',
  'platform',
];
const JOBS = [
  'ledger',
  'settlement',
  'etl',
  'export',
  'backup',
  'reports',
  'gateway',
  'search',
  'images',
  'sync',
  'invoices',
  'scanner',
  'billing',
  'ci',
  'lineage',
  'quotes',
];
const SERVICES = ['s3', 'ses', 'sqs', 'dynamodb', 'kinesis', 'ecr'];
const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1'];

/** Chance that is the same each time. */
const part = (index: number, salt: number): number => {
  const mixed = Math.imul(index + 1, 2654435761) ^ Math.imul(salt + 7, 1597334677);
  return ((Math.imul(mixed ^ (mixed >>> 15), 2246822519) >>> 0) % 1000) / 1000;
};
const pick = <Item>(items: readonly Item[], chance: number): Item => {
  const found = items[Math.floor(chance * items.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
};

const account = (index: number): StoredAccount => {
  const production = index % 3 !== 2;
  const round = Math.floor(index / NAMES.length);
  return {
    id: String(111122223333 + index * 7919),
    name: `${NAMES[index % NAMES.length] ?? ''}${production ? '' : ' Test'}${round === 0 ? '' : ` ${round + 1}`}`,
    ouPath: ['r-bank', 'ou-bank-workloads', production ? 'ou-bank-production' : 'ou-bank-test'],
    status: 'rotated',
    mode: 'enforce',
    policy: STORED,
    keys: [],
    gaps: [],
    findings: [],
    exclusions: [],
  };
};

function user(index: number, accounts: readonly StoredAccount[], start: Instant): SimulatedUser {
  const chance = (salt: number) => part(index, salt);
  const habit: Habit =
    chance(1) < 0.955 ? 'moves' : chance(1) < 0.962 ? 'stays' : chance(1) < 0.997 ? 'idle' : 'two';
  const userName = `svc-${pick(JOBS, chance(2))}-${String(index + 1).padStart(3, '0')}`;
  const isOld = chance(3) < 0.2;
  const age = isOld ? 95 + chance(4) * 500 : chance(5) * 58;
  const made = (ago: number, name: string) => ({
    id: keyId(`${userName}${name}`),
    status: 'active' as const,
    createdAt: start - ago * DAY,
    lastUse:
      habit === 'idle' ? ({ kind: 'never' } as const) : { kind: 'used' as const, at: start - DAY, ...uses },
    memory: {},
  });
  const uses = { service: pick(SERVICES, chance(6)), region: pick(REGIONS, chance(7)) };
  const isExempt = index % 211 === 13;
  return {
    accountId: pick(accounts, chance(8)).id,
    userName,
    ...(chance(9) < 0.85 ? { owner: pick(TEAMS, chance(10)) } : {}),
    habit,
    lag: Math.floor(chance(11) ** 2 * 16) * DAY,
    uses,
    policy: isExempt
      ? {
          ...POLICY,
          exemption: {
            owner: 'm.keller',
            reason: 'the vendor can take a new key only in its January release',
            until: NOW + 47 * DAY,
          },
        }
      : POLICY,
    keys: [made(age, 'a'), ...(habit === 'two' ? [made(age + 40, 'b')] : [])],
  };
}

function bankOf(users: number, accounts: number): Organization {
  const all = Array.from({ length: accounts }, (_, index) => account(index));
  const open = all.map((one, index) =>
    index === 7 ? unreachable(one) : index === 11 ? notCovered(one) : one,
  );
  const worked = open.filter(({ status }) => status === 'rotated');
  const start = NOW - WEEKS * 7 * DAY;
  return {
    accounts: open,
    users: Array.from({ length: users }, (_, index) => user(index, worked, start)),
  };
}

const unreachable = ({ policy: _, ...one }: StoredAccount): StoredAccount => ({
  ...one,
  status: 'unreachable',
  failure: {
    kind: 'denied',
    during: 'sts:AssumeRole',
    message: `User is not authorized to perform sts:AssumeRole on resource arn:aws:iam::${one.id}:role/access-key-rotation-member`,
    nextStep: 'Deploy resources/member-role.yml to this account, or add it to the stack set',
  },
});

const notCovered = (one: StoredAccount): StoredAccount => ({
  ...one,
  exclusions: [
    {
      userName: 'breakglass-1',
      setting: 'excludeUsers',
      from: 'account',
      selector: 'name breakglass-*',
      setBy: `arn:aws:sts::${one.id}:assumed-role/operators/j.meier`,
      oldestKey: NOW - 412 * DAY,
    },
    {
      userName: 'breakglass-2',
      setting: 'excludeUsers',
      from: 'account',
      selector: 'name breakglass-*',
      setBy: `arn:aws:sts::${one.id}:assumed-role/operators/j.meier`,
      oldestKey: NOW - 300 * DAY,
    },
  ],
});

export const bank = (users = 640, accounts = 18): Simulated => simulate(bankOf(users, accounts), WEEKS, NOW);
