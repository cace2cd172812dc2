import type { StoredAccount, StoredKey, StoredRun } from '../../../src/domain/report/stored-run.ts';
import { days, type Instant } from '../../../src/domain/time.ts';
import * as stored from '../stored-runs.ts';

/* Runs as tests of the page have them: of one noon, and of two accounts. */

export const NOON: Instant = Date.UTC(2026, 10, 30, 12);
export const ago = (count: number): Instant => NOON - days(count);

const { unusedAfter: _, ...POLICY } = stored.POLICY;

/** A young key in use, with what a test wants different. */
export const storedKey = (facts: Partial<StoredKey> = {}): StoredKey =>
  stored.storedKey('AKIAONE', 0, {
    createdAt: ago(20),
    lastUse: { kind: 'used', at: ago(1) },
    message: 'It is young.',
    ...facts,
  });

export const storedAccount = (
  keys: readonly StoredKey[],
  facts: Partial<StoredAccount> = {},
): StoredAccount =>
  stored.storedAccount({
    id: '111122223333',
    name: 'Payments',
    ouPath: ['r-root', 'ou-prod'],
    policy: POLICY,
    keys,
    ...facts,
  });

export const storedRun = (accounts: readonly StoredAccount[], facts: Partial<StoredRun> = {}): StoredRun => {
  const run = stored.storedRun(accounts, {
    runId: '20261130T120000Z-000001',
    startedAt: NOON - 1000,
    finishedAt: NOON,
  });
  const keys = accounts.flatMap((account) => account.keys);
  const activeKeys = keys.filter(({ status }) => status === 'active').length;
  return { ...run, totals: { ...run.totals, activeKeys }, ...facts };
};
