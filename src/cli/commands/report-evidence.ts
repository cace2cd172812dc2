import pLimit from 'p-limit';
import { systemClock } from '../../compose/environment.ts';
import { InputError } from '../../domain/errors.ts';
import { evidenceOf, type EvidenceInput } from '../../domain/report/evidence/evidence.ts';
import type { QuietKey, StoredRun, StoredRunName } from '../../domain/report/stored-run.ts';
import { DAY, dateOf, type Instant } from '../../domain/time.ts';
import { whole } from '../../report/common/sanitize.ts';
import { counted, dayOf, number } from '../../report/common/wording.ts';
import { evidenceFiles } from '../../report/evidence/files.ts';
import type { StoredRuns } from '../../run/ports/stored-runs.ts';
import { writeFolder } from '../input/output-folder.ts';
import type { Terminal } from '../input/terminal.ts';

/** What the evidence is about. */
export interface Stored {
  readonly run: StoredRun;
  readonly quiet: readonly QuietKey[];
  readonly runs: StoredRuns;
  readonly listed: readonly StoredRunName[];
}

/** @throws InputError for what is no day of the calendar. */
export function readSince(since: string | undefined): Instant | undefined {
  if (since === undefined) return undefined;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(since) ? Date.parse(since) : NaN;
  // Some parsers take the 31st of a short month for the first day of the next one.
  if (Number.isNaN(at) || dateOf(at) !== since) {
    throw new InputError([`--since: must be a day, like 2026-03-01, not ${since}`]);
  }
  return at;
}

/** So long is a quarter, which is what most audits ask about. */
const PERIOD = 90 * DAY;

export async function writeEvidence(
  folder: string,
  asked: Instant | undefined,
  { run, quiet, runs, listed }: Stored,
  terminal: Terminal,
): Promise<void> {
  const since = asked ?? run.finishedAt - PERIOD;
  if (since > run.finishedAt) {
    throw new InputError([
      `--since: must be before the run, which was on ${dayOf(run.finishedAt)}, not ${dayOf(since)}`,
    ]);
  }
  const within = listed.filter(({ finishedAt }) => finishedAt >= since && finishedAt <= run.finishedAt);
  const period = await readAll(runs, within, run);
  const evidence = evidenceOf({ run, quiet, period, since });
  await writeFolder(folder, evidenceFiles(evidence, (terminal.aws?.clock ?? systemClock).now()));
  const unread = evidence.period.runs.filter(({ isRead }) => !isRead).length;
  const fails = evidence.checks.reduce((sum, { counts }) => sum + counts.fail, 0);
  terminal.stdout.write(
    `${whole(folder)}: evidence of run ${whole(run.runId)}, with ${counted(period.length, 'run')} since ${dayOf(since)}; ${counted(fails, 'failure')} in ${number(evidence.checks.length)} checks. Verify it there with: sha256sum -c SHA256SUMS\n`,
  );
  if (unread > 0) {
    terminal.stderr.write(
      `The reports of ${counted(unread, 'run')} of the period can't be understood: what they did is missing, and the evidence says so.\n`,
    );
  }
}

const AT_ONCE = 4;

async function readAll(
  runs: StoredRuns,
  names: readonly StoredRunName[],
  known: StoredRun,
): Promise<EvidenceInput['period']> {
  const limit = pLimit(AT_ONCE);
  return await limit.map([...names], async (name) => {
    const run = name.runId === known.runId ? known : await runs.read(name.runId);
    return run === undefined ? { name } : { name, run };
  });
}
