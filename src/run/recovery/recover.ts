import pLimit from 'p-limit';
import type { HistoryEntry } from '../../domain/rotation/history.ts';
import type { Gap } from '../../domain/report/outcome.ts';
import { failureOf } from '../../domain/errors.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import { dateOf, type Instant } from '../../domain/time.ts';
import { findingOf, whatWasNotTold } from './unreported.ts';
import type { AccountMemory } from '../ports/ledger.ts';
import { recoverChange } from './recover-change.ts';
import { recoverIntent } from './recover-replacement.ts';
import type { Run } from '../context/run-context.ts';
import type { Workplace } from '../context/account-context.ts';

export interface Repair {
  /** Users whose repair failed; nothing is decided about them. */
  readonly unrepaired: readonly Gap[];
  /** What was found out now, and no later run finds again. */
  readonly findings: readonly Finding[];
  /** What earlier runs could not tell; it is told until a digest was published. */
  readonly untold: readonly Finding[];
  /** What the history holds by now of what earlier runs did. */
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
    const isUnrepaired = () => unrepaired.some((gap) => gap.userName === userName);
    if (isUnrepaired()) return;
    try {
      await act();
    } catch (error) {
      if (!isUnrepaired())
        unrepaired.push({ userName, reason: 'intent-open', failure: failureOf(error, what) });
    }
  };

  await limit.map(begun.begunChanges, (change) =>
    attempt(change.userName, 'recover the change that was begun', async () => {
      const { finding, entry } = await recoverChange(change, place);
      if (finding !== undefined) findings.push(finding);
      if (entry !== undefined) entries.push(entry);
    }),
  );
  // Only by now the history has what can be found out.
  const untold = await whatWasNotTold(place.accountId, begun, run, unrepaired.length > 0);
  const told = untold.entries.map(inFew);
  // What a run took for undone, and told as such, is told again, as it is.
  const corrected = entries.filter((entry) => !told.includes(inFew(entry)));
  findings.push(...corrected.map(findingOf));
  await limit.map(begun.intents, (intent) =>
    attempt(intent.userName, 'recover the replacement that was begun', async () => {
      const { finding, entry } = await recoverIntent(intent, place);
      if (finding !== undefined) findings.push(finding);
      if (entry !== undefined) entries.push(entry);
    }),
  );
  return {
    unrepaired,
    findings,
    untold: untold.findings,
    late: [...untold.entries, ...entries.filter((entry) => !told.includes(inFew(entry)))],
  };
}

const inFew = ({ at, what, accessKeyId = '' }: HistoryEntry): string => [at, what, accessKeyId].join(' ');

/** As long as nobody may repair a replacement, nothing can be decided about its user. */
export const unrepairedIn = ({ intents }: Pick<Begun, 'intents'>): readonly Gap[] =>
  intents.map(({ userName, runId }) => ({
    userName,
    reason: 'intent-open',
    failure: {
      kind: 'conflict',
      during: 'recover the replacement that was begun',
      message: `run ${runId} began a replacement and did not finish it`,
      nextStep: 'Nothing to do: the next run that may change something repairs it.',
    },
  }));

/** The keys themselves show what became of a change; only the history doesn't have it yet. */
export const notRecordedIn = ({ begunChanges }: Pick<Begun, 'begunChanges'>): readonly Finding[] =>
  begunChanges.map(({ userName, accessKeyId, what, runId, at }) => ({
    severity: 'note',
    message: `${userName}: run ${runId} of ${dateOf(at)} began to have ${accessKeyId} ${what}; the next run that may change something records what became of it.`,
  }));

/** Since when a digest is owed about what a run finds out. */
export const owedSince = ({ begunChanges }: Pick<Begun, 'begunChanges'>, now: Instant): Instant =>
  Math.min(now, ...begunChanges.map(({ at }) => at));
