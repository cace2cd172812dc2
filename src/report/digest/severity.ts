import { givesNotices, type Mode } from '../../domain/rotation/limits.ts';
import type { Severity } from '../../domain/report/digest-attributes.ts';
import type { Counts } from './counts.ts';

export { attributesOf, type Severity } from '../../domain/report/digest-attributes.ts';

/**
 * @param toBeLookedAt whether something else should be looked at: something is announced, a limit stopped
 *   all deactivations or deletions, or secrets go out in plain text
 */
export function severityOf(counts: Counts, mode: Mode, toBeLookedAt: boolean): Severity {
  if (counts.needPerson > 0 || counts.failed > 0) return 'critical';
  const announced = givesNotices(mode) && counts.announced + counts.replaced > 0;
  return announced || counts.deactivated + counts.deleted > 0 || toBeLookedAt ? 'warning' : 'info';
}
