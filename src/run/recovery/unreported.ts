import type { HistoryEntry } from '../../domain/rotation/history.ts';
import { failureOf } from '../../domain/errors.ts';
import { hasHappened } from '../../domain/rotation/believed.ts';
import { describeUnreadable } from '../../domain/report/unreadable-history.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import { dateOf } from '../../domain/time.ts';
import type { AccountLedger } from '../ports/ledger.ts';
import type { AccountView } from '../context/account-context.ts';

/** At most so many unreported entries are listed; the rest is in the history. */
const MOST_NAMED = 50;

export interface Unreported {
  /** Oldest first. */
  readonly entries: readonly HistoryEntry[];
  readonly findings: readonly Finding[];
}

/**
 * What earlier runs did and could not report, because they were killed or their digests were not
 * accepted. It is reported now, from the history: a result must not be lost with a message.
 * @param moreIsPending whether there are changes whose results the history may not have yet
 */
export async function findUnreported(
  { run, account }: Pick<AccountView, 'run' | 'account'>,
  { pendingDigest }: Pick<AccountLedger, 'pendingDigest'>,
  moreIsPending: boolean,
): Promise<Unreported> {
  if (pendingDigest === undefined) return { entries: [], findings: [] };
  const { runId, since } = pendingDigest;
  const nextStep = `See it all: access-key-rotation history --account ${account.id}`;
  const heading = `Run ${runId} of ${dateOf(since)} could not report what it did in this account`;
  try {
    const { entries: all, unreadable } = await run.history.of(account.id);
    // What has not happened yet was not done by a run.
    const done = all.filter((entry) => entry.at >= since && hasHappened(entry.at, run.now) && wasDone(entry));
    const untrue = [
      ...(all.some(({ at }) => !hasHappened(at, run.now)) ? [IN_THE_FUTURE] : []),
      ...(unreadable.length === 0 ? [] : [cantBeRead(unreadable)]),
    ];
    const entries = done.filter((entry) => entry.runId !== run.runId).toReversed();
    if (entries.length === 0) {
      const what = moreIsPending ? 'what it began is not known to have been done' : 'it changed nothing';
      return { entries, findings: [{ severity: 'note', message: `${heading}; ${what}.` }, ...untrue] };
    }
    const named = entries.slice(0, MOST_NAMED).map(findingOf);
    return {
      entries,
      findings: [{ severity: 'note', message: `${heading}:`, nextStep }, ...named, ...untrue],
    };
  } catch (error) {
    const { message } = failureOf(error, 'read the history');
    const failure: Finding = {
      severity: 'failure',
      message: `${heading}, and neither can this one: ${message}`,
      nextStep,
    };
    return { entries: [], findings: [failure] };
  }
}

const cantBeRead = (names: readonly string[]): Finding => ({
  severity: 'failure',
  message: describeUnreadable(names),
  nextStep: 'Find out who wrote them: whoever can write the table can write these.',
});

const IN_THE_FUTURE: Finding = {
  severity: 'failure',
  message: 'The history has entries of the future; they are not believed.',
  nextStep: 'Find out who wrote them: only the service should be able to.',
};

/** Who changes settings or accepts a limit is told at once, by the command. */
const wasDone = ({ what }: HistoryEntry): boolean => what !== 'settings-changed' && what !== 'limit-accepted';

export const findingOf = (entry: HistoryEntry): Finding => ({
  // It needed a person then, and still does.
  severity: entry.what === 'unexplained-key' ? 'critical' : 'note',
  message: describeEntry(entry),
});

function describeEntry(entry: HistoryEntry): string {
  const { what, at, userName, accessKeyId, newAccessKeyId, secretName, message } = entry;
  const whose = userName === undefined ? '' : `${userName}: `;
  const which = accessKeyId === undefined ? '' : `${accessKeyId} `;
  const where =
    newAccessKeyId === undefined
      ? ''
      : ` by ${newAccessKeyId}, whose secret is in ${secretName ?? 'its secret'}`;
  return `${whose}${which}${what.replaceAll('-', ' ')} on ${dateOf(at)}${where}. ${message}`;
}
