import type { StoredAccount, StoredKey, StoredRun } from '../../src/domain/report/stored-run.ts';
import { days } from '../../src/domain/time.ts';
import { T0 } from './builders.ts';

/** The default policy, in milliseconds. */
export const POLICY = {
  rotateAfter: days(60),
  deactivateAfter: days(80),
  deleteAfter: days(90),
  unusedAfter: days(90),
};

/** @param age in days */
export const storedKey = (keyId: string, age: number, overrides: Partial<StoredKey> = {}): StoredKey => ({
  userName: 'ann',
  keyId,
  status: 'active',
  createdAt: T0 - days(age),
  lastUse: { kind: 'used', at: T0 - days(1) },
  action: 'keep',
  reason: 'young',
  message: 'An example.',
  outcome: 'none',
  notices: [],
  ...overrides,
});

export const storedAccount = (overrides: Partial<StoredAccount> = {}): StoredAccount => ({
  id: '111111111111',
  name: 'production',
  ouPath: [],
  status: 'rotated',
  mode: 'enforce',
  policy: POLICY,
  keys: [],
  gaps: [],
  findings: [],
  exclusions: [],
  ...overrides,
});

/** Finished at {@link T0}. */
export const storedRun = (
  accounts: readonly StoredAccount[],
  overrides: Partial<StoredRun> = {},
): StoredRun => ({
  schemaVersion: 1,
  runId: '20260301T055900Z-a1b2c3',
  mode: 'enforce',
  isAudit: false,
  isWhole: true,
  startedAt: T0 - 60_000,
  finishedAt: T0,
  accounts,
  totals: {
    accounts: { rotated: accounts.length, unreachable: 0, skipped: 0, notStarted: 0 },
    ...{ users: 0, usersNotLookedAt: 0, activeKeys: 0, inactiveKeys: 0, replaced: 0, deactivated: 0 },
    ...{ deleted: 0, restored: 0, held: 0, heldByOrganizationLimit: 0, heldByReaders: 0, failed: 0 },
    ...{ partial: 0, blocked: 0, exempt: 0, skippedUsers: 0 },
  },
  findings: [],
  quietFiles: 0,
  ...overrides,
});
