/** Where findings are kept that other tools show: AWS Security Hub. */
export interface FindingHub<Finding> {
  /**
   * Makes findings, or changes those that have the same id; doing it twice does no harm.
   * @param findings at most {@link MOST_AT_ONCE}
   * @returns those that were refused
   * @throws OperationError when none could be taken
   */
  take(findings: readonly Finding[]): Promise<readonly RefusedFinding[]>;
}

/** As many as Security Hub takes in one call. */
export const MOST_AT_ONCE = 100;

/** Texts are as AWS has them. */
export interface RefusedFinding {
  readonly id: string;
  readonly code: string;
  readonly message: string;
}
