import type { Outcome } from '../../../domain/report/outcome.ts';
import type { Finding } from '../../../domain/report/run-report.ts';
import { CHANGING } from '../../../domain/rotation/decision.ts';
import type { Instant } from '../../../domain/time.ts';
import { hasFailed, needsPerson } from '../../../report/common/classify.ts';
import type { Kind } from './kind-names.ts';

/** Of what is told of a key. `restore` can't be asked for: only a person does it. Undefined: nothing is due. */
export type OutcomeKind = Kind | 'restore' | undefined;

const CHANGES: Readonly<Partial<Record<string, Kind | 'restore'>>> = {
  replace: 'replace',
  deactivate: 'deactivate',
  delete: 'delete',
  restore: 'restore',
};

export function kindOf(outcome: Outcome, now: Instant): OutcomeKind {
  const { action, dueAt } = outcome.decision;
  if (hasFailed(outcome)) return 'failed';
  if (needsPerson(outcome, now)) return 'needs-person';
  if (CHANGING.has(action)) return CHANGES[action];
  if (action === 'keep' || (action === 'exempt' && dueAt === undefined)) return undefined;
  return 'upcoming';
}

export const isChange = (kind: OutcomeKind): boolean =>
  kind === 'replace' || kind === 'deactivate' || kind === 'delete' || kind === 'restore';

/** Undefined for a mere note. */
export const kindOfFinding = ({ severity }: Finding): 'needs-person' | 'failed' | undefined =>
  severity === 'critical' ? 'needs-person' : severity === 'failure' ? 'failed' : undefined;
