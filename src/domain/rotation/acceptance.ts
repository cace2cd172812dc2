import { days, type Duration, type Instant } from '../time.ts';
import type { LimitKind } from './limits.ts';

/** Long enough for two weekly runs: whoever accepts a limit means the next run, not one in a year. */
export const ACCEPTED_FOR: Duration = days(15);

/** Lets one run pass a limit that stopped it. */
export interface Acceptance {
  readonly limit: LimitKind;
  /** These keys and no others: what the person who accepted it saw. */
  readonly keyIds: readonly string[];
  readonly by: string;
  readonly reason: string;
  readonly at: Instant;
  readonly until: Instant;
}
