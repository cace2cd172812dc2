import pLimit from 'p-limit';
import type { HistoryEntry } from '../../domain/rotation/history.ts';
import type { Gap } from '../../domain/report/outcome.ts';
import { failureOf } from '../../domain/errors.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import { dateOf, type Instant } from '../../domain/time.ts';
import { findingOf, findUnreported } from './unreported.ts';
import type { AccountLedger } from '../ports/ledger.ts';
import { recoverChange } from './recover-change.ts';
import { recoverReplacement } from './recover-replacement.ts';
import type { AccountContext } from '../context/account-context.ts';

export interface Recovery {
  /** Users whose repair failed; nothing is decided about them. */
  readonly unrecovered: readonly Gap[];
  /** What was found out now, and no later run finds again. */
  readonly findings: readonly Finding[];
  /** What earlier runs could not tell; it is told until a digest was published. */
  readonly unreported: readonly Finding[];
  /** What the history holds by now of what earlier runs did. */
  readonly recoveredEntries: readonly HistoryEntry[];
}

/** What earlier runs began and may not have ended. */
type Pending = Pick<AccountLedger, 'intents' | 'pendingChanges' | 'pendingDigest'>;

export const isAnythingPending = ({ intents, pendingChanges }: Pending): boolean =>
  intents.length + pendingChanges.length > 0;

/** Repairs what earlier runs left, before anything is decided. */
export async function recover(begun: Pending, context: AccountContext): Promise<Recovery> {
  const findings: Finding[] = [];
  const unrepaired: Gap[] = [];
  const entries: HistoryEntry[] = [];
  const limit = pLimit(context.run.userConcurrency);
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

  await limit.map(begun.pendingChanges, (change) =>
    attempt(change.userName, 'recover the change that was begun', async () => {
      const { finding, entry } = await recoverChange(change, context);
      if (finding !== undefined) findings.push(finding);
      if (entry !== undefined) entries.push(entry);
    }),
  );
  // Only by now the history has what can be found out.
  const untold = await findUnreported(context, begun, unrepaired.length > 0);
  const told = untold.entries.map(inFew);
  // What a run took for undone, and told as such, is told again, as it is.
  const corrected = entries.filter((entry) => !told.includes(inFew(entry)));
  findings.push(...corrected.map(findingOf));
  await limit.map(begun.intents, (intent) =>
    attempt(intent.userName, 'recover the replacement that was begun', async () => {
      const { finding, entry } = await recoverReplacement(intent, context);
      if (finding !== undefined) findings.push(finding);
      if (entry !== undefined) entries.push(entry);
    }),
  );
  return {
    unrecovered: unrepaired,
    findings,
    unreported: untold.findings,
    recoveredEntries: [...untold.entries, ...entries.filter((entry) => !told.includes(inFew(entry)))],
  };
}

const inFew = ({ at, what, accessKeyId = '' }: HistoryEntry): string => [at, what, accessKeyId].join(' ');

/** As long as nobody may repair a replacement, nothing can be decided about its user. */
export const unrecoveredIn = ({ intents }: Pick<Pending, 'intents'>): readonly Gap[] =>
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
export const notRecordedIn = ({ pendingChanges }: Pick<Pending, 'pendingChanges'>): readonly Finding[] =>
  pendingChanges.map(({ userName, accessKeyId, what, runId, at }) => ({
    severity: 'note',
    message: `${userName}: run ${runId} of ${dateOf(at)} began to have ${accessKeyId} ${what}; the next run that may change something records what became of it.`,
  }));

/** Since when a digest is owed about what a run finds out. */
export const pendingSince = ({ pendingChanges }: Pick<Pending, 'pendingChanges'>, now: Instant): Instant =>
  Math.min(now, ...pendingChanges.map(({ at }) => at));
