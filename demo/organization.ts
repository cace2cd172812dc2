import { DAY, type Instant } from '../src/domain/time.ts';
import type { OrganizationSeed, SeedKey, SeedUser } from '../test/support/emulator/emulator.ts';

/* Nine accounts with users in every state the policy knows. Ages in days before the first run. */

type Habit =
  /** Works every week and moves to a new key as soon as it is in the secret. */
  | 'adopts'
  /** Works every week and never looks at a digest. */
  | 'ignores'
  /** Two programs work on two keys, and neither looks at a digest. */
  | 'two programs'
  /** Nobody uses it any more, or nobody ever did. */
  | 'idle';

interface DemoUser {
  readonly userName: string;
  readonly habit: Habit;
  readonly keys: readonly AgedKey[];
}

/** Ages in days, until the first run gives them dates. */
interface AgedKey {
  readonly age: number;
  /** Absent: never used. */
  readonly usedAgo?: number;
  readonly status: 'Active' | 'Inactive';
}

const key = (age: number, usedAgo?: number, status: AgedKey['status'] = 'Active'): AgedKey => ({
  age,
  status,
  ...(usedAgo === undefined ? {} : { usedAgo }),
});

const user = (habit: Habit, userName: string, ...keys: readonly AgedKey[]): DemoUser => ({
  habit,
  userName,
  keys,
});

/** Users whose keys are too young for anything to happen. */
const young = (...names: readonly string[]): readonly DemoUser[] =>
  names.map((name, index) => user('adopts', name, key(5 + 4 * index, 1)));

const PAYMENTS = [
  user('adopts', 'svc-ledger', key(390, 1)),
  user('adopts', 'svc-settlement', key(88, 0.5)),
  user('adopts', 'svc-card,eu', key(74, 2)),
  user('two programs', 'svc-two-apps', key(150, 1), key(130, 2)),
  user('idle', 'svc-old-gateway', key(640, 300)),
  ...young('ana.ruiz', 'ben.okafor', 'svc-refunds', 'svc-invoices'),
];

const FRAUD_DESK = [user('ignores', 'svc-fraud-scan', key(210, 1)), ...young('lea.brun', 'svc-case-files')];

const SHOP = [
  user('adopts', 'svc-catalogue', key(61, 1)),
  user('adopts', 'svc-search', key(58, 1)),
  user('adopts', 'svc-images', key(120, 1), key(200, 190, 'Inactive')),
  user('adopts', 'svc-newsletter', key(300, 2), key(80)),
  user('idle', 'svc-chat-pilot', key(180)),
  user('idle', 'contractor+2024', key(410, 200), key(380, 260)),
  ...young('chen.li', 'dora.novak', 'svc-cart', 'svc-stock', 'svc-reviews'),
];

const DATA_LAKE = [
  user('adopts', 'svc-etl-nightly', key(260, 1)),
  user('adopts', 'svc-etl-weekly', key(99, 6)),
  user('adopts', 'svc-quarter-report', key(101, 40)),
  user('adopts', 'svc-by-hand', key(170, 12), key(30, 1)),
  user('idle', 'analyst.tmp', key(95)),
  user('idle', 'svc-export-v1', key(500, 420, 'Inactive')),
  ...young('emil.brandt', 'fatima.zahra', 'svc-dashboards', 'svc-lineage'),
];

const PAYMENTS_TEST = [
  user('adopts', 'svc-ci', key(365, 0.2)),
  user('adopts', 'svc-load-test', key(70, 3)),
  user('idle', 'svc-mock-bank', key(66)),
  user('idle', 'svc-never-used', key(20)),
  user('two programs', 'svc-both-young', key(72, 1), key(65, 1)),
  ...young('gus.hall', 'svc-seed-data', 'svc-snapshots'),
];

const SHOP_TEST = [
  user('adopts', 'svc-e2e', key(110, 1)),
  user('idle', 'svc-visual-diff', key(140, 100)),
  ...young('hana.sato', 'svc-preview', 'svc-feature-flags', 'svc-fixtures'),
];

const SANDBOX = [
  user('idle', 'workshop-2023', key(700, 690)),
  user('idle', 'workshop-2024', key(330)),
  user('idle', 'hackathon', key(250, 240, 'Inactive'), key(240, 230, 'Inactive')),
  user('idle', 'nobody-has-keys'),
  ...young('ivo.petrov', 'jane.doe'),
];

const MANAGEMENT = [user('adopts', 'svc-billing-export', key(83, 1)), ...young('kim.berg')];

/** Where the member role has not been deployed. */
export const WITHOUT_ROLE = 'Acquired Ltd';

const BY_ACCOUNT: Readonly<Record<string, readonly DemoUser[]>> = {
  Management: MANAGEMENT,
  Payments: PAYMENTS,
  'Fraud Desk': FRAUD_DESK,
  'Web Shop': SHOP,
  'Data Lake': DATA_LAKE,
  'Payments Test': PAYMENTS_TEST,
  'Shop Test': SHOP_TEST,
  Sandbox: SANDBOX,
  [WITHOUT_ROLE]: young('mail.relay'),
};

export const habitOf = (account: string, userName: string): Habit =>
  BY_ACCOUNT[account]?.find((one) => one.userName === userName)?.habit ?? 'idle';

/** @param firstRun what the ages count from */
export function organizationAt(firstRun: Instant): OrganizationSeed {
  const dated = ({ status, age, usedAgo }: AgedKey): SeedKey => ({
    status,
    createdAt: firstRun - age * DAY,
    ...(usedAgo === undefined ? {} : { lastUsedAt: firstRun - usedAgo * DAY }),
  });
  const usersOf = (account: string): readonly SeedUser[] =>
    (BY_ACCOUNT[account] ?? []).map(({ userName, keys }) => ({
      userName,
      path: userName.startsWith('svc-') ? '/services/' : '/',
      keys: keys.map(dated),
    }));
  return {
    management: { name: 'Management', users: usersOf('Management') },
    accounts: [
      { name: 'Payments', ou: 'Workloads/Production', users: usersOf('Payments') },
      { name: 'Fraud Desk', ou: 'Workloads/Production', users: usersOf('Fraud Desk') },
      { name: 'Web Shop', ou: 'Workloads/Production', users: usersOf('Web Shop') },
      { name: 'Data Lake', ou: 'Workloads/Production/Analytics', users: usersOf('Data Lake') },
      { name: 'Payments Test', ou: 'Workloads/Test', users: usersOf('Payments Test') },
      { name: 'Shop Test', ou: 'Workloads/Test', users: usersOf('Shop Test'), state: 'SUSPENDED' },
      { name: 'Sandbox', ou: 'Sandbox', users: usersOf('Sandbox'), rootHasKeys: true },
      { name: WITHOUT_ROLE, users: usersOf(WITHOUT_ROLE), memberRole: false },
    ],
  };
}
