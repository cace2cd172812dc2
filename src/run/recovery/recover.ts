import pLimit from 'p-limit';
import type { HistoryEntry } from '../../domain/rotation/history.ts';
import type { Gap } from '../../domain/report/outcome.ts';
import { failureOf } from '../../domain/errors.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import { dateOf, type Instant } from '../../domain/time.ts';
import { findingOf, findUnreported } from './unreported.ts';
import type { AccountLedger } from '../ports/ledger.ts';
import { recoverChange } from './recover-change.ts';
import { otherArn, recoverReplacement } from './recover-replacement.ts';
import { begunAt, untrueChange, untrueIntent, whyUntrueChange, whyUntrueIntent } from './untrue.ts';
import type { AccountContext } from '../context/account-context.ts';

export interface Recovery {
  /** Users whose recovery failed; nothing is decided about them. */
  readonly unrecovered: readonly Gap[];
  /** What was found out now, and no later run finds again. */
  readonly findings: readonly Finding[];
  /** What earlier runs could not report; it is repeated until a digest was published. */
  readonly unreported: readonly Finding[];
  /** What the history says by now of what earlier runs did. */
  readonly recoveredEntries: readonly HistoryEntry[];
}

/** What earlier runs started and may not have finished. */
type Pending = Pick<AccountLedger, 'intents' | 'pendingChanges' | 'pendingDigest'>;

export const isAnythingPending = ({ intents, pendingChanges }: Pending): boolean =>
  intents.length + pendingChanges.length > 0;

/** Finishes or undoes what earlier runs left, before anything is decided. */
export async function recover(pending: Pending, context: AccountContext): Promise<Recovery> {
  const findings: Finding[] = [];
  const unrecovered: Gap[] = [];
  const entries: HistoryEntry[] = [];
  const limit = pLimit(context.run.userConcurrency);
  const attempt = async (userName: string, what: string, act: () => Promise<void>) => {
    const hasFailed = () => unrecovered.some((gap) => gap.userName === userName);
    if (hasFailed()) return;
    try {
      await act();
    } catch (error) {
      if (hasFailed()) return; // one gap for each user
      unrecovered.push({ userName, reason: 'intent-open', failure: failureOf(error, what) });
    }
  };

  await limit.map(pending.pendingChanges, (change) =>
    attempt(change.userName, 'recover the change that was begun', async () => {
      const { finding, entry } = await recoverChange(change, context);
      if (finding !== undefined) findings.push(finding);
      if (entry !== undefined) entries.push(entry);
    }),
  );
  // Read only now, when the history has what the changes turned out to be.
  const unreported = await findUnreported(context, pending, unrecovered.length > 0);
  const unreportedIds = new Set(unreported.entries.map(identityOf));
  const isUnreported = (entry: HistoryEntry) => unreportedIds.has(identityOf(entry));
  // The others were in an earlier digest, as not done: they are reported as what they turned out to be.
  findings.push(...entries.filter((entry) => !isUnreported(entry)).map(findingOf));
  await limit.map(pending.intents, (intent) =>
    attempt(intent.userName, 'recover the replacement that was begun', async () => {
      findings.push(...(await otherArn(intent, context)));
      const { finding, entry } = await recoverReplacement(intent, context);
      if (finding !== undefined) findings.push(finding);
      if (entry !== undefined) entries.push(entry);
    }),
  );
  return {
    unrecovered,
    findings,
    unreported: unreported.findings,
    recoveredEntries: [...unreported.entries, ...entries.filter((entry) => !isUnreported(entry))],
  };
}

const identityOf = ({ at, what, accessKeyId = '' }: HistoryEntry): string =>
  [at, what, accessKeyId].join(' ');

/** Nothing can be decided about a user whose replacement is unfinished, where this run may not finish it. */
export const unrecoveredIn = ({ intents }: Pick<Pending, 'intents'>, now: Instant): readonly Gap[] =>
  intents
    .filter((intent) => whyUntrueIntent(intent, now) === undefined)
    .map(({ userName, runId }) => ({
      userName,
      reason: 'intent-open',
      failure: {
        kind: 'conflict',
        during: 'recover the replacement that was begun',
        message: `run ${runId} began a replacement and did not finish it`,
        nextStep: 'Nothing to do: the next run that may change something repairs it.',
      },
    }));

/** What can't be true holds up nobody, and is reported also where this run may not remove it. */
export const untrueIn = (
  { intents, pendingChanges }: Pick<Pending, 'intents' | 'pendingChanges'>,
  now: Instant,
): readonly Finding[] => [
  ...intents.flatMap((intent) => {
    const why = whyUntrueIntent(intent, now);
    return why === undefined ? [] : [untrueIntent(intent, why)];
  }),
  ...pendingChanges.flatMap((change) => {
    const why = whyUntrueChange(change, now);
    return why === undefined ? [] : [untrueChange(change, why)];
  }),
];

/** Nothing waits for these: the keys show what became of each change, only the history doesn't have it yet. */
export const notRecordedIn = (
  { pendingChanges }: Pick<Pending, 'pendingChanges'>,
  now: Instant,
): readonly Finding[] =>
  pendingChanges
    .filter((change) => whyUntrueChange(change, now) === undefined)
    .map(({ userName, accessKeyId, what, runId, at }) => ({
      severity: 'note',
      message: `${userName}: run ${runId} of ${dateOf(at)} began to have ${accessKeyId} ${what}; the next run that may change something records what became of it.`,
    }));

/** Since when the history may hold what a digest has to report. */
export const pendingSince = ({ pendingChanges }: Pick<Pending, 'pendingChanges'>, now: Instant): Instant =>
  Math.min(now, ...pendingChanges.map((change) => begunAt(change, now)));
