/**
 * Which accounts the ledger has something open of: what a run has begun or announced, or what people are
 * to be told. One question tells of the whole organization.
 */
export interface OpenAccounts {
  has(accountId: string): Promise<boolean>;
  /** Called before anything is opened; written whatever `has` says, which may be older. */
  add(accountId: string): Promise<void>;
  /** Called when nothing is open there. */
  remove(accountId: string): Promise<void>;
}
