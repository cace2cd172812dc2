import type { UsageEvent } from '../../domain/usage/usage.ts';
import type { Instant } from '../../domain/time.ts';

export interface FoundUsage {
  /** The latest first. */
  readonly events: readonly UsageEvent[];
  /** False where there are more than are read. */
  readonly isComplete: boolean;
}

/** The event history of one account. */
export interface KeyUsage {
  /**
   * What was signed with a key in one region. Reads the latest so many pages, of 50 events each.
   * @throws OperationError `denied` where the role may not look it up
   */
  of(accessKeyId: string, region: string, since: Instant, pages: number): Promise<FoundUsage>;
}
