import type { Decision } from '../../domain/rotation/decision.ts';
import type { HistoryEntry } from '../../domain/rotation/history.ts';
import type { AccountContext } from './account-context.ts';

/** What the history says about a decision that is carried out now. */
export const entryFor = (
  what: HistoryEntry['what'],
  { userName, key, reason, message }: Decision,
  { run: { clock, runId }, caller }: AccountContext,
): HistoryEntry => ({
  at: clock.now(),
  runId,
  by: caller,
  what,
  userName,
  accessKeyId: key.id,
  reason,
  message,
});
