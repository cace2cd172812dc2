import type {
  StoredAccount,
  StoredKey,
  StoredPolicy,
  StoredRun,
} from '../../../src/domain/report/stored-run.ts';
import { days, type Instant } from '../../../src/domain/time.ts';
import { COUNT_NOTHING } from './totals.ts';

export const NOON: Instant = Date.UTC(2026, 10, 30, 12);
export const ago = (count: number): Instant => NOON - days(count);

const POLICY: StoredPolicy = {
  rotateAfter: days(60),
  deactivateAfter: days(80),
  deleteAfter: days(90),
};

/** A young key in use, with what a test wants different. */
export const storedKey = (facts: Partial<StoredKey> = {}): StoredKey => ({
  userName: 'ann',
  keyId: 'AKIAONE',
  status: 'active',
  createdAt: ago(20),
  lastUse: { kind: 'used', at: ago(1) },
  action: 'keep',
  reason: 'young',
  message: 'It is young.',
  outcome: 'none',
  notices: [],
  ...facts,
});

export const storedAccount = (
  keys: readonly StoredKey[],
  facts: Partial<StoredAccount> = {},
): StoredAccount => ({
  id: '111122223333',
  name: 'Payments',
  ouPath: ['r-root', 'ou-prod'],
  status: 'rotated',
  mode: 'enforce',
  policy: POLICY,
  keys,
  gaps: [],
  findings: [],
  exclusions: [],
  ...facts,
});

export const storedRun = (accounts: readonly StoredAccount[], facts: Partial<StoredRun> = {}): StoredRun => ({
  schemaVersion: 1,
  runId: '20261130T120000Z-000001',
  mode: 'enforce',
  isAudit: false,
  isWhole: true,
  startedAt: NOON - 1000,
  finishedAt: NOON,
  accounts,
  totals: {
    ...COUNT_NOTHING,
    activeKeys: accounts.flatMap(({ keys }) => keys).filter(({ status }) => status === 'active').length,
  },
  findings: [],
  quietFiles: 0,
  ...facts,
});
