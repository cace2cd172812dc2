import type { Failure } from '../errors.ts';
import type { RunReport } from './run-report.ts';

/** What the function answers to a person. Nothing that was done is left out of it, and no secret is in it. */
export type OnDemandAnswer =
  | { readonly kind: 'report'; readonly report: RunReport }
  /** Done, and its report is longer than an answer may be. */
  | { readonly kind: 'report-too-long'; readonly runId: string; readonly isClean: boolean }
  /** The limit may be passed. */
  | { readonly kind: 'accepted' }
  /** Nothing was done, because of this input. */
  | { readonly kind: 'refused'; readonly problems: readonly string[] }
  | { readonly kind: 'failed'; readonly failure: Failure };
