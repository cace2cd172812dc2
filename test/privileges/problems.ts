import type { Failure } from '../../src/domain/errors.ts';
import { OperationError } from '../../src/domain/errors.ts';
import type { AccountReport, Finding, RunReport } from '../../src/domain/report/run-report.ts';

/** The actions that were denied, as a report names them; what went wrong otherwise, in its words. */
export const problemsIn = (report: AccountReport): readonly string[] => {
  if (report.status === 'unreachable') return [ofFailure(report.failure)];
  if (report.status !== 'rotated') return [`${report.status}: ${report.cause}`];
  const failed = report.outcomes.flatMap((outcome) => ('failure' in outcome ? [outcome.failure] : []));
  const unread = report.gaps.map(({ failure }) => failure);
  return distinct([...[...failed, ...unread].map(ofFailure), ...report.findings.flatMap(ofFinding)]);
};

/** Of a whole run. */
export const problemsOf = ({ accounts, findings }: RunReport): readonly string[] =>
  distinct([...accounts.flatMap(problemsIn), ...findings.flatMap(ofFinding)]);

/** Of something that says nothing but whether it went well. */
export async function problemOf(work: Promise<unknown>): Promise<readonly string[]> {
  try {
    await work;
    return [];
  } catch (error) {
    if (error instanceof OperationError) return [ofFailure(error.failure)];
    throw error;
  }
}

const ofFailure = ({ kind, during, message }: Failure): string =>
  kind === 'denied' ? during : `${during}: ${kind}: ${message}`;

const ofFinding = ({ severity, message }: Finding): readonly string[] => {
  if (severity === 'note') return [];
  const [, action = message] = /not authorized to perform: (\w+:\w+)/.exec(message) ?? [];
  return [action];
};

export const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();
