import pLimit from 'p-limit';
import type { HistoryEntry } from '../domain/history.ts';
import type { Gap } from '../domain/outcome.ts';
import { failureOf } from '../domain/refusal.ts';
import type { Finding } from '../domain/report.ts';
import type { Intent } from './ports.ts';
import { recoverIntent } from './recover.ts';
import type { Run } from './run.ts';
import type { Workplace } from './workplace.ts';

export interface Recovered {
  /** Users whose replacement could not be repaired; nothing is decided about them. */
  readonly unrepaired: readonly Gap[];
  readonly findings: readonly Finding[];
  /** What the history holds of it by now. */
  readonly entries: readonly HistoryEntry[];
}

/** Repairs every open intent before anything is decided, whoever was asked for. */
export async function recoverAll(intents: readonly Intent[], place: Workplace, run: Run): Promise<Recovered> {
  const findings: Finding[] = [];
  const unrepaired: Gap[] = [];
  const entries: HistoryEntry[] = [];
  const limit = pLimit(run.userConcurrency);
  await limit.map(intents, async (intent) => {
    try {
      const { finding, entry } = await recoverIntent(intent, place);
      if (finding !== undefined) findings.push(finding);
      if (entry !== undefined) entries.push(entry);
    } catch (error) {
      const failure = failureOf(error, 'recover the replacement that was begun');
      unrepaired.push({ userName: intent.userName, reason: 'intent-open', failure });
    }
  });
  return { unrepaired, findings, entries };
}
