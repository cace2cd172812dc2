import type { Outcome } from '../../domain/report/outcome.ts';
import type { Finding } from '../../domain/report/run-report.ts';

/** What became of one decision, and what else a person should know. */
export interface AppliedDecision {
  readonly outcome: Outcome;
  readonly findings: readonly Finding[];
}
