import { definedOnly } from '../../domain/defined-only.ts';
import { failureOf, type Failure } from '../../domain/errors.ts';
import type { Finding, RunReport } from '../../domain/report/run-report.ts';
import { storedRunOf } from '../../domain/report/stored-run-of.ts';
import type { QuietKey } from '../../domain/report/stored-run.ts';
import type { ReportStore } from '../ports/stored-runs.ts';
import type { QuietKeys, RunContext } from './run-context.ts';

/** What is kept of a run for whoever looks at it later. */
export interface ReportKeeper {
  readonly quietKeys: QuietKeys;
  /**
   * Keeps the report, when the run is over. Never throws: no run fails because of it.
   * @returns why it, or a part of it, could not be kept
   */
  keep(report: RunReport, run: KeptRun): Promise<Failure | undefined>;
}

/** The run that a report is of. */
export interface KeptRun extends Pick<RunContext, 'selection' | 'userNames'> {
  /** ARN of the person who asked for it; absent for a scheduled run. */
  readonly requestedBy?: string;
}

/** So many quiet keys are in one file: some 300 KB, and 30 KB compressed. */
const KEYS_IN_A_FILE = 2_000;

/** One for each run. */
export function reportKeeper(store: ReportStore, runId: string): ReportKeeper {
  let waiting: QuietKey[] = [];
  let files = 0;
  const failures: Failure[] = [];

  const write = async (keys: readonly QuietKey[]): Promise<void> => {
    files += 1;
    try {
      await store.writeQuietKeys(runId, files, keys);
    } catch (error) {
      // One that is missing makes the others worthless, and waiting for each would take the run's time.
      failures.push(failureOf(error, 'keep the keys that were not looked at'));
    }
  };
  const add = async (keys: readonly QuietKey[]): Promise<void> => {
    if (failures.length > 0) return;
    waiting.push(...keys);
    while (waiting.length >= KEYS_IN_A_FILE && failures.length === 0) {
      // Taken before it is written: another account may come meanwhile.
      await write(waiting.splice(0, KEYS_IN_A_FILE));
    }
    if (failures.length > 0) waiting = [];
  };

  return {
    quietKeys: { add },
    keep: async (report, run) => {
      if (waiting.length > 0 && failures.length === 0) await write(waiting);
      waiting = [];
      const [failure] = failures;
      const isWhole = run.selection.onlyAccounts.length === 0 && run.userNames.length === 0;
      const quietFiles = failure === undefined ? files : 0;
      const findings = [...report.findings, ...(failure === undefined ? [] : [incomplete(failure)])];
      try {
        await store.write(
          storedRunOf(
            { ...report, findings },
            { isWhole, quietFiles, ...definedOnly({ requestedBy: run.requestedBy }) },
          ),
        );
      } catch (error) {
        return failureOf(error, 'keep the report');
      }
      return failure;
    },
  };
}

const incomplete = ({ during, message, nextStep }: Failure): Finding => ({
  severity: 'note',
  message: `The keys of which IAM's credential report shows nothing due are not kept one by one: ${during}: ${message}`,
  nextStep,
});
