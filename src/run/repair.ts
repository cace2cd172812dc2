import pLimit from 'p-limit';
import type { HistoryEntry } from '../domain/history.ts';
import type { Gap } from '../domain/outcome.ts';
import { failureOf } from '../domain/refusal.ts';
import type { Finding } from '../domain/report.ts';
import { whatWasNotTold } from './owed-digest.ts';
import type { AccountMemory } from './ports.ts';
import { recoverChange } from './recover-change.ts';
import { recoverIntent } from './recover.ts';
import type { Run } from './run.ts';
import type { Workplace } from './workplace.ts';

export interface Repair {
  /** Users whose repair failed; nothing is decided about them. */
  readonly unrepaired: readonly Gap[];
  /** What was found out now, and no later run finds again. */
  readonly findings: readonly Finding[];
  /** What earlier runs could not tell; it is told until a digest was published. */
  readonly untold: readonly Finding[];
  /** What the history holds of both. */
  readonly late: readonly HistoryEntry[];
}

/** What earlier runs began and may not have ended. */
type Begun = Pick<AccountMemory, 'intents' | 'begunChanges' | 'owedDigest'>;

export const anythingBegun = ({ intents, begunChanges }: Begun): boolean =>
  intents.length + begunChanges.length > 0;

/** Repairs what earlier runs left, before anything is decided. */
export async function repair(begun: Begun, place: Workplace, run: Run): Promise<Repair> {
  const findings: Finding[] = [];
  const unrepaired: Gap[] = [];
  const entries: HistoryEntry[] = [];
  const limit = pLimit(run.userConcurrency);
  const attempt = async (userName: string, what: string, act: () => Promise<void>) => {
    if (unrepaired.some((gap) => gap.userName === userName)) return;
    try {
      await act();
    } catch (error) {
      unrepaired.push({ userName, reason: 'intent-open', failure: failureOf(error, what) });
    }
  };

  await limit.map(begun.begunChanges, (change) =>
    attempt(change.userName, 'recover the change that was begun', async () => {
      const finding = await recoverChange(change, place);
      if (finding !== undefined) findings.push(finding);
    }),
  );
  // Only by now the history has all of it.
  const untold = await whatWasNotTold(place.accountId, begun, run);
  await limit.map(begun.intents, (intent) =>
    attempt(intent.userName, 'recover the replacement that was begun', async () => {
      const { finding, entry } = await recoverIntent(intent, place);
      if (finding !== undefined) findings.push(finding);
      if (entry !== undefined) entries.push(entry);
    }),
  );
  return { unrepaired, findings, untold: untold.findings, late: [...untold.entries, ...entries] };
}

/** What is open as long as nobody may repair it: nothing can be decided about these users. */
export const unrepairedIn = ({ intents, begunChanges }: Begun): readonly Gap[] => [
  ...begunChanges.map(({ userName, runId, accessKeyId, what }) =>
    open(userName, `run ${runId} began to have ${accessKeyId} ${what} and did not finish it`),
  ),
  ...intents
    .filter(({ userName }) => !begunChanges.some((change) => change.userName === userName))
    .map(({ userName, runId }) => open(userName, `run ${runId} began a replacement and did not finish it`)),
];

const open = (userName: string, message: string): Gap => ({
  userName,
  reason: 'intent-open',
  failure: {
    kind: 'conflict',
    during: 'recover what was begun',
    message,
    nextStep: 'Nothing to do: the next run that may change something repairs it.',
  },
});
