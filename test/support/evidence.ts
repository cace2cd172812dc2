import { evidenceOf, type Evidence } from '../../src/domain/report/evidence/evidence.ts';
import type { QuietKey, StoredRun } from '../../src/domain/report/stored-run.ts';
import { days } from '../../src/domain/time.ts';
import { T0 } from './builders.ts';

/** @param age in days */
export const quietKey = (userName: string, age: number, facts: Partial<QuietKey> = {}): QuietKey => ({
  accountId: '111111111111',
  userName,
  createdAt: T0 - days(age),
  lastUse: { kind: 'used', at: T0 - days(1) },
  dueAt: T0 + days(60 - age),
  ...facts,
});

/** Of one run, which is the whole period. */
export const evidence = (run: StoredRun, quiet: readonly QuietKey[] = []): Evidence =>
  evidenceOf({
    run,
    quiet,
    period: [{ name: { runId: run.runId, finishedAt: run.finishedAt, isWhole: run.isWhole }, run }],
    since: run.finishedAt - days(90),
  });
