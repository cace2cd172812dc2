import { failureInWords } from '../domain/refusal.ts';
import type { HistoryEntry } from '../domain/history.ts';
import type { Finding } from '../domain/report.ts';
import { dateOf } from '../domain/time.ts';
import type { AccountMemory } from './ports.ts';
import type { Run } from './run.ts';

/** So many of the things that were not told are named; the rest is in the history. */
const MOST_NAMED = 50;

/**
 * What an earlier run did and could not tell, because it died or its digest was not accepted. It is
 * told now, from the history: a result must not be lost with a message.
 */
export async function whatWasNotTold(
  accountId: string,
  { owedDigest }: AccountMemory,
  run: Run,
): Promise<readonly Finding[]> {
  if (owedDigest === undefined) return [];
  const { runId, since } = owedDigest;
  const nextStep = `See it all: access-key-rotation history --account ${accountId} --run ${runId}`;
  const heading = `Run ${runId} of ${dateOf(since)} could not tell what it did in this account`;
  try {
    const done = (await run.history.of(accountId)).filter((entry) => entry.runId === runId).toReversed();
    if (done.length === 0) return [{ severity: 'note', message: `${heading}; it changed nothing.` }];
    return [
      { severity: 'note', message: `${heading}:`, nextStep },
      ...done.slice(0, MOST_NAMED).map(findingOf),
    ];
  } catch (error) {
    const { message } = failureInWords(error, 'read the history');
    return [{ severity: 'failure', message: `${heading}, and neither can this one: ${message}`, nextStep }];
  }
}

const findingOf = (entry: HistoryEntry): Finding => ({
  // It needed a person then, and does so still.
  severity: entry.what === 'unexplained-key' ? 'critical' : 'note',
  message: inWords(entry),
});

function inWords({ what, userName, accessKeyId, newAccessKeyId, secretName, message }: HistoryEntry): string {
  const whose = userName === undefined ? '' : `${userName}: `;
  const which = accessKeyId === undefined ? '' : `${accessKeyId} `;
  const where =
    newAccessKeyId === undefined
      ? ''
      : ` by ${newAccessKeyId}, whose secret is in ${secretName ?? 'its secret'}`;
  return `${whose}${which}${what.replaceAll('-', ' ')}${where}. ${message}`;
}
