import type { Finding } from '../../domain/report/run-report.ts';
import type { HistoryEntry } from '../../domain/rotation/history.ts';
import type { AccountContext } from '../context/account-context.ts';
import type { ListedKey } from '../ports/keys.ts';
import type { Intent } from '../ports/ledger.ts';

/** What a person should know about a recovery, and what the history says of it by now. */
export interface RecoveredReplacement {
  readonly finding?: Finding;
  readonly entry?: HistoryEntry;
}

export const mayBeAPersons = (ids: string, { userName, runId, replaces }: Intent): Finding => ({
  severity: 'critical',
  message: `${userName}: ${ids} appeared while run ${runId} was replacing ${replaces}, and may belong to a person.`,
  nextStep: 'Ask the owner of the user; delete the key if nobody knows it.',
});

/** In the history, so that the next run reports it if this one is killed first. */
export const unexplained = (
  appeared: readonly ListedKey[],
  { message }: Finding,
  { userName, runId: startedBy }: Intent,
  { run: { clock, runId }, caller }: AccountContext,
): HistoryEntry => ({
  at: clock.now(),
  runId,
  by: caller,
  what: 'unexplained-key',
  userName,
  accessKeyId: appeared.map(({ id }) => id).join(' and '),
  reason: `begun by ${startedBy}`,
  message,
});
