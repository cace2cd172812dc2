import { givesNotices, type Mode } from '../../domain/rotation/limits.ts';
import type { Counts } from './counts.ts';
import { nameOr } from '../common/sanitize.ts';

/** For subscription filters: who must act now, who should look, who may read. */
export type Severity = 'critical' | 'warning' | 'info';

/**
 * @param toBeLookedAt whether something else should be looked at: a limit stopped all deactivations
 *   or deletions, or secrets go out in plain text
 */
export function severityOf(counts: Counts, mode: Mode, toBeLookedAt: boolean): Severity {
  if (counts.needPerson > 0 || counts.failed > 0) return 'critical';
  const announced = givesNotices(mode) && counts.announced + counts.replaced > 0;
  return announced || counts.deactivated > 0 || toBeLookedAt ? 'warning' : 'info';
}

/** What subscriptions may filter by. SNS refuses an empty value. */
export const attributesOf = (
  account: { readonly id: string; readonly name: string },
  severity: Severity,
  mode: Mode,
): Readonly<Record<string, string>> => ({
  accountId: nameOr(account.id, 'unknown'),
  accountName: nameOr(account.name, 'unnamed account'),
  severity,
  mode,
});
