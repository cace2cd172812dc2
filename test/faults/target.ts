/** A call to AWS that a run makes, and what those of every-action.ts have in common. */
import type { Fault } from '../support/emulator/emulator.ts';
import { PAYMENTS } from '../support/every-action.ts';
import { keyId } from '../privileges/organization.ts';

export interface Target {
  /** What the call is for. */
  readonly title: string;
  readonly at: Pick<Fault, 'action' | 'accountId' | 'match'>;
  /** Who may end up otherwise than without the fault, and must be named in the report. */
  readonly about: About;
  /** A list that comes in pages. */
  readonly paged?: true;
  /** What the report says of a failure is about the account. */
  readonly namesNoUser?: true;
  /** After this failure the user is left alone for weeks: a test call that a policy denies stays denied. */
  readonly waits?: { readonly after: string; readonly who: string };
  /** What may still be there in the end: `<account id>: <row>`. */
  readonly leaves?: string;
}

export type About =
  /** All of the run. */
  | { readonly run: true }
  /** All accounts, but no keys. unpublished: the digests could not be published, which the ledger remembers. */
  | { readonly accounts: true; readonly unpublished?: true }
  /** All of one account. */
  | { readonly account: string }
  /** Some users of one account. */
  | { readonly account: string; readonly users: readonly string[] };

export const inRun = { run: true } as const;
export const payments = { account: PAYMENTS } as const;
export const only = (...users: readonly string[]): About => ({ account: PAYMENTS, users });
export const member = (action: string, match: Fault['match'] = {}) => ({
  action,
  accountId: PAYMENTS,
  match,
});
export const ofUser = (action: string, UserName: string) => member(action, { UserName });
export const ofSecret = (action: string, userName: string) =>
  member(action, { SecretId: `access-key-rotation/${userName}` });
export const row = (action: string, sk: string, accountId = PAYMENTS) => ({
  action: `dynamodb:${action}`,
  match: { pk: `account#${accountId}*`, sk },
});
export const topicOf = (accountId: string) => `*:access-key-rotation-${accountId}`;
export const key = (situation: Parameters<typeof keyId>[1], which?: string) =>
  keyId(PAYMENTS, situation, which);
