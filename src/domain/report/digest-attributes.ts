import type { Account } from '../account.ts';
import type { Mode } from '../rotation/limits.ts';
import { nameOr } from './clean.ts';
import type { Notification } from './notification.ts';

/* What subscriptions may filter by (docs/digests.md). */

/** For subscription filters: who must act now, who should look, who may read. */
export type Severity = 'critical' | 'warning' | 'info';

/** SNS refuses an empty value. */
export const attributesOf = (
  account: Pick<Account, 'id' | 'name'>,
  severity: Severity,
  mode: Mode,
): Readonly<Record<string, string>> => ({
  accountId: nameOr(account.id, 'unknown'),
  accountName: nameOr(account.name, 'unnamed account'),
  severity,
  mode,
});

/** Names whom a message of an owner is for. No digest of an account has it, so filters tell them apart by it. */
export const OWNER_ATTRIBUTE = 'owner';

/**
 * A message for one owner. It shares no attribute with an account's digest: whoever filters that by account,
 * severity, mode or `owners` doesn't get it as well.
 */
export const ownerAttributesOf = (owner: string): Readonly<Record<string, string>> => ({
  audience: 'owner',
  [OWNER_ATTRIBUTE]: owner,
});

/** A digest that announces or tells of a change is a warning at least; what else is in it may make it critical. */
const OF_CHANGES: readonly Severity[] = ['warning', 'critical'];

/** Whom the keys belong to shows only when the digest is written: an owner that no filter can name. */
const SOME_OWNER = '\u0000';

/**
 * The attributes that the digests of an account's changes may have, before there is one. Only who gets
 * each of them is sure to read of whatever will be announced or done; so a subscription to some severities,
 * or to some owners, counts only together with others that get the rest.
 */
export const digestsOfChanges = (
  account: Pick<Account, 'id' | 'name'>,
  mode: Mode,
): readonly Pick<Notification, 'attributes' | 'lists'>[] =>
  OF_CHANGES.map((severity) => attributesOf(account, severity, mode)).flatMap((attributes) => [
    { attributes },
    { attributes, lists: { owners: [SOME_OWNER] } },
  ]);
