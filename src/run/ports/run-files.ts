/** Where a run that many processes carry out keeps what they tell each other. */
export interface RunFiles {
  /** Keeps a value as it is: with maps, sets, and what is used in two places still being one thing. */
  write(name: string, value: unknown): Promise<void>;
  /**
   * @returns undefined where there is none that can be understood
   * @throws OperationError when it can't be read
   */
  read(name: string): Promise<unknown>;
  /** As plain JSON, which Step Functions reads. */
  writeJson(name: string, value: unknown): Promise<void>;
  /** As plain JSON, which Step Functions wrote; the same as `read` otherwise. */
  readJson(name: string): Promise<unknown>;
}
