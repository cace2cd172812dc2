import type { UsageEvent } from '../../domain/usage/usage.ts';
import type { Instant } from '../../domain/time.ts';

export interface FoundUsage {
  /** The latest first. */
  readonly events: readonly UsageEvent[];
  /** Where they are from. */
  readonly region: string;
  /** False where there are more than are read. */
  readonly isComplete: boolean;
}

/** What of the history is read. */
export interface UsageScope {
  /** Absent: that of the deployment. */
  readonly region?: string;
  readonly since: Instant;
  /** The latest so many, of 50 events each. */
  readonly pages: number;
}

/** The event history of one account. */
export interface KeyUsage {
  /**
   * What was signed with a key in one region.
   * @throws OperationError `denied` where the role may not look it up
   */
  of(accessKeyId: string, scope: UsageScope): Promise<FoundUsage>;
}
