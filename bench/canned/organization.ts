import { DAY, MINUTE, type Duration, type Instant } from '../../src/domain/time.ts';

/*
 * An organization that is given by numbers: nothing of it is kept but what a run has changed. Names and ids
 * are those that the emulator gives the same accounts and users.
 */

/** How many there are of what, and how fast it answers. */
export interface CannedSeed {
  readonly accounts: number;
  /** In each account. The management account, which is the service's, has none. */
  readonly users: number;
  /** One key in so many is old enough to be replaced; all others are young. */
  readonly dueEvery: number;
  /** What time it is when the server starts. */
  readonly now: Instant;
  /** Of every call. */
  readonly latency: Duration;
  /** How long IAM takes for a credential report: evenly spread over the accounts. */
  readonly report: { readonly least: Duration; readonly most: Duration };
  /** Of IAM, for each account. AWS publishes none. Absent: as many as they like. */
  readonly rate?: { readonly perSecond: number; readonly burst: number };
}

/** What benchmarks assume of IAM in one account; AWS doesn't publish its rates. */
export const RATE = { perSecond: 20, burst: 40 };

export const SERVICE_ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';
export const TABLE = 'access-key-rotation';
export const TOPIC = `arn:aws:sns:${REGION}:${SERVICE_ACCOUNT}:access-key-rotation`;

const FIRST_ACCOUNT = 111111111101;
const DUE_AGE = 100 * DAY;
const YOUNG_AGE = 10 * DAY;

interface CannedKey {
  readonly id: string;
  readonly createdAt: Instant;
  readonly lastUsedAt?: Instant;
}

export interface CannedUser {
  readonly userName: string;
  readonly arn: string;
  readonly keys: readonly CannedKey[];
}

export interface Organization {
  readonly accountIds: readonly string[];
  usersOf(accountId: string): readonly CannedUser[];
  userOf(accountId: string, userName: string): CannedUser | undefined;
  userWithKey(keyId: string): { readonly accountId: string; readonly user: CannedUser } | undefined;
  createKey(accountId: string, userName: string, now: Instant): CannedKey;
  /** How long the report of this account takes. */
  reportTakes(accountId: string): Duration;
}

export function organizationOf(seed: CannedSeed): Organization {
  const made = new Map<string, CannedKey>();
  const has = (accountId: string) => {
    const account = indexOf(accountId);
    return account >= 0 && account < seed.accounts;
  };
  const at = (accountId: string, index: number): CannedUser => {
    const userName = `user-${index + 1}`;
    const isDue = (indexOf(accountId) * seed.users + index) % seed.dueEvery === 0;
    const first: CannedKey = {
      id: keyId('AKIA', accountId, index),
      createdAt: seed.now - (isDue ? DUE_AGE : YOUNG_AGE),
      lastUsedAt: seed.now - DAY,
    };
    const second = made.get(`${accountId} ${userName}`);
    return {
      userName,
      arn: `arn:aws:iam::${accountId}:user/${userName}`,
      keys: second === undefined ? [first] : [first, second],
    };
  };
  const userOf = (accountId: string, userName: string) => {
    const index = Number(/^user-(\d+)$/.exec(userName)?.[1] ?? 0) - 1;
    return has(accountId) && index >= 0 && index < seed.users ? at(accountId, index) : undefined;
  };
  return {
    accountIds: [
      SERVICE_ACCOUNT,
      ...Array.from({ length: seed.accounts }, (_, index) => String(FIRST_ACCOUNT + index)),
    ],
    usersOf: (accountId) =>
      has(accountId) ? Array.from({ length: seed.users }, (_, index) => at(accountId, index)) : [],
    userOf,
    userWithKey: (id) => {
      const [, accountId = '', index = ''] = /^AKI[AZ](\d{12})(\d{4})$/.exec(id) ?? [];
      const user = userOf(accountId, `user-${Number(index) + 1}`);
      return user === undefined ? undefined : { accountId, user };
    },
    createKey: (accountId, userName, now) => {
      const index = Number(userName.slice('user-'.length)) - 1;
      const key = { id: keyId('AKIZ', accountId, index), createdAt: now };
      made.set(`${accountId} ${userName}`, key);
      return key;
    },
    reportTakes: (accountId) => {
      const { least, most } = seed.report;
      // A step that has no factor in common with the number of steps visits them all.
      return least + ((indexOf(accountId) * 37 + 100) % 100) * ((most - least) / 99);
    },
  };
}

const indexOf = (accountId: string): number => Number(accountId) - FIRST_ACCOUNT;

/** Twenty characters, as AWS has it, that say whose key it is. */
const keyId = (prefix: string, accountId: string, index: number): string =>
  `${prefix}${accountId}${String(index).padStart(4, '0')}`;

const COLUMNS = [
  'user',
  'arn',
  'user_creation_time',
  'password_enabled',
  'password_last_used',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
  ...[1, 2].flatMap((place) =>
    ['active', 'last_rotated', 'last_used_date', 'last_used_region', 'last_used_service'].map(
      (name) => `access_key_${place}_${name}`,
    ),
  ),
  ...[1, 2].flatMap((place) => [`cert_${place}_active`, `cert_${place}_last_rotated`]),
];

/** As IAM writes it, with all the columns of its documentation. */
export function credentialReport(accountId: string, users: readonly CannedUser[]): string {
  const iso = (at: Instant) => `${new Date(at).toISOString().slice(0, 19)}+00:00`;
  const cellsOf = (key: CannedKey | undefined): readonly string[] => {
    if (key === undefined) return ['false', 'N/A', 'N/A', 'N/A', 'N/A'];
    const used = key.lastUsedAt === undefined ? ['N/A', 'N/A', 'N/A'] : [iso(key.lastUsedAt), REGION, 's3'];
    return ['true', iso(key.createdAt), ...used];
  };
  const row = (user: string, arn: string, [first, second]: readonly CannedKey[]) =>
    [
      ...[user, arn, '2020-01-01T00:00:00+00:00', 'false', 'N/A', 'N/A', 'N/A', 'false'],
      ...cellsOf(first),
      ...cellsOf(second),
      ...['false', 'N/A', 'false', 'N/A'],
    ].join(',');
  return [
    COLUMNS.join(','),
    row('<root_account>', `arn:aws:iam::${accountId}:root`, []),
    ...users.map(({ userName, arn, keys }) => row(userName, arn, keys)),
  ].join('\n');
}

/** When a session of the member role ends. */
export const SESSION: Duration = 15 * MINUTE;
